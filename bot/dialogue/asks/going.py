"""Where a concern goes, and who must not see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import (
    NAMES,
    NO,
    YES_SEND,
)
from bot.dialogue.table import BACK, STAY, Ask, Choice, Listed, Typed

_WAIT = Choice("wait", "", STAY, "say_waiting", also=("answer.wait",), exact=True)
_NO_NAME = Choice("send", "", STAY, "say_name_first", also=("answer.send",), exact=True)
_TEAM = Choice("all", "", "check", "leave_team_out", "has_team", ("answer.whole-team",), True)
_OUTSIDE = ("answer.outside",)
_NOBODY_ELSE = ("answer.nobody", "answer.nobody-else")

NATIONS: Final = ("england", "northern-ireland", "scotland", "wales")

ASKS: Final[Mapping[str, Ask]] = {
    "place": Ask(
        "talk.place",
        Typed("find_place", STAY),
        (
            Choice("not-sure", "button.not-sure", "kept", "unsure_place", also=("answer.unsure",)),
            Choice("outside", "button.somewhere-else", "kept", "outside_area", also=_OUTSIDE),
        ),
        spoken=(
            Choice("only", "", "kept", "pick_only_place", "one_place_is_found", ("answer.yes",)),
            _WAIT,
        ),
        listed=Listed("places", "kept", "pick_place"),
        variants=(
            ("is_about_staff", "talk.place-staff"),
            ("places_are_found", "talk.place-found"),
        ),
        skip=(("place_is_settled", "kept"),),
    ),
    "kept": Ask(
        "talk.kept",
        NAMES,
        (
            Choice(
                "send",
                "button.no-send",
                "danger",
                "send_to_all",
                "all_can_read",
                NO,
                True,
                soon=True,
            ),
            Choice("send", "button.no-send", "nobody", "forget_names", "none_can_read", NO, True),
            Choice("choose", "button.yes-choose", "who", also=("answer.yes",)),
            Choice(
                "about-staff",
                "button.about-staff",
                "check",
                "set_about_staff",
                "may_be_about_staff",
                ("answer.staff-there",),
            ),
            Choice(
                "not-staff",
                "button.not-about-staff",
                STAY,
                "unset_about_staff",
                "was_said_of_staff",
                exact=True,
            ),
            Choice("elsewhere", "button.other-place", "place", "unsettle", when="place_was_given"),
            Choice("outside", "button.somewhere-else", STAY, "outside_area", "has_one_place"),
            Choice("elsewhere", "button.other-place", STAY, "unsettle", "left_the_one_place"),
        ),
        spoken=(Choice("unsure", "", STAY, "say_unsure", also=("answer.unsure",)), _TEAM, _WAIT),
        variants=(
            ("names_are_chosen", "talk.kept-again"),
            ("is_about_staff_there", "talk.kept-staff"),
            ("goes_outside", "talk.kept-outside"),
        ),
        skip=(("someone_is_out", "check"),),
    ),
    "who": Ask(
        "talk.who",
        NAMES,
        (Choice("team", "button.whole-team", "check", "leave_team_out", when="has_team"),),
        spoken=(
            _TEAM,
            Choice("enough", "", "check", "", "someone_is_out", _NOBODY_ELSE, True),
            Choice("nobody", "", BACK, "", "nobody_is_out", ("answer.nobody",), True),
            _NO_NAME,
            _WAIT,
        ),
    ),
    "found": Ask(
        "talk.found",
        NAMES,
        (Choice("none", "button.none-of-these", "who", "none_found", also=("answer.no",)),),
        spoken=(
            Choice("only", "", "check", "pick_only_found", "one_is_found", ("answer.yes",), True),
            Choice("none", "", "who", "none_found", also=("answer.none-of-these",), exact=True),
            _TEAM,
            _NO_NAME,
            _WAIT,
        ),
        listed=Listed("found", "check", "pick_found", typed=False),
        variants=(("many_are_found", "talk.found-many"),),
        skip=(("nothing_is_found", "check"),),
        passing=True,
    ),
    "check": Ask(
        "talk.check",
        NAMES,
        (
            Choice("send", "button.send-it", "danger", "send", "", YES_SEND, True, soon=True),
            Choice("more", "button.someone-else-too", "who", also=("answer.someone-else-too",)),
            Choice("again", "button.choose-again", "who", "clear_names", also=("answer.no",)),
        ),
        spoken=(Choice("enough", "", STAY, also=_NOBODY_ELSE, exact=True), _TEAM, _WAIT),
        variants=(
            ("team_and_others_are_out", "talk.check-team-others"),
            ("team_is_out", "talk.check-team"),
            ("nobody_was_found", "talk.check-unfound"),
            ("some_words_unfound", "talk.check-some"),
            ("many_are_out", "talk.check-many"),
        ),
        skip=(("nobody_is_out", "kept"), ("nobody_reads", "nobody")),
        passing=True,
    ),
    "nobody": Ask(
        "talk.nobody",
        NAMES,
        (
            Choice("again", "button.choose-again", "who", "clear_names", also=("answer.yes",)),
            Choice("ways", "button.other-ways", STAY, "say_ways"),
        ),
        variants=(("nobody_is_out", "talk.nobody-at-all"),),
        passing=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.kept": ("place",),
    "talk.kept-staff": ("place",),
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
    **{f"talk.ways.{nation}": () for nation in NATIONS},
    "talk.outside": (),
    "talk.names-cleared-but-team": (),
    "talk.none-of-these": (),
    "talk.waiting": (),
    "talk.name-first": (),
}
