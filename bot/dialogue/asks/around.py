"""What can happen at any moment: stopping, resting, lines between questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import (
    KEEP_HERE,
    ON_SENT,
)
from bot.dialogue.table import BACK, HOME, STAY, Ask, Choice, Listed, Typed

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
    "language": Ask(
        "talk.language",
        KEEP_HERE,
        listed=Listed("languages", BACK, "set_language"),
        variants=(("one_language", "talk.language-one"),),
    ),
}

# What can be asked for in plain words at any moment. The ids of the first are commands too.
ANYWHERE: Final = (
    Choice("concerns", "", "one", "recall_only", "owns_one", ("answer.mine",)),
    Choice("concerns", "", "mine", also=("answer.mine",)),
    Choice("language", "", "language", also=("answer.language",)),
    Choice("mydata", "", "my-data", also=("answer.my-data",)),
    Choice("forget", "", "forget", also=("answer.forget",)),
    Choice("changes", "", "changes", also=("answer.changes",)),
    Choice("complaint", "", "data-complaint", also=("answer.data-wrong",)),
    Choice("clear", "", "clear", "", "can_clear", ("answer.clear",)),
    Choice("clear", "", STAY, "say_nothing_to_clear", "", ("answer.clear",)),
    *(
        Choice("in-danger", "", to, "sound_late", when, ("button.in-danger",))
        for to, when in (("danger-details", "can_tell_details"), (STAY, "can_say_danger"))
    ),
    Choice("not-danger", "", STAY, "deny", "danger_was_said", ("answer.not-danger",)),
    Choice("another", "", STAY, "say_one_first", "has_draft", ("answer.another",)),
    Choice("another", "", "tell", also=("answer.another",)),
)

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
    "talk.no-nudge": (),
    "talk.language-set": (),
}
