"""A tick that tells leads of concerns which came close together from their team, once for each run.

It counts only what that lead may read, and knows nothing but times: topics are sealed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.alerting import reachable
from bot.casework.clusters import Run, Sent, runs
from bot.casework.model import Member, Role
from bot.clock import Clock
from bot.turns.house import LANE_DIGEST, LANE_FEEDBACK, House
from bot.turns.people import line_of, working
from bot.turns.rendering import link_body
from storage import clusters, outbox, staff
from storage.engine import Conn, Store, StoreConflict
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)

CLUSTERS_EVERY: Final = timedelta(minutes=1)
LOOKED_BACK: Final = timedelta(hours=24)  # after that a run is no news, and the digest told of all


@dataclass(frozen=True, slots=True)
class Clusters:
    """Holds nothing itself: a late, missed or doubled tick changes nothing."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def look(self) -> int:
        """Tell every lead of the runs they were not told of; returns how many lines went out."""
        now = self.clock.now()
        async with self.store.read() as conn:
            everyone = working(await staff.everyone(conn, self.keys))
            able = [one for one in everyone if reachable(one) and one.keyed]
            leads = {one.id: one for one in able if led_by(one)}
            found = await self._found(conn, leads, now)
        if not found:
            return 0
        try:
            async with self.store.write() as conn:
                # Looked at again: another process may have told them meanwhile.
                found = await self._found(conn, leads, now)
                told = {(one, run.team): run.until for one, run in found}
                await clusters.flag(conn, [(*whom, until) for whom, until in told.items()])
                messages = [self._line(leads[one], run, now) for one, run in found]
                await outbox.put(conn, self.keys, messages, now)
        except StoreConflict:
            return 0  # they are told by whoever was first
        self.wake()
        log.info("clusters-told", extra={"count": len(found)})
        return len(found)

    async def _found(
        self, conn: Conn, leads: dict[str, Member], now: datetime
    ) -> list[tuple[str, Run]]:
        readable = await clusters.sent_since(conn, leads, now - LOOKED_BACK)
        known = await clusters.flagged(conn, leads) if readable else {}
        found = []
        for staff_id, lead in leads.items():
            sent = [
                Sent(one.team, one.sent_at, one.in_danger)
                for one in readable
                if one.staff_id == staff_id
            ]
            for team in sorted(led_by(lead)):
                found += [(staff_id, run) for run in runs(sent, team, known.get((staff_id, team)))]
        return found

    def _line(self, lead: Member, run: Run, now: datetime) -> NewMessage:
        house = self.house
        zones = {team.id: str(team.timezone) for team in house.teams}
        here = run.since.astimezone(ZoneInfo(zones.get(run.team, house.calendar.timezone)))
        text = house.wording.text(
            "staff.cluster",
            count=str(run.count),
            team=house.team_name(run.team),
            time=house.wording.clock(here.time()),
            date=here.date(),
        )
        url = f"{house.console_url}/concerns"
        body = link_body(text, house.wording.text("button.open"), url)
        # Danger waits for no morning; all else is for the day.
        due = now if run.in_danger else house.calendar.by_day(now)
        lane = LANE_FEEDBACK if run.in_danger else LANE_DIGEST
        return NewMessage(line_of(lead), lane, body, due_at=due)


def led_by(member: Member) -> frozenset[str]:
    """The teams that this member leads."""
    return frozenset(one.team for one in member.memberships if one.role is Role.LEAD)
