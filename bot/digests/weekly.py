"""Last week, for those who answer for others: what was promised, kept, late and changed, what waits
longest, what was published, and the signed head of the record.

Its numbers are of the concerns that its reader may open one by one, so small ones are not hidden:
that would protect nobody, and on a small ward it would hide everything that is late.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.access import HEADS
from bot.casework.alerting import reachable
from bot.casework.model import Member
from bot.clock import Clock
from bot.digests.meanings import STATES, WORDS
from bot.digests.slots import Slot, first_of_the_week, teams_of
from bot.turns.house import LANE_DIGEST, House
from bot.turns.people import line_of, working
from bot.turns.rendering import body
from storage import audit_heads, digests, measures, outbox, published, staff
from storage.engine import Conn, Store, StoreConflict
from storage.measures import Kept, Period, Week
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)

WEEKLY_EVERY: Final = timedelta(minutes=1)
SLOT: Final = "weekly"
WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
MOST_WAITING: Final = 3
MOST_PUBLISHED: Final = 3  # of at most 400 characters each: with the head, one message


@dataclass(frozen=True, slots=True)
class Weekly:
    """One for each (recipient, Monday), whatever clocks and ticks do."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def send(self) -> int:
        """Queue the digests whose Monday handover has come; return how many."""
        now = self.clock.now()
        async with self.store.read() as conn:
            everyone = working(await staff.everyone(conn, self.keys))
            heads = [one for one in everyone if reachable(one) and one.keyed and _is_head(one)]
            slots = {one: first_of_the_week(teams_of(self.house, one), now) for one in heads}
            made = await digests.made(conn, {slot.day for slot in slots.values() if slot})
        queued = 0
        for member, slot in slots.items():
            if slot is not None and (member.id, slot.day, SLOT) not in made:
                queued += await self._send_one(member, slot, now)
        if queued:
            self.wake()
            log.info("weekly-digests", extra={"count": queued})
        return queued

    async def _send_one(self, member: Member, slot: Slot, now: datetime) -> bool:
        period = Period(_midnight(slot.day - WEEK, slot), _midnight(slot.day, slot), now)
        try:
            async with self.store.write() as conn:
                if not await digests.claim(conn, member.id, slot.day, now, SLOT):
                    return False
                bodies = [
                    await self._figures(conn, member, period, slot.day),
                    await self._record(conn, period, slot.day),
                ]
                messages = [NewMessage(line_of(member), LANE_DIGEST, one) for one in bodies]
                await outbox.put(conn, self.keys, messages, now)
        except StoreConflict:
            return False  # another process was first
        return True

    async def _figures(self, conn: Conn, member: Member, period: Period, monday: date) -> bytes:
        house, text = self.house, self.house.wording.text
        week = await measures.week(conn, member.id, period, WORDS, STATES)
        kept = await measures.promises(conn, member.id, period, WORDS)
        waiting = await measures.longest(conn, member.id, STATES.open, MOST_WAITING)
        days = {"since": monday - WEEK, "until": monday - DAY}
        lines = [text("weekly.title", **days), *self._counted(week, kept)]
        lines.append(text("weekly.waiting" if waiting else "weekly.none"))
        today = house.calendar.local_date(period.now)
        for row in waiting:
            age = (today - house.calendar.local_date(row.sent_at)).days
            state = text(f"digest.state.{row.state}")
            lines.append(text("weekly.entry", reference=row.reference, state=state, age=age))
        page = {"label": text("button.measures"), "url": f"{house.console_url}/measures"}
        return body("\n".join(lines), [[page]], self._subject(monday))

    def _counted(self, week: Week, kept: list[Kept]) -> list[str]:
        text = self.house.wording.text
        sums = {
            name: sum(getattr(one, name) for one in kept) for name in ("made", "kept", "broken")
        }
        came = {"sent": week.sent, "answered": week.answered, "outcomes": week.outcomes}
        results = {
            "changed": week.changed,
            "will": week.will_change,
            "not_changed": week.not_changed,
        }
        return [
            text("weekly.came", **came),
            text("weekly.promises", **sums),
            text("weekly.late", late=week.late, open=week.open),
            text("weekly.results", **results),
            text("weekly.said", yes=week.yes, no=week.no),
        ]

    async def _record(self, conn: Conn, period: Period, monday: date) -> bytes:
        """What anybody may know: lines for everybody, and the head that nobody can take back."""
        text = self.house.wording.text
        lines = await published.between(conn, period.since, period.until)
        head = await audit_heads.newest(conn)
        said = [text("weekly.published", count=len(lines))]
        said += [text("weekly.line", said=one.said, did=one.did) for one in lines[:MOST_PUBLISHED]]
        if head is None:
            signed = text("weekly.record-none")
        else:
            signed = text("weekly.record", head=audit_heads.head_line(head))
        return body("\n".join(said) + "\n\n" + signed, (), self._subject(monday))

    def _subject(self, monday: date) -> str:
        return self.house.wording.text("mail.subject.week", date=monday - DAY)


def _is_head(member: Member) -> bool:
    return any(one.role in HEADS for one in member.memberships)


def _midnight(day: date, slot: Slot) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(slot.zone)).astimezone(UTC)
