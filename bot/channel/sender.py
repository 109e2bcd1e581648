"""The one who delivers: takes due rows from the outbox, keeps many chats in flight at once, one
message in flight a chat, and writes down in sets what became of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets as tokens
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.channel.delivery import LAST_RETRY, Delivery, Fate, Outcome
from bot.channel.limits import Limits
from bot.channel.refusals import TokenRefused, backoff
from storage import alarms, chat_messages, forgetting, outbox
from storage.engine import Conn, StorageError, Store
from storage.outbox import Claimed
from storage.outbox_rows import CONVERSATION
from storage.secrets import Secrets

log = logging.getLogger(__name__)

IN_FLIGHT: Final = 64
"""Chats written to at once. A round trip to Telegram takes 50 ms and more; its limit is 30/s."""

LEASE: Final = timedelta(minutes=5)
"""How long a claimed row is ours. Longer than waiting for its turn and two calls may take, so that
a row whose process died goes out again, and one that is merely slow does not go out twice."""

PATIENCE: Final = 60.0
"""Seconds that a claimed row may wait for its turn before it goes back into the queue."""

AHEAD: Final = 0.1
"""Seconds' worth of rows claimed before their turn under the rate: what is claimed already is
what a live answer can have to wait for."""

GATHER: Final = 0.05
"""Seconds in which results are gathered for one commit while a rate makes us wait anyway."""

TICK: Final = 2.0
"""Seconds between looks when nobody woke us: the safety net."""

GRACE: Final = 5.0
"""Seconds that calls in flight get to finish at a stop."""

STORE_FIRST: Final = 0.2
STORE_LAST: Final = 5.0


@dataclass(frozen=True, slots=True)
class Post:
    """Where the rows are."""

    store: Store
    secrets: Secrets
    now: Callable[[], datetime]  # the clock that the rows' due times were made with; it must run


class Sender:
    """One per process; several processes share the outbox through the leases of its rows."""

    def __init__(
        self, post: Post, delivery: Delivery, limits: Limits, in_flight: int = IN_FLIGHT
    ) -> None:
        self._post = post
        self._delivery = delivery
        self._limits = limits
        self._in_flight = in_flight
        self._ahead = max(1, round(limits.rate * AHEAD)) if limits.rate else in_flight
        self._news = asyncio.Event()
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._early: dict[asyncio.Task[None], Claimed] = {}  # those whose turn has not come
        self._outcomes: list[Outcome] = []
        self._nap = TICK
        self._store_failures = 0

    def wake(self) -> None:
        """Something new was committed to the outbox: look at once."""
        self._woken.set()
        self._news.set()

    async def run(self) -> None:
        """Deliver until stopped. Raises TokenRefused, after writing down what was done, when
        Telegram does not know the token any more."""
        try:
            while not self._stopping.is_set():
                refused = any(outcome.token_refused for outcome in self._outcomes)
                if await self._exchange(claim=not refused) and refused:
                    raise TokenRefused
                if not self._stopping.is_set():
                    await self._rest()
        finally:
            self._stopping.set()
            await self._wind_down()

    async def stop(self) -> None:
        """Claim no more; `run` then finishes what is in flight and returns."""
        self._stopping.set()
        self.wake()

    async def _exchange(self, claim: bool) -> bool:
        """Record what became of rows and claim new ones, in one transaction. False if the store
        failed: then nothing was recorded, and it is tried again."""
        outcomes, self._outcomes = self._outcomes, []
        self._nap = TICK
        room = self._room() if claim and not self._stopping.is_set() else 0
        if not outcomes and not room:
            return True
        rows: list[Claimed] = []
        try:
            async with self._post.store.write() as conn:
                now = self._post.now()
                await self._record(conn, outcomes, now)
                if room:
                    free = {o.row.recipient for o in outcomes if not self._cooling(o.row)}
                    rows = await self._claim(conn, now, room, frozenset(self._busy - free))
        except StorageError as error:
            self._outcomes = outcomes + self._outcomes
            self._store_failures += 1
            self._nap = backoff(self._store_failures, STORE_FIRST, STORE_LAST)
            log.error("outbox out of reach: %s", type(error).__name__)
            return False
        self._store_failures = 0
        for outcome in outcomes:
            self._cool(outcome.row)
        for row in rows:
            self._start(row)
        return True

    async def _record(self, conn: Conn, outcomes: Sequence[Outcome], now: datetime) -> None:
        done = [outcome.row.id for outcome in outcomes if outcome.fate is Fate.DELIVERED]
        if done:
            await outbox.delivered(conn, done)
        await self._note_numbers(conn, outcomes, now)
        await self._let_go(conn, outcomes)
        for outcome in outcomes:
            row = outcome.row
            if outcome.body is not None:
                await outbox.go_on(conn, self._post.secrets, row.id, outcome.body)
            match outcome.fate:
                case Fate.RETRY:
                    await outbox.retry(conn, row.id, now + timedelta(seconds=outcome.wait))
                case Fate.AWAY:
                    await outbox.hold_back(conn, row.recipient, row.version)
                case Fate.REFUSED:
                    why = outcome.alarm or "refused"
                    await outbox.refuse(conn, self._post.secrets, row.id, why)
                case Fate.DELIVERED | Fate.ONWARD:
                    pass
            if outcome.alarm:
                detail = f"outbox row {row.id}"
                await alarms.sound_once(conn, tokens.token_hex(16), now, outcome.alarm, detail)

    async def _note_numbers(self, conn: Conn, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Which messages stand in people's chats since, and which do not any more."""
        ours = [one for one in outcomes if one.row.recipient.startswith(CONVERSATION)]
        sent = [(_owner(one.row), one.sent) for one in ours if one.sent is not None]
        await chat_messages.remember(conn, sent, now)
        for one in ours:
            await chat_messages.forget(conn, _owner(one.row), one.gone)

    async def _let_go(self, conn: Conn, outcomes: Sequence[Outcome]) -> None:
        """The last words to somebody who is forgotten are said, or never can be."""
        last = [one for one in outcomes if one.row.kind == forgetting.LEAVING]
        said = [_owner(one.row) for one in last if one.fate is Fate.DELIVERED]
        never = (Fate.AWAY, Fate.REFUSED)
        if last:
            lost = [_owner(one.row) for one in last if one.fate in never]
            await forgetting.depart(conn, said, lost)

    async def _claim(
        self, conn: Conn, now: datetime, room: int, skip: frozenset[str]
    ) -> list[Claimed]:
        rows = await outbox.claim(conn, self._post.secrets, now, LEASE, room, skip)
        due = None if rows else await outbox.next_due(conn, now + timedelta(seconds=TICK))
        soon = TICK if due is None or due <= now else (due - now).total_seconds()
        self._nap = min(TICK, soon)
        return rows

    def _room(self) -> int:
        if self._limits.halted:
            self._nap = min(TICK, self._limits.halted)
            return 0
        return min(self._in_flight - len(self._tasks), self._ahead - len(self._early))

    def _start(self, row: Claimed) -> None:
        self._busy.add(row.recipient)
        task = asyncio.create_task(self._carry(row))
        self._tasks.add(task)
        self._early[task] = row
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._early.pop(task, None)
        self._news.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its row stays leased and is tried again when the lease ends.
            log.error("a delivery broke: %s", type(error).__name__)

    async def _carry(self, row: Claimed) -> None:
        task = asyncio.current_task()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._limits.message(row.chat_id)
        except TimeoutError:
            # Telegram was not asked yet, so the row goes back as it was.
            self._outcomes.append(Outcome(row, Fate.RETRY))
            return
        if task is not None:
            self._early.pop(task, None)
        if self._limits.rate:
            self._news.set()
        # In two lines: the list is swapped while we wait, and must be looked up after that.
        try:
            outcome = await self._delivery.deliver(row)
        # Whatever breaks over one row must not keep its person waiting without anybody knowing.
        except Exception as error:
            log.exception("delivery-broke", extra={"outbox": row.id, "error": error})
            outcome = Outcome(row, Fate.RETRY, LAST_RETRY, alarm="delivery-broke")
        self._outcomes.append(outcome)

    def _cooling(self, row: Claimed) -> float:
        return self._limits.chat_wait(row.chat_id)

    def _cool(self, row: Claimed) -> None:
        """A chat that may not be written to yet stays busy, so that it takes nobody's place."""
        if (wait := self._cooling(row)) > 0:
            asyncio.get_running_loop().call_later(wait, self._free, row.recipient)
        else:
            self._busy.discard(row.recipient)

    def _free(self, recipient: str) -> None:
        self._busy.discard(recipient)
        self._news.set()

    async def _rest(self) -> None:
        if self._store_failures:
            await _wait(self._stopping, self._nap)
        else:
            await _wait(self._news, self._nap)
            if self._limits.rate:
                await _wait(self._woken, GATHER)
        self._news.clear()
        self._woken.clear()

    async def _wind_down(self) -> None:
        for task, row in list(self._early.items()):
            task.cancel()
            self._outcomes.append(Outcome(row, Fate.RETRY))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not await self._exchange(claim=False):
            log.error("%d results could not be saved: those may go out twice", len(self._outcomes))


def _owner(row: Claimed) -> str:
    return row.recipient.removeprefix(CONVERSATION)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        # Not wait_for: before Python 3.12 it can swallow a cancellation.
        async with asyncio.timeout(seconds):
            await event.wait()
