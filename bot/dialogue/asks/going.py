"""Where a concern goes, and who must not see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import (
    KEEP_HERE,
    NAMES,
    NO,
    YES_SEND,
)
from bot.dialogue.table import BACK, STAY, Ask, Choice, Listed

ASKS: Final[Mapping[str, Ask]] = {
    "place": Ask(
        "talk.place",
        KEEP_HERE,
        (Choice("not-sure", "button.not-sure", "kept", "unsure_place", also=("answer.unsure",)),),
        listed=Listed("places", "kept", "pick_place"),
        skip=(("place_is_settled", "kept"),),
    ),
    "kept": Ask(
        "talk.kept",
        NAMES,
        (
            Choice("send", "button.no-send", "for-whom", "send_to_all", "all_can_read", NO, True),
            Choice("send", "button.no-send", "nobody", "clear_names", "none_can_read", NO, True),
            Choice("choose", "button.yes-choose", "who", also=("answer.yes",)),
            Choice("elsewhere", "button.other-place", "place", "unsettle", when="place_was_given"),
        ),
        spoken=(Choice("unsure", "", STAY, "say_unsure", also=("answer.unsure",)),),
        variants=(
            ("names_are_chosen", "talk.kept-again"),
            ("goes_outside", "talk.kept-outside"),
        ),
        skip=(("names_are_chosen", "check"),),
    ),
    "who": Ask(
        "talk.who",
        NAMES,
        (Choice("team", "button.whole-team", "check", "leave_team_out", when="has_team"),),
        spoken=(Choice("nobody", "", BACK, "clear_names", also=("answer.nobody",), exact=True),),
    ),
    "check": Ask(
        "talk.check",
        NAMES,
        (
            Choice("send", "button.send-it", "for-whom", "send", "", YES_SEND, True),
            Choice("again", "button.choose-again", "who", "clear_names", also=("answer.no",)),
        ),
        variants=(
            ("team_and_others_are_out", "talk.check-team-others"),
            ("team_is_out", "talk.check-team"),
            ("nobody_was_found", "talk.check-unfound"),
            ("some_words_unfound", "talk.check-some"),
            ("many_are_out", "talk.check-many"),
        ),
        skip=(("no_names_are_chosen", "kept"), ("nobody_reads", "nobody")),
        passing=True,
    ),
    "nobody": Ask(
        "talk.nobody",
        NAMES,
        (
            Choice("again", "button.choose-again", "who", "clear_names", also=("answer.yes",)),
            Choice("ways", "button.other-ways", STAY, "say_ways"),
        ),
        variants=(("no_names_are_chosen", "talk.nobody-at-all"),),
        passing=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.kept": ("place",),
    "talk.check": ("kept_from",),
    "talk.check-many": ("kept_from", "more"),
    "talk.check-some": ("kept_from",),
    "talk.check-team": ("place",),
    "talk.check-team-others": ("place", "kept_from"),
}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.names-cleared": (),
    "talk.unsure": (),
    "talk.ways": (),
}
