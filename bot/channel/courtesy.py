"""Small politenesses after a turn: stop a button's spinner, take away buttons that were used. They
are worth trying once and not worth a row."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

from bot.channel.limits import Limits
from bot.channel.refusals import Refusal, judge
from bot.turns.arrival import Answered

log = logging.getLogger(__name__)

KEPT: Final = 1000
"""Most politenesses waiting; the oldest is dropped first: its spinner has stopped by itself."""

AT_ONCE: Final = 4
"""Few, so that they take little of the budget that answers need."""

GRACE: Final = 1.0
"""Seconds given at a stop to those that wait."""

Call = Callable[[], Awaitable[object]]


class Courtesy:
    """A bounded queue in memory and a few who work it off, under the limits that all share."""

    def __init__(self, bot: Bot, limits: Limits) -> None:
        self._bot = bot
        self._limits = limits
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._news = asyncio.Event()
        self._stopping = False

    def offer(self, answered: Sequence[Answered]) -> None:
        """What is left to do after a commit. Spinners first: they spin in people's hands."""
        for done in answered:
            if done.callback_id is not None:
                self._calls.append(self._answer(done.callback_id))
        for done in answered:
            if done.strip is not None:
                self._calls.append(self._strip(*done.strip))
        if self._calls:
            self._news.set()

    async def run(self) -> None:
        """Work until stopped."""
        await asyncio.gather(*(self._work() for _ in range(AT_ONCE)))

    async def stop(self) -> None:
        """Give what waits a moment, then drop it."""
        self._stopping = True
        self._news.set()
        asyncio.get_running_loop().call_later(GRACE, self._calls.clear)

    def _answer(self, callback_id: str) -> Call:
        return lambda: self._bot.answer_callback_query(callback_id)

    def _strip(self, chat_id: int, message_id: int) -> Call:
        return lambda: self._bot.edit_message_reply_markup(chat_id, message_id)

    async def _work(self) -> None:
        while True:
            while self._calls:
                await self._limits.call()
                if self._calls:
                    await self._try(self._calls.popleft())
            if self._stopping:
                return
            self._news.clear()
            await self._news.wait()

    async def _try(self, call: Call) -> None:
        try:
            await call()
        except TelegramError as error:
            verdict = judge(error)
            if verdict.refusal is Refusal.SLOW:
                self._limits.halt(verdict.wait.total_seconds())
            if verdict.refusal not in (Refusal.DONE, Refusal.AWAY):
                log.warning("a courtesy was refused: %s", verdict.refusal)
