"""Fetches what people attached, in the background: a few at a time, sealed as it comes in, so that
no file is ever whole in memory and one that cannot be had holds up nobody."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets as chance
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError

from bot.channel.download import (
    FileRefusedError,
    FileTooBigError,
    connections,
    locate,
    pieces,
)
from bot.channel.limits import Limits
from bot.channel.refusals import Refusal, backoff, judge
from bot.clock import Clock
from bot.turns.absent import wordings
from bot.turns.files import Task, lost
from bot.turns.house import House, Scene
from storage import alarms, concerns, file_jobs, outbox
from storage.engine import Conn, StorageError, Store
from storage.file_bytes import FileSealer
from storage.file_jobs import Job
from storage.secrets import Secrets

log = logging.getLogger(__name__)

AT_ONCE: Final = 4
"""Files fetched at once: they must leave the line and the database to messages."""

LEASE: Final = timedelta(minutes=15)
TRY_SECONDS: Final = 600.0
"""A try ends well before its lease does, so that no second one begins beside it."""

ROWS_A_COMMIT: Final = 4
"""Rows of 256 KiB in a transaction: long enough to be few, short enough to keep nobody waiting."""

FIRST_RETRY: Final = 2.0
LAST_RETRY: Final = 1800.0
"""Seconds before a file is tried again: doubled from the first to the last."""

PATIENCE: Final = timedelta(hours=12)
LEAST_TRIES: Final = 8
"""A file is given up after both: a night offline is not a file that cannot be had."""

REFUSED_TRIES: Final = 8
"""Telegram says "wrong file_id or the file is temporarily unavailable" in one breath, so it is
asked a few times."""

TICK: Final = 2.0
STORE_LAST: Final = 30.0


class _NotOursError(Exception):
    """The file is not wanted any more, or a later try has it."""


@dataclass(frozen=True, slots=True)
class Desired:
    """What the fetcher works with."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    told: Callable[[], None]  # something new is in the outbox


