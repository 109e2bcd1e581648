"""What happened to a question, for counting: shown, answered, skipped, or stopped there.

The numbers show which question people leave, so that it can be made easier. They must not show
anything about one person: nothing here names a chat, a concern or a word, and what is printed hides
numbers under 5 and rounds the others, as NHS England does
(digital.nhs.uk, "Change to disclosure control methodology for HES and ECDS from September 2018").
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.dialogue.answers import Offer, is_blank, understood
from bot.dialogue.inputs import Attached, Commanded, Input, Left, Pressed, Said
from bot.dialogue.model import Facts, Talk
from bot.dialogue.script import ANYWHERE, ASKS, FOOT
from bot.dialogue.shown import listed, offered
from bot.dialogue.table import HOME, STAY, Ask, Choice


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
    meant = _meant(before, given, facts)
    if meant == STOP and before.at not in _RESTING:
        return (What.STOPPED,)
    if meant == SKIP:
        return (What.SKIPPED,)
    if meant is None or meant in _FEET or after.at == before.at:
        return ()
    if meant == _WORDS and after.at in _ASIDE:
        return ()
    return (What.ANSWERED,)


def _meant(talk: Talk, given: Input, facts: Facts) -> str | None:
    """The id of the choice, _WORDS for somebody's own, or None for what is no answer at all."""
    match given:
        case Pressed():
            return given.choice if given.step == talk.step else None
        case Said():
            return None if is_blank(given.text) else _said(talk, given.text, facts)
        case Attached():
            return _WORDS
        case Commanded(name, ""):
            return STOP if name == STOP else None
    return None


def _said(talk: Talk, text: str, facts: Facts) -> str:
    """As the step itself understands it, see step.py."""
    ask: Ask = ASKS[talk.at]
    names = listed(ask, talk, facts)
    buttons = offered(ask.choices, talk, facts)
    choices = (*buttons, *offered((*ask.spoken, *FOOT), talk, facts))
    offers = [Offer((name,), numbered=True, named=True) for _, name in names]
    offers += [_offer(one, facts, numbered=one in buttons) for one in choices]
    index = understood(text, offers, own_words=ask.open)
    if index is None:
        return _WORDS
    return names[index][0] if index < len(names) else choices[index - len(names)].id


def _offer(choice: Choice, facts: Facts, *, numbered: bool) -> Offer:
    keys = (choice.label, *choice.also)
    words = [word for key in keys for word in facts.labels.get(key, "").split("|")]
    return Offer(tuple(filter(None, words)), choice.exact, numbered)
