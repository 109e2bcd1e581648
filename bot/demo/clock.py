"""The demo's clock: moved by a button, and whatever falls due on the way happens at its moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.app import Heard
from bot.clock import MovableClock
from bot.digest import next_digest
from bot.sandbox import Step
from bot.turns.people import working
from storage import concerns, staff

STEPS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
LOOKS_PAST: Final = timedelta(seconds=1)


@dataclass
class DemoClock:
    """What the page's buttons move. `heard` is there once the bot runs."""

    clock: MovableClock
    zone: ZoneInfo
    heard: Heard | None = None

    def now(self) -> datetime:
        return self.clock.now()

    async def advance(self, step: Step) -> str:
        """Move on, event by event, and say in a sentence what time it is and what happened."""
        if self.heard is None:
            return "Heard is still starting. Nothing was moved."
        following = await self._next_event()
        if step == "next" and following is None:
            return f"Nothing is waiting for a date. It is still {self._worded()}."
        target = self.now() + STEPS[step] if step in STEPS else following
        happened = 0
        while target is not None and following is not None and following <= target:
            await self._move(following)
            happened += 1
            following = await self._next_event()
        if target is not None and target > self.now():
            await self._move(target)
        return f"It is now {self._worded()}. {_happened(happened)}"

    async def _move(self, moment: datetime) -> None:
        if self.heard is not None:
            self.clock.move_to(max(moment, self.now()))
            await self.heard.ticks.look_now()

    async def _next_event(self) -> datetime | None:
        """The next promise or digest after this moment, in business time."""
        if self.heard is None:
            return None
        async with self.heard.store.read() as conn:
            due = await concerns.next_due(conn)
            everyone = working(await staff.everyone(conn, self.heard.keys))
        linked = [member for member in everyone if member.linked]
        digest = next_digest(self.heard.house, linked, self.now())
        moments = [moment for moment in (due, digest) if moment is not None]
        return min(moments) + LOOKS_PAST if moments else None

    def _worded(self) -> str:
        here = self.now().astimezone(self.zone)
        return f"{here:%A} {here.day} {here:%B}, {here:%H:%M}"


def _happened(count: int) -> str:
    if count == 0:
        return "Nothing was due."
    return "One thing was due." if count == 1 else f"{count} things were due."