class Fetching:
    """One per process; several share the jobs through the leases of their rows."""

    def __init__(self, parts: Desired, bot: Bot, limits: Limits) -> None:
        self._parts = parts
        self._bot = bot
        self._limits = limits
        self._tasks: dict[asyncio.Task[None], Job] = {}
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self._store_failures = 0

    async def run(self) -> None:
        """Fetch until stopped."""
        async with connections(AT_ONCE) as session:
            try:
                await self._take_back()
                while not self._stopping.is_set():
                    nap = await self._look(session)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(nap):
                            await self._news.wait()
                    self._news.clear()
            finally:
                await self._wind_down()

    async def stop(self) -> None:
        """Leave what is in hand for the next start."""
        self._stopping.set()
        self._news.set()

    def wake(self) -> None:
        """There may be a new file: look at once."""
        self._news.set()

    async def _take_back(self) -> None:
        """Jobs that a killed process had. With several processes their leases tell."""
        if self._parts.store.is_sqlite:
            with contextlib.suppress(StorageError):  # then their leases end by themselves
                async with self._parts.store.write() as conn:
                    await file_jobs.reset_claims(conn)

    async def _look(self, session: aiohttp.ClientSession) -> float:
        """Begin what can begin; return how long to rest."""
        room = AT_ONCE - len(self._tasks)
        if not room:
            return TICK
        now = self._parts.clock.now()
        try:
            async with self._parts.store.read() as conn:
                due = await file_jobs.next_due(conn)
            if due is None or due > now:
                return TICK if due is None else min(TICK, (due - now).total_seconds())
            async with self._parts.store.write() as conn:
                jobs = await file_jobs.claim(conn, self._parts.keys, now, LEASE, room)
        except StorageError as error:
            self._store_failures += 1
            log.error("files-out-of-reach", extra={"error": error})
            return backoff(self._store_failures, TICK, STORE_LAST)
        self._store_failures = 0
        for job in jobs:
            task = asyncio.create_task(self._carry(session, job))
            self._tasks[task] = job
            task.add_done_callback(self._ended)
        return TICK

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        self._news.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its row stays leased and is tried again when the lease ends.
            log.error("file-try-broke", extra={"error": error})

    async def _carry(self, session: aiohttp.ClientSession, job: Job) -> None:
        try:
            async with asyncio.timeout(TRY_SECONDS):
                await self._fetch(session, job)
        except _NotOursError:
            log.info("file-not-wanted", extra={"file": job.file_id})
        except StorageError as error:
            log.error("file-not-stored", extra={"file": job.file_id, "error": error})
            with contextlib.suppress(StorageError):  # then its lease ends by itself
                await self._later(job)
        except FileTooBigError:
            await self._give_up(job)
        except FileRefusedError as refused:
            if job.attempts < REFUSED_TRIES:
                await self._later(job)
            else:
                await self._give_up(job, "file-refused" if refused.ours else None)
        except (TelegramError, TimeoutError) as error:
            await self._met(job, error)
        # Whatever breaks over one file must not keep its person waiting without anybody knowing.
        except Exception as error:
            log.exception("file-broke", extra={"file": job.file_id, "error": error})
            await self._wait_for(job, LAST_RETRY, "file-broke")

    async def _fetch(self, session: aiohttp.ClientSession, job: Job) -> None:
        """Seal the file into its rows from the first to the last, whatever an earlier try left."""
        if job.damaged:
            await self._give_up(job, "file-job-damaged")
            return
        store, ticket = self._parts.store, Task.of(job.task).ticket
        await self._limits.call()
        place = await locate(self._bot, ticket)
        async with store.write() as conn:
            _ours(await file_jobs.begin(conn, job))
        sealer, full, first = FileSealer(job.file_id, job.public), list[bytes](), 0
        async with contextlib.aclosing(pieces(session, self._bot, place)) as coming:
            async for piece in coming:
                full += sealer.feed(piece)
                if len(full) >= ROWS_A_COMMIT:
                    async with store.write() as conn:
                        _ours(await self._append(conn, job, first, full))
                    first, full = first + len(full), []
        last, about = sealer.finish(place.ending)
        async with store.write() as conn:
            _ours(await self._append(conn, job, first, [*full, last]))
            _ours(await file_jobs.kept(conn, job, about))
        log.info("file-kept", extra={"file": job.file_id, "attempt": job.attempts})

    async def _append(self, conn: Conn, job: Job, first: int, bodies: list[bytes]) -> bool:
        until = self._parts.clock.now() + LEASE
        return await file_jobs.append(conn, job, first, bodies, until)

    async def _met(self, job: Job, error: TelegramError | TimeoutError) -> None:
        """Their bad day, or the way there."""
        met = error if isinstance(error, TelegramError) else NetworkError("timed out")
        verdict = judge(met)
        log.warning("file-not-fetched", extra={"file": job.file_id, "error": error})
        if verdict.refusal is Refusal.SLOW:
            await self._wait_for(job, self._limits.halt(verdict.wait.total_seconds()))
            return
        if verdict.refusal is Refusal.TOKEN:
            await self._wait_for(job, LAST_RETRY, "token-refused")
            return
        waited = self._parts.clock.now() - job.created_at
        if waited > PATIENCE and job.attempts >= LEAST_TRIES:
            await self._give_up(job)
        else:
            await self._later(job)

    async def _later(self, job: Job) -> None:
        await self._wait_for(job, backoff(job.attempts, FIRST_RETRY, LAST_RETRY))

    async def _wait_for(self, job: Job, seconds: float, alarm: str | None = None) -> None:
        async with self._parts.store.write() as conn:
            now = self._parts.clock.now()
            await file_jobs.retry(conn, job, now + timedelta(seconds=seconds))
            if alarm is not None:
                await alarms.sound_once(conn, chance.token_hex(16), now, alarm, job.file_id)

    async def _give_up(self, job: Job, alarm: str | None = None) -> None:
        """The file cannot be kept. Whoever sent it is told, in the same transaction."""
        parts = self._parts
        async with parts.store.write() as conn:
            now = parts.clock.now()
            if not await file_jobs.give_up(conn, job):
                return
            if alarm is not None:
                await alarms.sound_once(conn, chance.token_hex(16), now, alarm, job.file_id)
            task = await self._task(conn, job)
            if task is not None:
                whom, scene = task.conversation_id, Scene(parts.house, now, ())
                wording = (await wordings(conn, parts.keys, scene, [whom]))[whom]
                told = lost(wording, parts.house.calendar, task, job.created_at, now)
                await outbox.put(conn, parts.keys, [told], now)
        log.warning("file-lost", extra={"file": job.file_id, "attempt": job.attempts})
        parts.told()

    async def _task(self, conn: Conn, job: Job) -> Task | None:
        """What the file was and whom to tell. A job whose key is gone, as after a restore, does not
        say; if the file was sent, its concern knows whom."""
        if not job.damaged:
            return Task.of(job.task)
        if job.concern_id is None:
            return None
        found = await concerns.return_addresses(conn, self._parts.keys, [job.concern_id])
        whom = found.get(job.concern_id)
        return None if whom is None else Task("", "", whom)

    async def _wind_down(self) -> None:
        left = dict(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        with contextlib.suppress(StorageError):  # then their leases end by themselves
            for job in left.values():
                await self._wait_for(job, 0)


def _ours(still: bool) -> None:
    if not still:
        raise _NotOursError


def fetching(
    ours: tuple[Store, Secrets, House, Clock, Callable[[], None]], bot: Bot, limits: Limits
) -> Fetching:
    """The fetcher of a process, from the parts that its turns work with."""
    return Fetching(Desired(*ours), bot, limits)
