"""The person's own data: a copy of it, being forgotten, a complaint about it, an empty chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import KEEP_HERE
from bot.dialogue.table import BACK, GONE, STAY, Ask, Choice, Typed

ASKS: Final[Mapping[str, Ask]] = {
    "my-data": Ask(
        "talk.my-data",
        KEEP_HERE,
        (
            Choice("get", "button.get-data", BACK, "get_data"),
            Choice("wrong", "button.data-wrong", "data-complaint"),
            Choice("stop-changes", "button.stop-changes", BACK, "unwant", "wants_changes"),
            Choice("leave", "button.not-now", BACK, also=("answer.no", "answer.skip")),
        ),
        spoken=(Choice("get", "", BACK, "get_data", also=("answer.yes",)),),
        variants=(("owns_nothing", "talk.my-data-unsent"),),
        passing=True,
    ),
    "data-complaint": Ask(
        "talk.data-complaint",
        Typed("complain", BACK),
        (Choice("leave", "button.not-now", BACK, also=("answer.no", "answer.skip"), exact=True),),
        open=True,
    ),
    "forget": Ask(
        "talk.forget",
        KEEP_HERE,
        (
            Choice("forget", "button.yes-forget", GONE, "forget", exact=True),
            Choice("first", "button.take-back-first", "which-back", when="some_are_open"),
            Choice("leave", "button.no-keep", BACK, also=("answer.no", "answer.skip")),
        ),
        spoken=(Choice("sure", "", STAY, "say_be_sure", also=("answer.yes",)),),
        variants=(("owns_nothing", "talk.forget-unsent"),),
    ),
    "clear": Ask(
        "talk.clear",
        KEEP_HERE,
        (
            Choice("clear", "button.yes-clear", BACK, "clear_chat", "", ("answer.yes",), True),
            Choice("leave", "button.no-leave-chat", BACK, also=("answer.no", "answer.skip")),
        ),
        variants=(("some_are_too_old", "talk.clear-old"),),
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.data-file": (),
    "talk.data-asked": ("copy_by",),
    "talk.data-asked-before": (),
    "talk.complaint-sent": ("complaint_reference", "complaint_by"),
    "talk.be-sure": (),
    "talk.forgotten": (),
    "talk.nothing-to-clear": (),
}
