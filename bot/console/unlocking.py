"""The slow work of a sign-in, kept off the event loop and within bounds: Argon2id takes 64 MiB and
about half a second of a core each time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from storage.sealing import WrongPassphrase
from storage.staff import StaffRow

AT_ONCE: Final = 2
MOST_WAITING: Final = 16

T = TypeVar("T")
Unlock = Callable[[StaffRow, str], bytes]


class Unlocking:
    """Runs `unlock` in threads, a few at a time."""

    def __init__(self, unlock: Unlock) -> None:
        self._unlock = unlock
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._inside = 0

    @property
    def full(self) -> bool:
        """Whether so many wait already that the next one should be told to come back."""
        return self._inside >= AT_ONCE + MOST_WAITING

    async def work(self, call: Callable[..., T], *given: object) -> T:
        """Other work that costs as much, under the same bounds."""
        self._inside += 1
        try:
            async with self._slots:
                return await asyncio.to_thread(call, *given)
        finally:
            self._inside -= 1

    async def run(self, row: StaffRow, passphrase: str) -> bytes | None:
        """The private key, or None when the passphrase is wrong. Raises SealError when the lock is
        damaged, so that no passphrase opens it."""
        try:
            return await self.work(self._unlock, row, passphrase)
        except WrongPassphrase:
            return None
