"""What the choices of the chapter `sent` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.model import State
from bot.dialogue.acts.act import Act, about_is, keep, note
from bot.dialogue.moment import Moment

LONGEST_ANSWER: Final = 60  # characters of "who is it for?"; "my dad, who is on the ward"


def _note_for_whom(moment: Moment, words: str) -> Moment:
    return note(moment, "for-whom", words)


def _tell_for_whom(moment: Moment, words: str) -> Moment:
    """A few words answer the question. More, or words after staff have moved it on, are a part of
    the concern: they are kept, and go to staff as such."""
    if len(words) <= LONGEST_ANSWER and about_is(State.SENT, moment):
        return note(moment, "for-whom", words)
    return keep(moment, words)


ACTS: Final[Mapping[str, Act]] = {
    "note_for_whom": _note_for_whom,
    "tell_for_whom": _tell_for_whom,
}
