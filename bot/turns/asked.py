"""What one chat's turn asks to be sealed: new concerns, and words for those sent before."""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.casework.access import readers
from bot.casework.life import Sent, open_concern
from bot.casework.model import INDEPENDENT_TEAM, Act, Concern, Due, DueKind, Kind
from bot.dialogue.effects import (
    Merge,
    NotSatisfied,
    RaiseDataComplaint,
    Reopen,
    Satisfied,
    Withdraw,
)
from bot.turns.concern import as_row
from bot.turns.house import Scene
from storage.concerns import ConcernRow, NewConcern, NewPart

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
Deciding = Withdraw | Satisfied | NotSatisfied | Reopen | Merge
DECIDES: Final[Mapping[type[Deciding], Act]] = {
    Withdraw: Act.WITHDRAW,
    Satisfied: Act.SATISFIED,
    NotSatisfied: Act.NOT_SATISFIED,
    Reopen: Act.REOPEN,
    Merge: Act.MERGE,
}
"""What the person does to a sent concern, in casework's words."""

SENT_VERSION: Final = 1  # of a concern's row when storage has sent it


@dataclass(frozen=True, slots=True)
class Draft:
    """What to seal to a concern: the stored draft first if `stored`, then what was just said. Each
    part is words in UTF-8 or a file (see `files`)."""

    stored: bool
    said: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Sending:
    """A concern to be sealed, with who may read it already decided."""

    concern: Concern
    draft: Draft
    topic: str | None
    place: str | None  # which team it is about, when it goes to people outside that team
    kept_from_words: str
    excluded: frozenset[str]
    readers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Adding:
    concern_id: str
    draft: Draft


def complaining(effect: RaiseDataComplaint, scene: Scene) -> Sending:
    """A complaint about data: for the independent people alone, acknowledged within the days that
    its own law gives."""
    house, now = scene.house, scene.now
    sent = Sent(effect.id, effect.reference, INDEPENDENT_TEAM, Kind.DATA_COMPLAINT)
    concern = open_concern(sent, house.calendar, now, house.clocks)
    by = house.calendar.contact_on(effect.by, after=house.calendar.local_date(now))
    due = Due(DueKind.ACKNOWLEDGE, house.calendar.at_contact_time(by))
    return Sending(
        concern=replace(concern, due=due),
        draft=Draft(stored=False, said=(effect.words.encode(),)),
        topic=None,
        place=None,
        kept_from_words="",
        excluded=frozenset(),
        readers=readers(scene.staff, INDEPENDENT_TEAM, frozenset()),
    )


def as_new(
    one: Sending, conversation_id: str, parts: tuple[NewPart, ...], excluded: frozenset[str]
) -> NewConcern:
    """A sending as storage takes it."""
    first, due = one.concern, one.concern.due
    return NewConcern(
        id=first.id,
        reference=first.reference,
        team=first.team,
        state=first.state.value,
        level=int(first.level),
        sent_at=first.sent_at,
        due_at=due.at if due else None,
        due_kind=due.kind.value if due else None,
        conversation_id=conversation_id,
        parts=parts,
        excluded=excluded,
        readers=one.readers,
        kind=first.kind.value,
    )


class NobodyLeftError(Exception):
    """Nobody would be left to read this concern. The talk asks before; this is the last lock."""


class ForgedConcernError(Exception):
    """The talk named a concern that this person does not own. Our fault; nothing was done."""


def new_reference() -> str:
    """Random, so that it tells nothing: 8 characters of Crockford's base32, 40 bits."""
    letters = "".join(chance.choice(_CROCKFORD) for _ in range(8))
    return f"H-{letters[:4]}-{letters[4:]}"


def new_row(concern: Concern) -> ConcernRow:
    """A concern of this very set as a row, so that the next update of its chat knows of it."""
    blank = ConcernRow(
        id=concern.id,
        reference=concern.reference,
        team=concern.team,
        state=concern.state.value,
        level=int(concern.level),
        owner_id=None,
        sent_at=concern.sent_at,
        state_since=concern.state_since,
        due_at=None,
        due_kind=None,
        missed=0,
        promised_on=None,
        six_months_told=False,
        opened_at=None,
        undelivered=False,
        version=SENT_VERSION,
        kind=concern.kind.value,
    )
    return as_row(blank, concern)
