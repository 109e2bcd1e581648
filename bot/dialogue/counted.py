"""What happened to a question, for counting: shown, answered, skipped, or stopped there.

The numbers show which question people leave, so that it can be made easier. They must not show
anything about one person: nothing here names a chat, a concern or a word, and what is printed hides
numbers under 5 and rounds the others, as NHS England does
(digital.nhs.uk, "Change to disclosure control methodology for HES and ECDS from September 2018").
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.dialogue.answers import is_blank
from bot.dialogue.heard import meant
from bot.dialogue.inputs import Attached, Commanded, Input, Left, Pressed, PressedAbout, Said
from bot.dialogue.model import Facts, Talk
from bot.dialogue.script import ANYWHERE, ASKS, FOOT
from bot.dialogue.table import HOME, STAY


class What(StrEnum):
    """What can be counted of a question. Shown again, it is counted again; who writes nothing more
    is counted nowhere else."""

    SHOWN = "shown"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    STOPPED = "stopped"


SKIP: Final = "skip"  # the id of every choice that passes a question by
STOP: Final = "stop"
_RESTING: Final = frozenset({"stop", "rest"})  # stopping here stops nothing
_FEET: Final = frozenset(one.id for one in FOOT)
# Questions that lie beside the way: going there answers nothing.
_ASIDE: Final = frozenset(one.to for one in ANYWHERE) - {STAY, HOME, "tell"}
_WORDS: Final = "<words>"


def counted(before: Talk, given: Input, after: Talk, facts: Facts) -> tuple[tuple[str, What], ...]:
    """Each (question, what) of one step, in the order in which it happened.

    A question is counted as left only when it was the one that stood there, and by its own answers:
    help, Back, an old button, another question asked in between leave it as it was.
    """
    if isinstance(given, Left):
        return ()
    left = _left(before, given, after, facts)
    moved = after.at != before.at and after.at in ASKS
    return (*((before.at, one) for one in left), *([(after.at, What.SHOWN)] if moved else ()))


def _left(before: Talk, given: Input, after: Talk, facts: Facts) -> tuple[What, ...]:
    if before.at not in ASKS:
        return ()
    answer = _meant(before, given, facts)
    if answer == STOP and before.at not in _RESTING:
        return (What.STOPPED,)
    if answer == SKIP:
        return (What.SKIPPED,)
    if answer is None or answer in _FEET or after.at == before.at:
        return ()
    if answer == _WORDS and after.at in _ASIDE:
        return ()
    return (What.ANSWERED,)


def _meant(talk: Talk, given: Input, facts: Facts) -> str | None:
    """The id of the choice, _WORDS for somebody's own, or None for what is no answer at all."""
    match given:
        case Pressed():
            return given.choice if given.step == talk.step else None
        case PressedAbout(concern_id, choice):
            asked = concern_id == talk.about and talk.at in ASKS
            lasting = {one.id for one in ASKS[talk.at].choices if one.lasts} if asked else ()
            return choice if choice in lasting else None
        case Said():
            return None if is_blank(given.text) else _said(given.text, talk, facts)
        case Attached():
            return _WORDS
        case Commanded(name, ""):
            return STOP if name == STOP else None
    return None


def _said(text: str, talk: Talk, facts: Facts) -> str:
    choice = meant(text, talk, facts)
    if choice is None:
        return _WORDS
    return choice if isinstance(choice, str) else choice.id
