"""What can happen at any moment: stopping, resting, lines between questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import (
    KEEP_HERE,
    ON_SENT,
)
from bot.dialogue.table import HOME, Ask, Choice, Typed

ASKS: Final[Mapping[str, Ask]] = {
    "stop": Ask(
        "talk.stop",
        KEEP_HERE,
        (
            Choice("keep", "button.keep", "rest", also=("answer.keep",)),
            Choice("delete", "button.delete", "rest", "drop_draft", "", ("answer.delete",), True),
        ),
        skip=(("has_no_draft", "rest"),),
    ),
    "rest": Ask(
        "talk.rest",
        Typed("keep", HOME),
        (Choice("on", "button.go-on", HOME, also=("answer.on", "answer.hello")),),
        spoken=(*ON_SENT, Choice("on", "", HOME, also=("answer.yes",))),
        variants=(("has_draft", "talk.rest-kept"),),
        open=True,
        root=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.rest-kept": ("count",),
}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.recap": ("count",),
    "talk.deleted": (),
    "talk.stale": (),
    "talk.elsewhere": (),
    "talk.set-aside": (),
    "talk.returned": (),
    "talk.news-gone": (),
    "talk.link-how": (),
    "talk.linked": (),
    "talk.link-refused": (),
    "help.block": (),
}
