"""Telegram's flood limits on sending: about 30 messages a second overall and one a second in a
chat (Bot FAQ).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from bot.sandbox.refusals import too_many_requests

OVERALL_PER_SECOND = 30.0
OVERALL_BURST = 30
CHAT_PER_SECOND = 1.0
CHAT_BURST = 3
"""The FAQ allows "short bursts" in a chat without a number; three is this sandbox's reading."""


class Limits:
    """Two leaky buckets on real time, because flood limits do not follow a moved business clock."""

    def __init__(self, monotonic: Callable[[], float], on: bool) -> None:
        self.on = on
        self._monotonic = monotonic
        self._overall = 0.0
        self._chats: dict[int, float] = {}

    def spend(self, chat_id: int) -> None:
        """Count one message to this chat. Raises a 429 and counts nothing when there were too
        many.
        """
        if not self.on:
            return
        now = self._monotonic()
        overall = max(self._overall, now)
        chat = max(self._chats.get(chat_id, 0.0), now)
        wait = max(
            overall - now - (OVERALL_BURST - 1) / OVERALL_PER_SECOND,
            chat - now - (CHAT_BURST - 1) / CHAT_PER_SECOND,
        )
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        self._overall = overall + 1 / OVERALL_PER_SECOND
        self._chats[chat_id] = chat + 1 / CHAT_PER_SECOND
