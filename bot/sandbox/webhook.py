"""Delivers updates to the bot's webhook: in order within a chat, several chats at once, again
after any failure.

Telegram retries at once, then after 2, 4, 8 … seconds, and forgets an update after 24 hours
(tdlib/telegram-bot-api, ``WebhookActor::on_update_error``). Unlike Telegram, which queues taps and
messages of a chat apart, order here spans both.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import asdict, dataclass, replace
from typing import Any

import aiohttp

from bot.sandbox.updates import Pending
from bot.sandbox.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
ANSWER_SECONDS = 60.0
"""How long Telegram waits for the bot's answer (tdlib/telegram-bot-api issue 341)."""

LONGEST_PAUSE = 60
"""The backoff grows to this many first pauses."""

LONGEST_RETRY_AFTER = 3600


@dataclass(slots=True)
class Webhook:
    """Where updates go; ``max_connections`` bounds the calls in flight."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = "127.0.0.1"
    last_error: str = ""
    last_error_date: int = 0


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What came of one call: ``error`` is empty when the bot took it, ``wait`` is in seconds."""

    error: str = ""
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class _Line:
    """The open line to one webhook."""

    session: aiohttp.ClientSession
    webhook: Webhook
    slots: asyncio.Semaphore

    @classmethod
    def open(cls, webhook: Webhook) -> _Line:
        session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
            connector=aiohttp.TCPConnector(limit=0),
        )
        return cls(session, webhook, asyncio.Semaphore(webhook.max_connections))

    async def post(self, pending: Pending) -> _Attempt:
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers[SECRET_HEADER] = self.webhook.secret
        body = json.dumps(pending.body()).encode()
        url = self.webhook.url
        try:
            async with (
                self.slots,
                self.session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                await answer.read()
        except TimeoutError:
            return _Attempt("Read timeout expired")
        except aiohttp.ClientConnectorError:
            return _Attempt("Connection refused")
        except aiohttp.ClientError:
            return _Attempt("Connection closed")
        if answer.ok and answer.status < 300:
            return _Attempt()
        wait = answer.headers.get("Retry-After", "")
        return _Attempt(
            f"Wrong response from the webhook: {answer.status} {answer.reason}",
            float(min(int(wait), LONGEST_RETRY_AFTER)) if wait.isdecimal() else 0.0,
        )


class Deliverer:
    """Empties the queue into a webhook while one is set.

    ``first_pause`` is the base of the backoff in seconds.
    """

    def __init__(self, world: World, first_pause: float = 1.0) -> None:
        self._world = world
        self._first_pause = first_pause
        self._line: _Line | None = None
        self._lanes: dict[int, deque[Pending]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def webhook(self) -> Webhook | None:
        """The one that is set."""
        return self._line.webhook if self._line is not None else None

    async def set(self, webhook: Webhook | None) -> None:
        """Stop what is under way and begin to deliver to this webhook; None ends delivery."""
        await self.stop()
        if webhook is None:
            return
        self._line = _Line.open(webhook)
        for pending in self._world.updates.waiting():
            self.accept(pending)

    def delivers_to(self, webhook: Webhook) -> bool:
        """Whether this very webhook is set already; what happened to it does not count."""
        now = self.webhook
        return now is not None and webhook == replace(now, last_error="", last_error_date=0)

    def accept(self, pending: Pending) -> None:
        """Queue one update behind its chat's others; nothing happens without a webhook."""
        if self._line is None:
            return
        lane = self._lanes.get(pending.chat_id)
        if lane is not None:
            lane.append(pending)
            return
        self._lanes[pending.chat_id] = deque([pending])
        task = asyncio.get_running_loop().create_task(self._run(self._line, pending.chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, line: _Line, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        while lane:
            await self._deliver(line, lane[0])
            lane.popleft()
        del self._lanes[chat_id]

    async def _deliver(self, line: _Line, pending: Pending) -> None:
        failures = 0
        while self._still_waits(pending):
            attempt = await line.post(pending)
            if not attempt.error:
                self._world.updates.done(pending)
                return
            line.webhook.last_error = attempt.error
            line.webhook.last_error_date = self._world.unix()
            failures += 1
            pauses = 0 if failures == 1 else min(2 ** (failures - 1), LONGEST_PAUSE)
            await asyncio.sleep(attempt.wait or pauses * self._first_pause)

    def _still_waits(self, pending: Pending) -> bool:
        self._world.updates.forget_expired(self._world.unix())
        return self._world.updates.holds(pending)

    async def stop(self) -> None:
        """Cut what is in flight; updates not answered for stay in the queue."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()
        if self._line is not None:
            await self._line.session.close()
            self._line = None

    def to_json(self) -> dict[str, Any] | None:
        """What ``set`` needs after a restart."""
        return None if self.webhook is None else asdict(self.webhook)
