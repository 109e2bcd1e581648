"""Telegram's rates, kept on our side: so many calls a second overall and one message a second in a
chat, 20 a minute in a group (Bot FAQ, "My bot is hitting limits"), with a halt for everybody when
Telegram asks for it."""

from __future__ import annotations

import asyncio
import random
from time import monotonic
from typing import Final

CHAT_GAP: Final = 1.05
"""Seconds between two messages to one chat: the FAQ's one a second, and a little for drift."""

GROUP_GAP: Final = 3.05
"""The same for a group, whose ids are negative. Telegram's wait for one chat halts everybody, so a
group must never be the one that is written to too fast."""

RESUME_SPREAD: Final = 0.5
"""Most seconds of jitter added to a halt, so that several processes do not resume together."""

FORGET_ABOVE: Final = 1000


class Limits:
    """The budget that all outgoing calls share. `rate` is calls a second; 0 means no limits of our
    own, overall or in a chat, but a halt is obeyed all the same. All times are real and monotonic.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._gate = asyncio.Lock()
        self._next = 0.0
        self._halted_until = 0.0
        self._chats: dict[int, float] = {}

    @property
    def halted(self) -> float:
        """Seconds until calls may go again; 0 when they may go now."""
        return max(0.0, self._halted_until - monotonic())

    def chat_wait(self, chat_id: int) -> float:
        """Seconds until one more message may go to this chat; 0 when it may go now."""
        return max(0.0, self._chats.get(chat_id, 0.0) - monotonic())

    async def message(self, chat_id: int) -> None:
        """Wait until one more message may go to this chat."""
        while (wait := self.chat_wait(chat_id)) > 0:  # noqa: ASYNC110 -- a time, not an event
            await asyncio.sleep(wait)
        self._spend_chat(chat_id)
        await self.call()
        # Again: the wait for everybody's turn may have used up this chat's gap.
        self._spend_chat(chat_id)

    async def call(self) -> None:
        """Wait until one more call may go. Whoever asked first goes first."""
        async with self._gate:
            # Asked again after each sleep: a halt may have come meanwhile.
            while (wait := self._until_next()) > 0:  # noqa: ASYNC110 -- a time, not an event
                await asyncio.sleep(wait)
            if self.rate:
                self._next = max(self._next, monotonic() - 1 / self.rate) + 1 / self.rate

    def halt(self, seconds: float) -> float:
        """Let nobody call for this long and a little more; returns the seconds, jitter included."""
        spread = min(RESUME_SPREAD, seconds / 2)
        whole = seconds + random.uniform(0, spread)  # noqa: S311 -- jitter, not a secret
        self._halted_until = max(self._halted_until, monotonic() + whole)
        return whole

    def _until_next(self) -> float:
        return max(self._next, self._halted_until) - monotonic()

    def _spend_chat(self, chat_id: int) -> None:
        if not self.rate:
            return
        now = monotonic()
        if len(self._chats) > FORGET_ABOVE:
            self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        self._chats[chat_id] = now + (CHAT_GAP if chat_id > 0 else GROUP_GAP)
