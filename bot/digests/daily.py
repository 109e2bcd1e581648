"""The daily digest: one message for each linked member of staff, at their team's hour.

It counts only concerns that its reader holds a key to, and holds no word of any of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.access import at_level
from bot.casework.digest import Line, Seen, digest, lines
from bot.casework.model import Concern, Member
from bot.clock import Clock
from bot.turns.concern import Readership, seen_by
from bot.turns.house import LANE_DIGEST, House
from bot.turns.people import working
from bot.turns.rendering import link_body
from config.teams import Team
from storage import concerns, digests, outbox, staff
from storage.engine import Conn, Store, StoreConflict
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)

# A digest that could not go out at its hour still goes the same day, but not in the night after.
STILL_USEFUL: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Digests:
    """One for each (recipient, local date), whatever clocks and ticks do."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def send(self) -> int:
        """Queue the digests whose hour has come; return how many."""
        now = self.clock.now()
        async with self.store.read() as conn:
            everyone = working(await staff.everyone(conn, self.keys))
            days = {one: due_on(self.house, one, now) for one in everyone if one.linked}
            made = await digests.made(conn, {day for day in days.values() if day is not None})
        queued = 0
        for member, day in days.items():
            if day is not None and (member.id, day) not in made:
                queued += await self._send_one(member, everyone, day, now)
        if queued:
            self.wake()
        return queued

    async def _send_one(
        self, member: Member, everyone: Sequence[Member], day: date, now: datetime
    ) -> bool:
        try:
            async with self.store.write() as conn:
                last = await digests.last(conn, member.id)
                if not await digests.claim(conn, member.id, day, now):
                    return False
                seen = await self._seen(conn, member, everyone)
                told = lines(digest(seen, self.house.calendar, now, last))
                message = NewMessage(f"s:{member.id}", LANE_DIGEST, self._body(told))
                await outbox.put(conn, self.keys, [message], now)
        except StoreConflict:
            return False  # another process was first
        return True

    async def _seen(self, conn: Conn, member: Member, everyone: Sequence[Member]) -> list[Seen]:
        rows = await concerns.waiting(conn, member.id)
        readership = await Readership.load(conn, [row.id for row in rows])

        def mine(concern: Concern) -> bool:
            able = readership.able(concern.id, everyone)
            return member.id in at_level(able, concern.team, concern.level, ())

        return [Seen(one, mine(one)) for one in (seen_by(member, row) for row in rows)]

    def _body(self, told: Sequence[Line]) -> bytes:
        wording = self.house.wording
        text = "\n".join(
            wording.text(
                line.key,
                **line.params,
                **{name: wording.text(key) for name, key in line.keys.items()},
            )
            for line in told
        )
        return link_body(text, wording.text("button.open"), f"{self.house.console_url}/concerns")


def digest_team(house: House, member: Member) -> Team:
    """The team whose hour a member's digest comes at: their first, or the organisation's first."""
    theirs = {one.team for one in member.memberships}
    return next((team for team in house.teams if team.id in theirs), house.teams[0])


def due_on(house: House, member: Member, now: datetime) -> date | None:
    """The local date of the digest that this moment calls for, or None before or long after it."""
    team = digest_team(house, member)
    here = now.astimezone(ZoneInfo(str(team.timezone)))
    hour = datetime.combine(here.date(), team.digest_at, here.tzinfo)
    return here.date() if hour <= here < hour + STILL_USEFUL else None


def next_digest(house: House, members: Sequence[Member], now: datetime) -> datetime | None:
    """When the next digest of anybody goes out; for a clock that is moved to the next event."""
    moments = []
    for team in {digest_team(house, one).id: digest_team(house, one) for one in members}.values():
        here = now.astimezone(ZoneInfo(str(team.timezone)))
        hour = datetime.combine(here.date(), team.digest_at, here.tzinfo)
        moments.append(hour if hour > here else hour + timedelta(days=1))
    return min(moments, default=None)
