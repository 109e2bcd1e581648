"""Carry out what casework decided about concerns: the moves and the words, in one transaction.

Phone, console and clock all end here, so a state never changes without the words that tell of it.
"""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.casework.access import at_level
from bot.casework.keys import notice_for
from bot.casework.model import (
    Concern,
    Decision,
    Due,
    DueKind,
    Level,
    Member,
    State,
    TellPerson,
    TellStaff,
)
from bot.casework.who import with_who
from bot.turns.house import LANE_FEEDBACK, LANE_LIVE, House
from bot.turns.rendering import link_body, notice_body, person_body
from storage import concerns
from storage.concerns import ConcernRow
from storage.engine import Conn
from storage.outbox import NewMessage
from storage.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Decided:
    """One concern's decision, and the staff's own words where it carries any."""

    before: ConcernRow
    decision: Decision
    by: Member | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Readership:
    """Who can read each concern and who must not hear of it, by concern id."""

    readers: Mapping[str, frozenset[str]]
    excluded: Mapping[str, frozenset[str]]

    @classmethod
    async def load(cls, conn: Conn, ids: Sequence[str]) -> Readership:
        return cls(await concerns.readers(conn, ids), await concerns.excluded(conn, ids))


def as_concern(row: ConcernRow) -> Concern:
    due = Due(DueKind(row.due_kind), row.due_at) if row.due_at and row.due_kind else None
    return Concern(
        row.id,
        row.reference,
        row.team,
        State(row.state),
        Level(row.level),
        row.sent_at,
        row.state_since,
        due,
        row.missed,
        row.owner_id,
        date.fromisoformat(row.promised_on) if row.promised_on else None,
        row.six_months_told,
        row.version,
    )


def as_row(before: ConcernRow, after: Concern) -> ConcernRow:
    return replace(
        before,
        team=after.team,
        state=after.state.value,
        level=int(after.level),
        owner_id=after.owner_id,
        state_since=after.state_since,
        due_at=after.due.at if after.due else None,
        due_kind=after.due.kind.value if after.due else None,
        missed=after.missed,
        promised_on=after.promised_on.isoformat() if after.promised_on else None,
        six_months_told=after.six_months_told,
    )


async def carry_out(
    conn: Conn, house: House, keys: Secrets, decided: Sequence[Decided], staff: Sequence[Member]
) -> list[NewMessage]:
    """Move the concerns and return the messages to queue, for people who were not just here.

    Raises StoreConflict when a concern moved on meanwhile.
    """
    ids = [one.before.id for one in decided]
    addresses = await concerns.return_addresses(conn, keys, ids)
    readership = await Readership.load(conn, ids)
    await concerns.move(conn, [as_row(one.before, one.decision.concern) for one in decided])
    messages: list[NewMessage] = []
    for unnamed in decided:
        one = naming(unnamed, staff, readership.excluded[unnamed.before.id])
        address = addresses.get(one.before.id)
        if address is not None:
            messages += pushed(one, address, house)
        messages += staff_messages(one, readership, staff, house)
    return messages


def naming(one: Decided, staff: Sequence[Member], excluded: frozenset[str]) -> Decided:
    """The same, its words saying by role who it is that answers or looks now."""
    return replace(one, decision=with_who(one.decision, one.by, staff, excluded))


def pushed(one: Decided, conversation_id: str, house: House) -> list[NewMessage]:
    """A neutral notice for each thing to tell, and the words held behind it."""
    messages = []
    for tell in person_tells(one):
        held_id = chance.token_hex(16)
        recipient = f"c:{conversation_id}"
        words = person_body(tell, one.before.id, house.wording)
        notice = notice_body(house.wording, notice_for(tell.key), held_id)
        messages += [
            NewMessage(recipient, LANE_FEEDBACK, words, about=one.before.id, held_id=held_id),
            NewMessage(recipient, LANE_FEEDBACK, notice, about=one.before.id),
        ]
    return messages


def direct(one: Decided, conversation_id: str, house: House) -> list[NewMessage]:
    """The same words with nothing in front: the person is here, and has just acted."""
    return [
        NewMessage(
            f"c:{conversation_id}", LANE_LIVE, person_body(tell, one.before.id, house.wording)
        )
        for tell in person_tells(one)
    ]


def person_tells(one: Decided) -> list[TellPerson]:
    return [
        replace(tell, params={**tell.params, **one.words})
        for tell in one.decision.tells
        if isinstance(tell, TellPerson)
    ]


def staff_messages(
    one: Decided, readership: Readership, staff: Sequence[Member], house: House
) -> list[NewMessage]:
    """One neutral line for each linked member at the level who holds a key to the concern."""
    concern = one.decision.concern
    excluded = readership.excluded.get(concern.id, frozenset())
    readers = readership.readers.get(concern.id, frozenset()) - excluded
    linked = frozenset(member.id for member in staff if member.linked)
    messages = []
    for tell in one.decision.tells:
        if not isinstance(tell, TellStaff):
            continue
        text = house.wording.text(tell.key, **tell.params)
        url = f"{house.console_url}/concerns/{concern.reference}"
        page = link_body(text, house.wording.text("button.open"), url)
        answerable = at_level(staff, concern.team, tell.level, excluded)
        messages += [
            NewMessage(f"s:{member_id}", LANE_FEEDBACK, page)
            for member_id in sorted(frozenset(answerable) & readers & linked)
        ]
    return messages


__all__ = ["Decided", "Readership", "as_concern", "as_row", "carry_out", "direct", "staff_messages"]
