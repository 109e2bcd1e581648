"""Carry out what casework decided about concerns: the moves and the words, in one transaction.

Phone, console and clock all end here, so a state never changes without the words that tell of it.
"""

from __future__ import annotations

import logging
import secrets as chance
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.casework.access import Action, at_level, may
from bot.casework.alerting import reachable
from bot.casework.keys import notice_for
from bot.casework.model import (
    Concern,
    Decision,
    Due,
    DueKind,
    Kind,
    Level,
    Member,
    Result,
    State,
    TellPerson,
    TellStaff,
)
from bot.casework.who import with_who
from bot.turns.absent import wordings
from bot.turns.house import LANE_FEEDBACK, LANE_LIVE, Scene
from bot.turns.people import line_of
from bot.turns.proving import Move, moved
from bot.turns.rendering import in_messages, link_body, news_body, notice_body
from config.wording import Wording
from storage import alarms, audit, concerns, outbox
from storage.concerns import ConcernRow
from storage.engine import Conn
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decided:
    """One concern's decision, and the staff's own words where it carries any."""

    before: ConcernRow
    decision: Decision
    by: Member | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Readership:
    """Who holds a key to each concern and is not kept from it, by concern id."""

    readers: Mapping[str, frozenset[str]]

    @classmethod
    async def load(cls, conn: Conn, ids: Sequence[str]) -> Readership:
        return cls(await concerns.readers(conn, ids))

    def having(self, concern_id: str, readers: frozenset[str]) -> Readership:
        return Readership({**self.readers, concern_id: readers})

    def able(self, concern_id: str, staff: Sequence[Member]) -> tuple[Member, ...]:
        """Those who can open it. Somebody who came later may have the role, but has no key: they
        are neither named to the person nor told."""
        readers = self.readers.get(concern_id, frozenset())
        return tuple(member for member in staff if member.id in readers)


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
        Kind(row.kind),
        row.in_danger,
        row.forgotten,
        date.fromisoformat(row.data_due) if row.data_due else None,
        row.taken_at,
        row.owner_opened_at,
        row.unowned,
        row.asked_at,
        row.acknowledged_at,
        row.answered_at,
        Result(row.result) if row.result else None,
        row.answered_me,
        row.reopened,
        row.merged_into,
    )


def seen_by(member: Member, row: ConcernRow) -> Concern:
    """A concern as this reader sees it: a copy that is owed is the matter of those who answer."""
    concern = as_concern(row)
    if may(member, concern.team, Action.ANSWER):
        return concern
    return replace(concern, data_due=None)


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
        forgotten=after.forgotten,
        taken_at=after.taken_at,
        owner_opened_at=after.owner_opened_at,
        unowned=after.unowned,
        asked_at=after.asked_at,
        acknowledged_at=after.acknowledged_at,
        answered_at=after.answered_at,
        result=after.result.value if after.result else None,
        answered_me=after.answered_me,
        reopened=after.reopened,
        merged_into=after.merged_into,
    )


async def carry_out(conn: Conn, keys: Secrets, scene: Scene, decided: Sequence[Decided]) -> None:
    """Move the concerns and queue what people and staff are told, for people who were not just
    here.

    Raises StoreConflict when a concern moved on meanwhile.
    """
    ids = [one.before.id for one in decided]
    addresses = await concerns.return_addresses(conn, keys, ids)
    readership = await Readership.load(conn, ids)
    await concerns.move(conn, [as_row(one.before, one.decision.concern) for one in decided])
    spoken = await wordings(conn, keys, scene, addresses.values())
    messages: list[NewMessage] = []
    for unnamed in decided:
        one = naming(unnamed, readership.able(unnamed.before.id, scene.staff))
        address = addresses.get(one.before.id)
        if address is None and one.before.forgotten:
            pass  # its person asked for it: staff are told, and nobody else waits
        elif address is None:
            log.error("alarm", extra={"kind": "return-address-damaged"})
            alarm_id, kind = chance.token_hex(16), "return-address-damaged"
            await alarms.sound(conn, alarm_id, scene.now, kind, one.before.id)
        else:
            messages += pushed(one, address, scene, spoken[address])
        messages += staff_messages(one, readership, scene)
    await outbox.put(conn, keys, messages, scene.now)
    await audit.note_many(conn, moved(moves(decided), scene))


def moves(decided: Iterable[Decided]) -> list[Move]:
    """What happened, as it is told to those who keep the record."""
    return [
        (as_concern(one.before), one.decision.concern, one.by.id if one.by is not None else None)
        for one in decided
    ]


def naming(one: Decided, able: Sequence[Member]) -> Decided:
    """The same, its words saying by role who it is that answers or looks now."""
    return replace(one, decision=with_who(one.decision, one.by, able, ()))


def pushed(one: Decided, conversation_id: str, scene: Scene, wording: Wording) -> list[NewMessage]:
    """A neutral notice, by day, and behind it all that there is to tell."""
    recipient = f"c:{conversation_id}"
    by_day = scene.house.calendar.by_day(scene.now)
    messages = []
    for tells in in_messages(person_tells(one), wording):
        held_id = chance.token_hex(16)
        words = news_body(tells, one.before.id, wording)
        notice = notice_body(wording, notice_for(tells[0].key), held_id)
        messages += [
            NewMessage(recipient, LANE_FEEDBACK, words, about=one.before.id, held_id=held_id),
            NewMessage(recipient, LANE_FEEDBACK, notice, about=one.before.id, due_at=by_day),
        ]
    return messages


def direct(one: Decided, conversation_id: str, wording: Wording) -> list[NewMessage]:
    """The same words with nothing in front: the person is here, and has just acted."""
    return [
        NewMessage(f"c:{conversation_id}", LANE_LIVE, news_body(tells, one.before.id, wording))
        for tells in in_messages(person_tells(one), wording)
    ]


def person_tells(one: Decided) -> list[TellPerson]:
    return [
        replace(tell, params={**tell.params, **one.words})
        for tell in one.decision.tells
        if isinstance(tell, TellPerson)
    ]


def staff_messages(one: Decided, readership: Readership, scene: Scene) -> list[NewMessage]:
    """One neutral line for each member at the level who holds a key to the concern and can be told,
    by chat or e-mail."""
    concern, house = one.decision.concern, scene.house
    able = readership.able(concern.id, scene.staff)
    lines = {one.id: line_of(one) for one in scene.staff if reachable(one)}
    by_day = house.calendar.by_day(scene.now)
    messages = []
    for tell in one.decision.tells:
        if not isinstance(tell, TellStaff):
            continue
        text = house.wording.text(tell.key, **tell.params)
        url = f"{house.console_url}/concerns/{concern.reference}"
        page = link_body(text, house.wording.text("button.open"), url)
        answerable = at_level(able, concern.team, tell.level, ())
        if tell.to is not None:
            answerable = frozenset({tell.to} & {member.id for member in able})
        messages += [
            NewMessage(lines[member_id], LANE_FEEDBACK, page, due_at=by_day)
            for member_id in sorted(answerable & lines.keys())
        ]
    return messages
