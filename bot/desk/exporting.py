"""Taking concerns out of Heard: only what the member may read, and each concern's record says so
before a word of it leaves.
"""

from __future__ import annotations

import secrets as chance
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.casework.access import Action, Duty, may, may_do
from bot.casework.model import Member, NotAllowed
from bot.casework.taking_out import Reason, Shape
from bot.clock import Clock
from bot.desk.desk import Desk
from bot.desk.export_entry import Taken
from bot.turns.attachments import states
from storage import alarms, audit, concerns, staff
from storage.audit import Line
from storage.concerns import ConcernRow, NewPart, Opened
from storage.engine import Store
from storage.errors import DamagedRow, NotAReader
from storage.secrets import Secrets

AT_ONCE: Final = 50  # concerns in one slice: so much is in memory, and noted in one transaction
MOST: Final = 10**9
NOTE: Final = "staff-note"


@dataclass(frozen=True, slots=True)
class Asked:
    """`why` are the member's own words, for a reason that is not on the list."""

    shape: Shape
    reason: Reason
    with_staff_notes: bool = False
    why: str = ""

    @property
    def detail(self) -> str:
        notes = " staff-notes" if self.with_staff_notes else ""
        return f"reason:{self.reason} format:{self.shape}{notes}"


@dataclass(frozen=True, slots=True)
class Cut:
    """Which of all that a member may read. Empty sets are all of them; `until` is left out."""

    teams: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, row: ConcernRow) -> bool:
        return (
            (not self.teams or row.team in self.teams)
            and (not self.states or row.state in self.states)
            and (self.since is None or row.sent_at >= self.since)
            and (self.until is None or row.sent_at < self.until)
        )


@dataclass(frozen=True, slots=True)
class Slice:
    """Some concerns of many. `lost` are the references of those whose key did not open."""

    taken: Sequence[Taken]
    lost: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Exporting:
    """`team_name` says what people call a team."""

    store: Store
    keys: Secrets
    clock: Clock
    team_name: Callable[[str], str]

    @classmethod
    def of(cls, desk: Desk) -> Exporting:
        return cls(desk.store, desk.keys, desk.clock, desk.house.team_name)

    async def one(
        self, member: Member, private: bytes, reference: str, asked: Asked
    ) -> Taken | None:
        """One concern. None when there is none for this member. Raises NotAllowed when their roles
        do not let them, and DamagedRow when their key to it does not open."""
        row = await self.may_take(member, reference)
        if row is None:
            return None
        found = await self._slice(member, private, [row.id], asked)
        if found.lost:
            raise DamagedRow("a key does not open")
        return found.taken[0] if found.taken else None

    async def may_take(self, member: Member, reference: str) -> ConcernRow | None:
        """The concern of this reference; None when there is none for them. Raises NotAllowed."""
        async with self.store.read() as conn:
            row = (await concerns.by_reference(conn, [reference])).get(reference)
            if row is None or member.id not in (await concerns.readers(conn, [row.id]))[row.id]:
                return None
        if not may(member, row.team, Action.EXPORT):
            raise NotAllowed("not-yours")
        return row

    async def ids(self, member: Member, cut: Cut) -> list[str]:
        """All that would be taken out, the newest first. Raises NotAllowed."""
        if not may_do(member, Duty.EXPORT_MANY):
            raise NotAllowed("not-yours")
        async with self.store.read() as conn:
            rows = await concerns.readable(conn, member.id, MOST, 0)
        return [row.id for row in rows if cut.holds(row) and may(member, row.team, Action.EXPORT)]

    async def many(
        self, member: Member, private: bytes, ids: Sequence[str], asked: Asked
    ) -> AsyncIterator[Slice]:
        """A slice at a time; one that they were kept from meanwhile is not in it."""
        for start in range(0, len(ids), AT_ONCE):
            yield await self._slice(member, private, ids[start : start + AT_ONCE], asked)

    async def _slice(
        self, member: Member, private: bytes, ids: Sequence[str], asked: Asked
    ) -> Slice:
        opened: list[tuple[ConcernRow, Opened]] = []
        lost: list[ConcernRow] = []
        async with self.store.read() as conn:
            rows = await concerns.load(conn, ids)
            for row in (rows[one] for one in ids if one in rows):
                try:
                    found = await concerns.open_parts(conn, row.id, member.id, private)
                except NotAReader:
                    continue
                except DamagedRow:
                    lost.append(row)
                else:
                    opened.append((row, found))
            files = await states(conn, [part for _, one in opened for part in one.parts])
            names = {row.id: row.name for row in await staff.everyone(conn, self.keys)}
        opened = await self._note(member, opened, lost, asked)
        notes = asked.with_staff_notes
        return Slice(
            [Taken(row, one, self.team_name(row.team), names, files, notes) for row, one in opened],
            [row.reference for row in lost],
        )

    async def _note(
        self,
        member: Member,
        opened: Sequence[tuple[ConcernRow, Opened]],
        lost: Sequence[ConcernRow],
        asked: Asked,
    ) -> list[tuple[ConcernRow, Opened]]:
        """Write into each one's record that it is taken out; those that may still be."""
        now = self.clock.now()
        damage = [("key-damaged", f"{row.reference} {member.id}") for row in lost]
        damage += [("part-damaged", part) for _, one in opened for part in one.damaged]
        async with self.store.write() as conn:
            who = await concerns.readers(conn, [row.id for row, _ in opened])
            left = [one for one in opened if member.id in who[one[0].id]]
            if asked.why:
                words = f"Taken out of Heard. Why: {asked.why}".encode()
                await concerns.add_parts(
                    conn,
                    [
                        NewPart(chance.token_hex(16), row.id, NOTE, member.id, now, words)
                        for row, _ in left
                    ],
                )
            for kind, detail in damage:
                await alarms.sound_once(conn, chance.token_hex(16), now, kind, detail)
            lines = [Line(now, member.id, "exported", row.id, asked.detail) for row, _ in left]
            await audit.note_many(conn, lines)
        return left
