"""Tells pages, tests and load drivers that a chat has changed, by one counter for the world."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class News:
    """A counter that grows with each change, and those who wait for it to grow."""

    def __init__(self) -> None:
        self.counter = 0
        self.closed = False
        self._last: dict[int, int] = {}
        self._waiters: defaultdict[int | None, set[asyncio.Future[None]]] = defaultdict(set)

    def touch(self, chat_id: int) -> None:
        """Something in this chat has changed."""
        self.counter += 1
        self._last[chat_id] = self.counter
        self._wake(chat_id)
        self._wake(None)

    def changed(self, since: int, chat_id: int | None = None) -> list[int]:
        """The chats that changed after ``since``."""
        if chat_id is not None:
            return [chat_id] if self._last.get(chat_id, 0) > since else []
        return [chat for chat, counter in self._last.items() if counter > since]

    async def wait(self, since: int, chat_id: int | None, seconds: float) -> list[int]:
        """The chats that changed after ``since``, waiting up to ``seconds`` for the first."""
        found = self.changed(since, chat_id)
        if found or self.closed or seconds <= 0:
            return found
        waiter = asyncio.get_running_loop().create_future()
        self._waiters[chat_id].add(waiter)
        try:
            await asyncio.wait({waiter}, timeout=seconds)
        finally:
            self._waiters[chat_id].discard(waiter)
        return self.changed(since, chat_id)

    def close(self) -> None:
        """Let everyone who waits go home."""
        self.closed = True
        for key in list(self._waiters):
            self._wake(key)

    def _wake(self, key: int | None) -> None:
        for waiter in self._waiters.get(key, ()):
            if not waiter.done():
                waiter.set_result(None)
