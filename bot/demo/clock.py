"""The demo's clock: moved by a button, and whatever falls due on the way happens at its moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.app import Heard
from bot.clock import MovableClock
from bot.digests.daily import next_digest
from bot.sandbox import Step
from bot.turns.nudges import NUDGE
from bot.turns.people import working
from storage import alerts, concerns, conversations, outbox, staff

STEPS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
LOOKS_PAST: Final = timedelta(seconds=1)
LOOK_EVERY: Final = 0.05  # seconds
MOST_LOOKS: Final = 100
DIGEST: Final = "daily list"
PROMISE: Final = "promise"
ALERT: Final = "alert"
SAID: Final = {
    DIGEST: "The daily list went out.",
    PROMISE: "A promised date came.",
    ALERT: "Nobody had seen an alert, so it went to the next in line.",
    NUDGE: "Somebody was reminded of what they had not sent.",
}


@dataclass(frozen=True, slots=True)
class _Due:
    at: datetime
    what: str


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
        following = await self._next_event(self.heard)
        if step == "next" and following is None:
            return f"Nothing is waiting for a date. It is still {self._worded()}."
        if step in STEPS:
            target = self.now() + STEPS[step]
        else:
            target = following.at if following else self.now()
        happened = set()
        while following is not None and following.at <= target:
            await self._move(self.heard, following.at)
            happened.add(following.what)
            following = await self._next_event(self.heard)
        if target > self.now():
            await self._move(self.heard, target)
        said = [words for what, words in SAID.items() if what in happened]
        return " ".join([f"It is now {self._worded()}.", *(said or ["Nothing was due."])])

    async def _move(self, heard: Heard, moment: datetime) -> None:
        """What falls due is also delivered, before time goes on: it bears the hour it came at."""
        self.clock.move_to(max(moment, self.now()))
        await heard.ticks.look_now()
        for _ in range(MOST_LOOKS):
            async with heard.store.read() as conn:
                waits = await outbox.next_due(conn)
            if waits is None or waits > self.now():
                return
            await asyncio.sleep(LOOK_EVERY)

    async def _next_event(self, heard: Heard) -> _Due | None:
        """The next promise, digest, reminder or step of an alert, in business time."""
        async with heard.store.read() as conn:
            due = await concerns.next_due(conn)
            nudge = await conversations.next_due(conn, NUDGE)
            alert = await alerts.next_due(conn)
            everyone = working(await staff.everyone(conn, heard.keys))
        linked = [member for member in everyone if member.linked]
        digest = next_digest(heard.house, linked, self.now())
        if nudge is not None:
            nudge = heard.house.calendar.by_day(max(nudge, self.now()))
        coming = [
            _Due(at + LOOKS_PAST, what)
            for at, what in ((due, PROMISE), (digest, DIGEST), (nudge, NUDGE), (alert, ALERT))
            if at is not None
        ]
        return min(coming, key=lambda one: one.at, default=None)

    def _worded(self) -> str:
        here = self.now().astimezone(self.zone)
        return f"{here:%A} {here.day} {here:%B}, {here:%H:%M}"
