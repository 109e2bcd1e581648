"""My concerns: where each one stands, in words, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.model import State
from bot.dialogue.table import HOME, STAY, Ask, Choice, Listed, Typed

# The line of each state, when its next date is known and when it is not.
STANDS: Final[Mapping[str, State]] = {f"about_is_{one.value}": one for one in State}
_LINES: Final = tuple((guard, f"mine.{state.value}") for guard, state in STANDS.items())

ASKS: Final[Mapping[str, Ask]] = {
    "mine": Ask(
        "talk.mine",
        Typed("keep", HOME),
        (Choice("new", "button.new", "tell", when="has_no_draft"),),
        listed=Listed("own_concerns", "one", "recall_one"),
        variants=(("owns_nothing", "talk.mine-none"), ("owns_many", "talk.mine-many")),
    ),
    "one": Ask(
        "mine.sent",
        Typed("keep", HOME),
        (
            Choice("helped", "button.say-helped", "answered", when="about_is_outcome"),
            Choice("add", "button.add-or-correct", "adding", also=("answer.add",)),
            Choice("take-back", "button.take-back", "take-back", when="about_is_open"),
            Choice("reopen", "button.reopen", STAY, "reopen", "about_has_ended"),
        ),
        spoken=(
            Choice("take-back", "", "take-back", "", "about_is_open", ("answer.take-back",)),
            Choice("reopen", "", STAY, "reopen", "about_has_ended", ("answer.reopen",)),
            *(
                Choice("helped", "", "answered", "", "about_is_outcome", (word,))
                for word in ("answer.yes", "answer.no")
            ),
        ),
        variants=_LINES,
        skip=(("about_is_unknown", "mine"),),
        open=True,
        about=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        f"mine.{state.value}": ("reference", "sent_on", "next_by", "code")
        for state in State
        if state not in (State.CLOSED, State.WITHDRAWN)
    },
    "mine.closed": ("reference", "sent_on", "code"),
    "mine.withdrawn": ("reference", "sent_on", "code"),
}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.not-yours": (),
    "talk.data-reference": (),
    "talk.one-first": (),
}
