"""Counts what became of the concerns that one member may read: by the database, and by team."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.casework.measures import Days, Durations
from bot.casework.model import ORGANISATION_ROLES, Member
from bot.casework.promises import Clocks
from bot.desk.desk import Desk
from bot.digests.meanings import WORDS
from storage import counts, measures
from storage.counts import Sum
from storage.engine import Conn
from storage.measures import Kept, Moments, Period, Tally


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted, by team id. Nothing here names a person or a concern."""

    tallies: Mapping[str, Tally]
    kept: Mapping[str, Kept]
    durations: Mapping[str, Durations] = field(default_factory=dict)
    asked: Sequence[Sum] = ()  # of the talk, for the member's own teams

    @property
    def teams(self) -> list[str]:
        return sorted(self.tallies.keys() | self.kept.keys())


@dataclass(frozen=True, slots=True)
class Measuring:
    """`desk`'s part for measures."""

    desk: Desk

    async def measure(self, member: Member, days: int) -> Measured:
        """Of the concerns sent in the last so many days, and of promises of those days."""
        now = self.desk.clock.now()
        period = Period(now - timedelta(days=days), now + timedelta(microseconds=1), now)
        async with self.desk.store.read() as conn:
            tallies = await measures.tallies(conn, member.id, period.since, WORDS)
            kept = await measures.promises(conn, member.id, period, WORDS)
            durations = {
                one.team: await self._durations(conn, member, period.since, one.team)
                for one in tallies
            }
            asked = await counts.sums(conn, self._day(period.since), self._day(now))
        return Measured(
            {one.team: one for one in tallies},
            {one.team: one for one in kept},
            durations,
            [one for one in asked if one.team in self._own(member)],
        )

    async def _durations(self, conn: Conn, member: Member, since: datetime, team: str) -> Durations:
        """A few thousand at a time, so that neither memory nor anybody else waits for it."""
        found, days = Durations(), Days(self.desk.house.calendar)
        zone, clocks = ZoneInfo(self.desk.house.calendar.timezone), self.desk.house.clocks
        async for some in measures.moments(conn, member.id, since, team):
            for one in some:
                _add(found, one, days, zone, clocks)
            await asyncio.sleep(0)
        return found

    def _own(self, member: Member) -> frozenset[str]:
        """Numbers of the talk are of no reader: they are shown for teams that a member works for,
        and what counts for no team (because somebody is kept from it) is shown to nobody."""
        if any(one.role in ORGANISATION_ROLES for one in member.memberships):
            return frozenset(team.id for team in self.desk.house.teams)
        return frozenset(one.team for one in member.memberships)

    def _day(self, moment: datetime) -> date:
        return self.desk.house.calendar.local_date(moment)


def _add(to: Durations, one: Moments, days: Days, zone: ZoneInfo, clocks: Clocks) -> None:
    sent = one.sent_at.astimezone(zone).date()
    if one.acknowledged_at is not None:
        to.acknowledged[days.working(sent, one.acknowledged_at.astimezone(zone).date())] += 1
    if one.answered_at is not None:
        last = one.answered_at.astimezone(zone).date()
        working = clocks.answer_in_working_days
        to.answered[days.working(sent, last) if working else (last - sent).days] += 1
