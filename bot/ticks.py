"""Ticks that only look: every due time is a column, so a late or doubled tick changes nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from storage.engine import StorageError

log = logging.getLogger(__name__)

Look = Callable[[], Awaitable[object]]

PROMISES_EVERY: Final = timedelta(seconds=30)
DIGESTS_EVERY: Final = timedelta(seconds=30)
NUDGES_EVERY: Final = timedelta(minutes=1)
KEEPING_EVERY: Final = timedelta(minutes=15)


@dataclass
class Ticks:
    """What is looked at, and how often. `look_now` runs each once, in order: what a moved clock
    calls. Two looks at the same thing never overlap."""

    looks: Mapping[str, tuple[timedelta, Look]]
    _scheduler: AsyncIOScheduler = field(default_factory=AsyncIOScheduler)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    _looking: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _stopping: bool = False

    def start(self) -> None:
        for name, (every, look) in self.looks.items():
            self._scheduler.add_job(
                self._tick,
                IntervalTrigger(seconds=int(every.total_seconds())),
                args=(name, look),
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Start nothing more, and wait for the look in hand."""
        self._stopping = True
        self._scheduler.shutdown(wait=False)
        await asyncio.gather(*self._looking.values())
        async with self._busy:
            pass

    async def look_now(self) -> None:
        for name, (_, look) in self.looks.items():
            await self._look(name, look)

    async def _tick(self, name: str, look: Look) -> None:
        """A task of its own, because the scheduler cancels its jobs when it shuts down."""
        if name not in self._looking:
            task = self._looking[name] = asyncio.create_task(self._look(name, look))
            task.add_done_callback(lambda _: self._looking.pop(name))

    async def _look(self, name: str, look: Look) -> None:
        async with self._busy:
            if self._stopping:
                return
            try:
                await look()
            except StorageError as error:
                log.error(
                    "tick failed: %s; looked at again next time", type(error), extra={"step": name}
                )
            except Exception:  # a bug in one look must stop neither the others nor the start
                log.exception("tick-failed", extra={"step": name})
