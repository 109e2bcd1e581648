"""What is asked after it is safe: everything can be skipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import (
    ON_OUTCOME,
)
from bot.dialogue.table import HOME, STAY, Ask, Choice, Typed

ASKS: Final[Mapping[str, Ask]] = {
    "for-whom": Ask(
        "talk.for-whom",
        Typed("tell_for_whom", "added-to"),
        (
            Choice("me", "button.for-me", HOME, "note_for_whom", also=("answer.me",)),
            Choice("someone", "button.for-someone", HOME, "note_for_whom", also=("answer.carer",)),
            Choice("skip", "button.skip", HOME, also=("answer.skip",)),
        ),
        spoken=(
            *ON_OUTCOME,
            Choice("skip", "", HOME, also=("answer.no",)),
            Choice("again", "", STAY, also=("answer.yes",)),
        ),
        root=True,
        about=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.receipt": ("reference", "acknowledge_by", "answer_by"),
    "talk.noted": ("reference",),
}
