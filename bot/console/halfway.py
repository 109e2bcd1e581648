"""Sign-ins whose passphrase was right and whose code is still to come. Like sessions they carry an
unlocked key, so they are held in memory only, for minutes, and wiped when they end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.console.sessions import key_of

LASTS_SECONDS: Final = 5 * 60
MOST: Final = 200  # at once; the oldest goes first
TRIES: Final = 5  # codes, before the passphrase is asked for again

Later = Callable[[float, Callable[[], None]], None]


@dataclass(slots=True)
class Half:
    """Half a sign-in. `until` is a second of the monotonic clock, `after` the page asked for."""

    staff_id: str
    public_key: bytes
    after: str
    until: float
    tries: int
    _private: bytearray = field(repr=False)

    @property
    def private(self) -> bytes:
        return bytes(self._private)

    def wipe(self) -> None:
        self._private[:] = bytes(len(self._private))


class Halfway:
    """All half sign-ins of this process, by the hash of their token, as in `Sessions`."""

    def __init__(self, monotonic: Callable[[], float], later: Later) -> None:
        self._now = monotonic
        self._later = later
        self._waiting: dict[bytes, Half] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def begin(self, staff_id: str, public_key: bytes, private: bytes, after: str) -> str:
        """Keep a right passphrase's key until the code comes; returns a new random token."""
        self.sweep()
        while len(self._waiting) >= MOST:
            self._drop(next(iter(self._waiting)))
        token, until = secrets.token_urlsafe(32), self._now() + LASTS_SECONDS
        self._waiting[key_of(token)] = Half(
            staff_id, public_key, after, until, TRIES, bytearray(private)
        )
        self._later(LASTS_SECONDS + 1, self.sweep)
        return token

    def find(self, token: str) -> Half | None:
        self.sweep()
        return self._waiting.get(key_of(token))

    def end(self, token: str) -> None:
        self._drop(key_of(token))

    def end_all_of(self, staff_id: str) -> None:
        """Their passphrase or their phone was changed: what was begun with the old one ends."""
        for key, half in list(self._waiting.items()):
            if half.staff_id == staff_id:
                self._drop(key)

    def sweep(self) -> None:
        """Wipe what waited too long."""
        for key, half in list(self._waiting.items()):
            if self._now() >= half.until:
                self._drop(key)

    def _drop(self, key: bytes) -> None:
        half = self._waiting.pop(key, None)
        if half is not None:
            half.wipe()
