"""A copy of what somebody sent and was told, which only staff can open: they send it with one
button, by a day that the law sets, and are reminded before it.
"""

from __future__ import annotations

import logging
import secrets as chance
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.access import Action, may
from bot.casework.model import Decision, Level, Member, NotAllowed, TellPerson, TellStaff
from bot.clock import Clock
from bot.turns.absent import wordings
from bot.turns.concern import Decided, Readership, as_concern, pushed, staff_messages
from bot.turns.copy_text import copy_text
from bot.turns.house import LANE_FEEDBACK, House, Scene
from bot.turns.own_copy import NAME, Paper
from bot.turns.people import working
from bot.turns.rendering import document_body, notice_body
from storage import alarms, audit, concerns, data_requests, outbox, staff
from storage.concerns import ConcernRow
from storage.engine import Conn, Store, StoreConflict
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)

TRIES: Final = 5
AT_ONCE: Final = 200  # requests in one transaction, so that nobody who writes waits for long
BEFORE: Final = timedelta(days=7)
SOON, TODAY, LATE = 1, 2, 3  # how often of a request was told, when this was the newest
SENT: Final = "copy-sent"


class _UnreachableError(Exception):
    """The way back to the person does not open; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Holds nothing itself: a late, missed or doubled tick changes nothing."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def send(self, member: Member, private: bytes, reference: str) -> None:
        """Send the copy that is owed, opened with the member's own key; once.

        Raises NotAllowed when the member may not answer this concern, has not opened it, or no
        copy is owed (any more); DamagedRow when the member's key to it does not open.
        """
        for _ in range(TRIES):
            try:
                async with self.store.write() as conn:
                    row = await self._owed(conn, member, reference)
                    await outbox.put(
                        conn,
                        self.keys,
                        await self._messages(conn, member, private, row),
                        self.clock.now(),
                    )
                    await audit.note(conn, self.clock.now(), member.id, SENT, row.id)
                self.wake()
                return
            except StoreConflict:
                continue
            except _UnreachableError:
                await self._sound(reference)
                raise NotAllowed("unreachable") from None
        raise NotAllowed("busy")

    async def _sound(self, reference: str) -> None:
        """In a transaction of its own: the one that met the damage was given up."""
        kind = "return-address-damaged"
        log.error("alarm", extra={"kind": kind})
        async with self.store.write() as conn:
            alarm_id, now = chance.token_hex(16), self.clock.now()
            await alarms.sound_once(conn, alarm_id, now, kind, reference)

    async def _owed(self, conn: Conn, member: Member, reference: str) -> ConcernRow:
        """The concern, its request marked as answered."""
        row = (await concerns.by_reference(conn, [reference])).get(reference)
        readers = (await concerns.readers(conn, [row.id]))[row.id] if row else frozenset()
        if row is None or member.id not in readers or not may(member, row.team, Action.ANSWER):
            raise NotAllowed("not-yours")
        if not await audit.has(conn, member.id, "opened", row.id):
            raise NotAllowed("open-it-first")
        if not await data_requests.answer(conn, row.id, self.clock.now()):
            raise NotAllowed("copy-sent")
        return row

    async def _messages(
        self, conn: Conn, member: Member, private: bytes, row: ConcernRow
    ) -> Sequence[NewMessage]:
        """A neutral notice, by day, and behind it the file."""
        opened = await concerns.open_parts(conn, row.id, member.id, private)
        address = (await concerns.return_addresses(conn, self.keys, [row.id])).get(row.id)
        if address is None:
            raise _UnreachableError
        now = self.clock.now()
        scene = Scene(self.house, now, working(await staff.everyone(conn, self.keys)))
        wording = (await wordings(conn, self.keys, scene, [address]))[address]
        paper = Paper(wording, ZoneInfo(self.house.calendar.timezone))
        text = copy_text(row, opened, await audit.of_concern(conn, row.id), paper, now)
        held_id, recipient = chance.token_hex(16), f"c:{address}"
        file = document_body(NAME, text, wording.text("data.copy-caption"))
        notice = notice_body(wording, "push.notice", held_id)
        by_day = self.house.calendar.by_day(now)
        return [
            NewMessage(recipient, LANE_FEEDBACK, file, about=row.id, held_id=held_id),
            NewMessage(recipient, LANE_FEEDBACK, notice, about=row.id, due_at=by_day),
        ]

    # ---- what time does --------------------------------------------------------------------

    async def remind(self) -> int:
        """Tell of copies that are due soon, today, or late; by day. Returns of how many."""
        now = self.clock.now()
        if self.house.calendar.by_day(now) != now:
            return 0
        told = 0
        while True:
            try:
                async with self.store.write() as conn:
                    some = await self._remind_some(conn)
            except StoreConflict:
                continue  # somebody has just sent one, or told of it
            if some:
                self.wake()
            told += some
            if some < AT_ONCE:
                return told

    async def _remind_some(self, conn: Conn) -> int:
        today = self.house.calendar.local_date(self.clock.now())
        ends = {LATE: today - timedelta(days=1), TODAY: today, SOON: today + BEFORE}
        found: dict[str, tuple[date, int, int]] = {}
        for stage, by in ends.items():
            for concern_id, due, before in await data_requests.due(conn, by, stage - 1, AT_ONCE):
                found.setdefault(concern_id, (due, before, stage))
        some = dict(list(found.items())[:AT_ONCE])
        if not some:
            return 0
        noted = [(one, before, stage) for one, (_, before, stage) in some.items()]
        if not await data_requests.tell(conn, noted):
            raise StoreConflict("a request was answered meanwhile")
        await outbox.put(conn, self.keys, await self._lines(conn, some), self.clock.now())
        return len(some)

    async def _lines(
        self, conn: Conn, due: Mapping[str, tuple[date, int, int]]
    ) -> Sequence[NewMessage]:
        now = self.clock.now()
        scene = Scene(self.house, now, working(await staff.everyone(conn, self.keys)))
        rows = await concerns.load(conn, due)
        addresses = await concerns.return_addresses(conn, self.keys, due)
        spoken = await wordings(conn, self.keys, scene, addresses.values())
        readership = await Readership.load(conn, list(due))
        messages: list[NewMessage] = []
        for row in rows.values():
            one = _told(row, *due[row.id])
            messages += staff_messages(one, readership, scene)
            if (address := addresses.get(row.id)) is not None:
                messages += pushed(one, address, scene, spoken[address])
        return messages


def _told(row: ConcernRow, due: date, before: int, stage: int) -> Decided:
    """Who hears of a copy that is not sent: those who answer a week before, one level up on the
    day, and the day after it the person themselves."""
    concern = as_concern(row)
    params: dict[str, str | date] = {"reference": row.reference, "date": due}
    tells: list[TellPerson | TellStaff] = []
    if stage == SOON:
        tells.append(TellStaff(concern.level, "staff.copy-soon", params))
    elif before < TODAY:
        above = Level(min(concern.level + 1, Level.INDEPENDENT))
        tells.append(TellStaff(above, "staff.copy-today", params))
    if stage == LATE:
        tells.append(TellPerson("push.copy-late", params))
    return Decided(row, Decision(concern, tuple(tells)))
