"""What is asked after it is safe: each once, and each can be skipped with one tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import (
    ON_OUTCOME,
    ON_RECEIPT,
)
from bot.dialogue.table import HOME, STAY, Ask, Choice, Typed

IN_DANGER: Final = "in-danger"  # the one choice that is never too late
# Words that tell of somebody the person cares for; a part of the answer is enough.
RELATIONS: Final = "answer.relation"

# Words are no answer any more once they were kept as a draft: then it is asked where they belong.
_ELSEWHERE: Final = ("has_words", "whose")
_NONE: Final = ("answer.no", "answer.nobody", "answer.nothing", "answer.unsure")
_SKIP: Final = ("answer.skip",)


def _danger(words: str, when: str) -> tuple[Choice, ...]:
    """A plain yes or no counts here before it counts as a reply to an older outcome."""
    if words == "yes":
        return (Choice("in-danger", "", "danger-details", "sound", when, ("answer.yes",)),)
    return (Choice("no-danger", "", "for-whom", "note_no_danger", when, ("answer.no",)),)


def _whom(prompt: str, typed: Typed) -> Ask:
    def someone(id_: str, also: str) -> Choice:
        return Choice(id_, f"button.for-{id_}", "agrees", "note_for_whom", also=(also,))

    return Ask(
        prompt,
        typed,
        (
            Choice("me", "button.for-me", "write-to", "note_for_whom", also=("answer.me",)),
            someone("child", "answer.child"),
            someone("partner", "answer.partner"),
            someone("someone", "answer.carer"),
            Choice("skip", "button.skip", "write-to", also=_SKIP),
        ),
        spoken=(
            *ON_OUTCOME,
            *ON_RECEIPT,
            Choice("skip", "", "write-to", also=("answer.no", "answer.unsure")),
            Choice("again", "", STAY, also=("answer.yes",)),
        ),
        skip=(_ELSEWHERE,),
        root=True,
        about=True,
        newest=True,
    )


ASKS: Final[Mapping[str, Ask]] = {
    "danger": Ask(
        "talk.danger",
        Typed("tell_danger", STAY),
        (
            Choice(IN_DANGER, "button.in-danger", "danger-details", "sound", lasts=True),
            Choice("no-danger", "button.no-danger", "for-whom", "note_no_danger", exact=True),
            Choice("skip", "button.skip", "for-whom", also=_SKIP, exact=True),
        ),
        spoken=(
            *_danger("yes", "is_fresh"),
            *_danger("no", "is_fresh"),
            *ON_OUTCOME,
            *ON_RECEIPT,
            *_danger("yes", ""),
            *_danger("no", ""),
            Choice("me", "", "danger-details", "sound", also=("answer.me", "answer.in-danger")),
            Choice("unsure", "", "for-whom", "note_unsure_danger", also=("answer.unsure",)),
        ),
        skip=(_ELSEWHERE,),
        root=True,
        about=True,
        newest=True,
    ),
    "danger-details": Ask(
        "talk.danger-details",
        Typed("tell_details", "for-whom-too"),
        (Choice("skip", "button.skip", "for-whom", also=_SKIP, exact=True),),
        spoken=(
            Choice("no-danger", "", "for-whom", "deny", "is_fresh", ("answer.no",), True),
            Choice("again", "", STAY, "", "is_fresh", ("answer.yes",)),
            *ON_OUTCOME,
            *ON_RECEIPT,
            Choice("no-danger", "", "for-whom", "deny", "", ("answer.no",), True),
            Choice("again", "", STAY, also=("answer.yes",)),
        ),
        skip=(_ELSEWHERE,),
        open=True,
        root=True,
        about=True,
        newest=True,
    ),
    "for-whom": _whom("talk.for-whom", Typed("tell_for_whom", "agrees")),
    # Where somebody is comes in several messages: until this is answered, more is about that.
    "for-whom-too": _whom("talk.for-whom-too", Typed("tell_whom_or_details", "agrees")),
    "write-to": Ask(
        "talk.write-to",
        Typed("tell_write_to", "clear-after"),
        (
            Choice("easy-words", "button.easy-words", "clear-after", "note_write_to"),
            Choice("skip", "button.nothing-needed", "clear-after", also=_SKIP, exact=True),
        ),
        spoken=(
            *ON_OUTCOME,
            *ON_RECEIPT,
            Choice("skip", "", "clear-after", also=_NONE),
            Choice("again", "", STAY, also=("answer.yes",)),
        ),
        skip=(_ELSEWHERE,),
        open=True,
        root=True,
        about=True,
        newest=True,
    ),
    "clear-after": Ask(
        "talk.clear",
        Typed("keep", HOME),
        (
            Choice("clear", "button.yes-clear", HOME, "clear_chat", exact=True),
            Choice("leave", "button.no-leave-chat", HOME, also=_SKIP),
        ),
        spoken=(
            *ON_OUTCOME,
            *ON_RECEIPT,
            Choice("clear", "", HOME, "clear_chat", "is_fresh", ("answer.yes",), True),
            Choice("leave", "", HOME, also=("answer.no", "answer.unsure")),
            Choice("again", "", STAY, also=("answer.yes",)),
        ),
        variants=(("some_are_too_old", "talk.clear-old"),),
        skip=(_ELSEWHERE, ("worry_goes_on", "write-to"), ("nothing_to_clear", "idle")),
        root=True,
        about=True,
        newest=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.for-whom-too": ("reference",),
}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.receipt": ("reference", "acknowledge_by", "answer_by", "code"),
    "talk.noted": ("reference",),
    "talk.danger-words": ("reference",),
    "talk.danger-unsure": (),
    "talk.danger-denied": (),
    "help.alarm": (),
    "help.alarm-told": ("minutes",),
}
