"""Concerns that were sent: adding, taking back, answers, opening again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import (
    HELLO,
    KEEP_HERE,
    ON_OUTCOME,
    ON_SENT,
)
from bot.dialogue.table import BACK, HOME, STAY, Ask, Choice, Listed, Typed

ASKS: Final[Mapping[str, Ask]] = {
    "idle": Ask(
        "talk.idle",
        Typed("keep", "whose"),
        (Choice("new", "button.new", "tell"),),
        spoken=(HELLO, *ON_SENT),
        skip=(("has_draft", "whose"),),
        open=True,
        root=True,
    ),
    "whose": Ask(
        "talk.whose",
        Typed("keep", STAY),
        (Choice("new", "button.something-new", "saved", also=("answer.new",)),),
        listed=Listed("open_concerns", HOME, "add_to"),
        variants=(("one_is_open", "talk.whose-one"),),
        skip=(("nothing_to_add", "saved"),),
        root=True,
    ),
    "adding": Ask(
        "talk.adding",
        Typed("keep", "added-to"),
        variants=(("about_has_ended", "talk.adding-ended"), ("about_is_asked", "talk.replying")),
        skip=(("has_words", "add-draft"),),
        open=True,
        about=True,
    ),
    "added-to": Ask(
        "talk.added-to",
        Typed("keep", STAY),
        (Choice("add", "button.add-now", HOME, "add_about", also=("answer.send",), exact=True),),
        skip=(("has_no_words", "idle"),),
        open=True,
        about=True,
    ),
    "add-draft": Ask(
        "talk.add-draft",
        KEEP_HERE,
        (
            Choice("add", "button.yes-add", HOME, "add_about", also=("answer.yes",), exact=True),
            Choice("apart", "button.no-apart", BACK, also=("answer.no",)),
        ),
        about=True,
    ),
    "take-back": Ask(
        "talk.take-back",
        KEEP_HERE,
        (
            Choice("do", "button.yes-take-back", BACK, "withdraw", exact=True),
            Choice("leave", "button.no-leave", BACK, "say_left_alone", also=("answer.no",)),
        ),
        # The question may be days old, and a bare yes may be meant for an outcome that came since.
        spoken=(
            Choice("which", "", STAY, "say_which_yes", "outcome_waits", ("answer.yes",), True),
            Choice("do", "", BACK, "withdraw", "", ("answer.yes",), True),
        ),
        about=True,
    ),
    "answered": Ask(
        "talk.answered",
        KEEP_HERE,
        (
            Choice("yes", "button.answered-yes", BACK, "satisfied", "", ("answer.yes",), True),
            Choice(
                "not-really",
                "button.answered-no",
                "still-wrong",
                "not_satisfied",
                also=("answer.no",),
                exact=True,
            ),
        ),
        about=True,
    ),
    "still-wrong": Ask(
        "talk.still-wrong",
        Typed("note_still_wrong", BACK),
        (Choice("skip", "button.skip", BACK, also=("answer.skip",)),),
        spoken=ON_OUTCOME,
        about=True,
    ),
    "which": Ask("talk.which", KEEP_HERE, listed=Listed("ended_concerns", HOME, "reopen_one")),
    "which-add": Ask(
        "talk.which-add",
        KEEP_HERE,
        listed=Listed("own_concerns", "adding", "recall_one"),
        skip=(("owns_nothing", "mine"),),
    ),
    "which-back": Ask(
        "talk.which-back",
        KEEP_HERE,
        listed=Listed("open_concerns", "take-back", "recall_one"),
        passing=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.whose-one": ("open_reference",),
    "talk.adding": ("reference",),
    "talk.adding-ended": ("reference",),
    "talk.replying": ("reference",),
    "talk.added-to": ("reference",),
    "talk.add-draft": ("reference",),
    "talk.take-back": ("reference",),
    "talk.answered": ("reference",),
    "talk.still-wrong": ("reference",),
}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.added": ("reference",),
    "talk.left-alone": ("reference",),
    "talk.none-ended": (),
    "talk.none-open": (),
    "talk.which-yes": (),
    "talk.cannot-now": ("reference",),
}
