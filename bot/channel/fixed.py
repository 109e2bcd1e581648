"""The one message that goes out when nothing can be saved. It cannot be a row, so it leaves
outside the outbox: silence on a bad day is the one thing people must not meet."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from time import monotonic
from typing import Final

from telegram import Bot, LinkPreviewOptions
from telegram.error import TelegramError

from bot.channel.limits import Limits
from bot.channel.refusals import Refusal, judge

log = logging.getLogger(__name__)

PATIENCE: Final = 10.0
"""Seconds of real time that saving may fail before people are told (design, section 6)."""

ONCE_IN: Final = 3600.0
"""Seconds before the same chat is told again (design, section 6)."""


class Fixed:
    """Watches how long people wait for a commit. Keeps chat ids in memory only."""

    def __init__(self, bot: Bot, limits: Limits, text: str, patience: float = PATIENCE) -> None:
        self._bot = bot
        self._limits = limits
        self._text = text
        self._patience = patience
        self._waiting: set[int] = set()
        self._told: dict[int, float] = {}
        self._numbers: dict[int, set[int]] = {}  # of our messages, to be noted when that works
        self._timer: asyncio.TimerHandle | None = None
        self._overdue = False
        self._telling: asyncio.Task[None] | None = None

    def waiting(self, chats: Iterable[int]) -> None:
        """These wait for their words to be saved. The first to wait starts the clock; a commit that
        hangs is as bad as one that fails, so this is called before trying."""
        # Groups and channels have negative ids; nobody there raised a concern.
        self._waiting.update(chat for chat in chats if chat > 0)
        if not self._waiting:
            return
        if self._overdue:
            self._tell()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._patience, self._run_out)

    def numbers(self, chat_id: int | None) -> tuple[int, ...]:
        """The fixed messages that stand in this chat and were not noted yet."""
        return tuple(self._numbers.get(chat_id or 0, ()))

    def noted(self, chat_id: int | None, numbers: Iterable[int]) -> None:
        """These were noted, with the words of their person."""
        left = self._numbers.pop(chat_id or 0, set()).difference(numbers)
        if left:
            self._numbers[chat_id or 0] = left

    def saved(self) -> None:
        """Saving works (again)."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._overdue = False
        self._waiting.clear()

    async def stop(self) -> None:
        """Forget everybody; whoever still waits is on Telegram's list, not on ours."""
        self.saved()
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)

    def _run_out(self) -> None:
        self._overdue = True
        log.error("nothing could be saved for %.0f s: telling those who wait", self._patience)
        self._tell()

    def _tell(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_everybody())

    async def _tell_everybody(self) -> None:
        while chat_id := self._next():
            self._told[chat_id] = monotonic()
            if not await self._tell_one(chat_id):
                del self._told[chat_id]
                return

    def _next(self) -> int | None:
        now = monotonic()
        self._told = {chat: at for chat, at in self._told.items() if now - at < ONCE_IN}
        return next((chat for chat in self._waiting if chat not in self._told), None)

    async def _tell_one(self, chat_id: int) -> bool:
        """False when it is not known to have gone and the next who waits should find it undone."""
        await self._limits.message(chat_id)
        try:
            sent = await self._bot.send_message(
                chat_id, self._text, link_preview_options=LinkPreviewOptions(is_disabled=True)
            )
        except TelegramError as error:
            verdict = judge(error)
            log.warning("a fixed message was refused: %s", verdict.refusal)
            if verdict.refusal is Refusal.SLOW:
                self._limits.halt(verdict.wait.total_seconds())
            return verdict.refusal not in (Refusal.SLOW, Refusal.NETWORK, Refusal.TOKEN)
        self._numbers.setdefault(chat_id, set()).add(sent.message_id)
        return True
