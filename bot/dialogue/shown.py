"""What a question looks like at this moment: its wording, its values and its buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from bot.dialogue.effects import Button, Tell
from bot.dialogue.guards.every import holds
from bot.dialogue.known import (
    ended_concerns,
    members_of,
    open_concerns,
    own_concern,
    settled_place,
    team_is_out,
)
from bot.dialogue.lines import ASKED, RECEIPT_BUTTONS, SAID
from bot.dialogue.model import Facts, Talk
from bot.dialogue.script import ASKS, FOOT
from bot.dialogue.table import MOST_CONCERNS, MOST_NAMES, MOST_PLACES, Ask, Choice

Value = str | date

# ---- values -------------------------------------------------------------------------------


def _reference(talk: Talk, facts: Facts) -> str:
    own = own_concern(talk.about, facts)
    return own.reference if own else ""


def _open_reference(_: Talk, facts: Facts) -> str:
    return open_concerns(facts)[0].reference


def _place(talk: Talk, facts: Facts) -> str:
    settled = settled_place(talk, facts)
    return next((place.name for place in facts.places if place.id == settled), "")


def _names_out(talk: Talk, facts: Facts) -> list[str]:
    """The names to say back; a team that is out as a whole is said by its own name instead."""
    team = members_of(settled_place(talk, facts), facts) if team_is_out(talk, facts) else ()
    return [one.name for one in facts.staff if one.id in talk.kept_from and one.id not in team]


def _kept_from(talk: Talk, facts: Facts) -> str:
    return ", ".join(_names_out(talk, facts)[:MOST_NAMES])


def _more(talk: Talk, facts: Facts) -> str:
    return str(max(0, len(_names_out(talk, facts)) - MOST_NAMES))


def _count(talk: Talk, _: Facts) -> str:
    return str(talk.parts)


def _acknowledge_by(_: Talk, facts: Facts) -> date:
    return facts.acknowledge_by


def _answer_by(_: Talk, facts: Facts) -> date:
    return facts.answer_by


VALUES: Final[Mapping[str, Callable[[Talk, Facts], Value]]] = {
    "reference": _reference,
    "open_reference": _open_reference,
    "place": _place,
    "kept_from": _kept_from,
    "more": _more,
    "count": _count,
    "acknowledge_by": _acknowledge_by,
    "answer_by": _answer_by,
}

# ---- choices that depend on the moment ------------------------------------------------------


def _places(facts: Facts) -> tuple[tuple[str, str], ...]:
    return tuple((place.id, place.name) for place in facts.places)


def _open(facts: Facts) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, one.reference) for one in open_concerns(facts))


def _ended(facts: Facts) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, one.reference) for one in ended_concerns(facts))


# What is listed, and how many of it get a button; the rest can be typed.
LISTS: Final[Mapping[str, tuple[Callable[[Facts], tuple[tuple[str, str], ...]], int]]] = {
    "places": (_places, MOST_PLACES),
    "open_concerns": (_open, MOST_CONCERNS),
    "ended_concerns": (_ended, MOST_CONCERNS),
}


def listed(ask: Ask, facts: Facts) -> tuple[tuple[str, str], ...]:
    """Every listed choice of this question as (id, name), with or without a button."""
    return LISTS[ask.listed.of][0](facts) if ask.listed else ()


def offered(choices: tuple[Choice, ...], talk: Talk, facts: Facts) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if holds(choice.when, talk, facts))


# ---- messages -------------------------------------------------------------------------------


def prompt(talk: Talk, facts: Facts) -> Tell:
    """The question the talk is at, with all its buttons."""
    ask = ASKS[talk.at]
    key = next((key for name, key in ask.variants if holds(name, talk, facts)), ask.prompt)
    return Tell(
        key, _values(ASKED.get(key, ()), talk, facts), _rows(ask, talk, facts), talk.step, True
    )


def line(key: str, talk: Talk, facts: Facts) -> Tell:
    """A line between questions. The receipt carries buttons that outlive every step."""
    rows: tuple[tuple[Button, ...], ...] = ()
    if key == "talk.receipt":
        rows = tuple(
            (Button(label, choice, about=talk.about),) for label, choice in RECEIPT_BUTTONS
        )
    return Tell(key, _values(SAID[key], talk, facts), rows)


def _values(names: tuple[str, ...], talk: Talk, facts: Facts) -> dict[str, Value]:
    return {name: VALUES[name](talk, facts) for name in names}


def _rows(ask: Ask, talk: Talk, facts: Facts) -> tuple[tuple[Button, ...], ...]:
    """One main choice a row, so that a shaking hand hits the right one; then the foot."""
    most = LISTS[ask.listed.of][1] if ask.listed else 0
    rows = [(Button(name, id_, literal=True),) for id_, name in listed(ask, facts)[:most]]
    rows += [(Button(one.label, one.id),) for one in offered(ask.choices, talk, facts)]
    foot = tuple(Button(one.label, one.id) for one in offered(FOOT, talk, facts))
    return (*rows, *((foot[:2], foot[2:]) if len(foot) > 2 else (foot,)))
