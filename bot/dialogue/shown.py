"""What a question looks like at this moment: its wording, its values and its buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from bot.dialogue.asks.changes import MOST_SHOWN
from bot.dialogue.effects import Button, Tell
from bot.dialogue.finding import found, places_beginning
from bot.dialogue.guards.every import holds
from bot.dialogue.known import (
    complaint_by,
    complaint_reference,
    copy_by,
    ended_concerns,
    members_of,
    open_concerns,
    own_concern,
    settled_place,
    team_is_out,
)
from bot.dialogue.lines import ASKED, RECEIPT_BUTTONS, SAID
from bot.dialogue.model import Facts, OwnConcern, Talk
from bot.dialogue.script import ASKS, FOOT
from bot.dialogue.table import (
    MOST_CHOICES,
    MOST_CONCERNS,
    MOST_FOUND,
    MOST_MINE,
    MOST_NAMES,
    MOST_PLACES,
    Ask,
    Choice,
)

Value = str | date

# ---- values -------------------------------------------------------------------------------


def _reference(talk: Talk, facts: Facts) -> str:
    own = own_concern(talk.about, facts)
    return own.reference if own else ""


def _code(talk: Talk, facts: Facts) -> str:
    own = own_concern(talk.about, facts)
    return own.code if own else ""


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


def _sent_on(talk: Talk, facts: Facts) -> date | str:
    own = own_concern(talk.about, facts)
    return own.sent_on if own else ""


def _next_by(talk: Talk, facts: Facts) -> date | str:
    """Every open concern has a next date; one that waits for the clock has it today."""
    own = own_concern(talk.about, facts)
    return (own.next_by if own else None) or facts.today


def _last_sent(facts: Facts) -> OwnConcern | None:
    """What "did it send?" means: the newest that is open, or the newest of all."""
    return next(iter((*open_concerns(facts), *facts.concerns)), None)


def _last_reference(_: Talk, facts: Facts) -> str:
    own = _last_sent(facts)
    return own.reference if own else ""


def _last_sent_on(_: Talk, facts: Facts) -> date | str:
    own = _last_sent(facts)
    return own.sent_on if own else ""


def _last_next_by(_: Talk, facts: Facts) -> date | str:
    own = _last_sent(facts)
    return (own.next_by if own else None) or facts.answer_by


def _of_change(number: int, name: str) -> Callable[[Talk, Facts], Value]:
    def value(_: Talk, facts: Facts) -> Value:
        found: Value = getattr(facts.changes[number - 1], name)
        return found

    return value


VALUES: Final[Mapping[str, Callable[[Talk, Facts], Value]]] = {
    **{
        f"{name}_{number}": _of_change(number, name)
        for number in range(1, MOST_SHOWN + 1)
        for name in ("place", "on", "said", "did")
    },
    "reference": _reference,
    "code": _code,
    "open_reference": _open_reference,
    "place": _place,
    "kept_from": _kept_from,
    "more": _more,
    "count": _count,
    "acknowledge_by": _acknowledge_by,
    "answer_by": _answer_by,
    "last_reference": _last_reference,
    "last_sent_on": _last_sent_on,
    "last_next_by": _last_next_by,
    "sent_on": _sent_on,
    "next_by": _next_by,
    "copy_by": lambda _, facts: copy_by(facts),
    "complaint_by": lambda _, facts: complaint_by(facts),
    "complaint_reference": lambda _, facts: complaint_reference(facts),
    "minutes": lambda _, facts: str(facts.alert_minutes),
}

# ---- choices that depend on the moment ------------------------------------------------------


def _places(talk: Talk, facts: Facts) -> tuple[tuple[str, str], ...]:
    """Those whose names begin as the person wrote, if any do."""
    places = places_beginning(talk.seeking, facts) or facts.places
    return tuple((place.id, place.name) for place in places)


def _open(_: Talk, facts: Facts) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, one.reference) for one in open_concerns(facts))


def _ended(_: Talk, facts: Facts) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, one.reference) for one in ended_concerns(facts))


def _own(_: Talk, facts: Facts) -> tuple[tuple[str, str], ...]:
    """By reference and the day it was sent, in figures, which need no language."""
    return tuple((one.id, f"{one.reference} ({one.sent_on:%d/%m/%Y})") for one in facts.concerns)


def _languages(_: Talk, facts: Facts) -> tuple[tuple[str, str], ...]:
    return facts.languages if len(facts.languages) > 1 else ()


# What is listed, and how many of it get a button; the rest can be typed.
Listing = Callable[[Talk, Facts], tuple[tuple[str, str], ...]]
LISTS: Final[Mapping[str, tuple[Listing, int]]] = {
    "places": (_places, MOST_PLACES),
    "found": (found, MOST_FOUND),
    "open_concerns": (_open, MOST_CONCERNS),
    "ended_concerns": (_ended, MOST_CONCERNS),
    "own_concerns": (_own, MOST_MINE),
    "languages": (_languages, MOST_CHOICES),
}


def listed(ask: Ask, talk: Talk, facts: Facts) -> tuple[tuple[str, str], ...]:
    """Every listed choice of this question as (id, name), with or without a button."""
    return LISTS[ask.listed.of][0](talk, facts) if ask.listed else ()


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


def _button(choice: Choice, talk: Talk) -> Button:
    return Button(choice.label, choice.id, about=talk.about if choice.lasts else None)


def _rows(ask: Ask, talk: Talk, facts: Facts) -> tuple[tuple[Button, ...], ...]:
    """One main choice a row, so that a shaking hand hits the right one; then the foot."""
    most = LISTS[ask.listed.of][1] if ask.listed else 0
    rows: list[tuple[Button, ...]] = []
    rows += [(Button(name, id_, literal=True),) for id_, name in listed(ask, talk, facts)[:most]]
    rows += [(_button(one, talk),) for one in offered(ask.choices, talk, facts)]
    foot = tuple(Button(one.label, one.id) for one in offered(FOOT, talk, facts))
    if foot[0].choice == "leave-out":
        rows, foot = [*rows, foot[:1]], foot[1:]
    return (*rows, *((foot[:2], foot[2:]) if len(foot) > 2 else (foot,)))
