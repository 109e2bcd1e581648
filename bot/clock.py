"""Business time, injected: everything that waits for a date asks a Clock, so that the demo and the
tests can move a year in a moment. Sessions, rate limits and Telegram's waits use real time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that is moved by hand, and only forward: what was promised by a date stays behind it.

    It stands still unless `passing` is given, which returns seconds that only grow (the demo gives
    time.monotonic, so that its clock walks on between moves).
    """

    def __init__(self, start: datetime, passing: Callable[[], float] | None = None) -> None:
        self._passing = passing or (lambda: 0.0)
        self._set(start)

    def now(self) -> datetime:
        return self._base + timedelta(seconds=self._passing() - self._base_passing)

    def move_to(self, moment: datetime) -> None:
        """Raises ValueError for a moment that has passed already or has no time zone."""
        if moment.tzinfo is None or moment < self.now():
            raise ValueError("a clock moves forward, to an aware moment")
        self._set(moment)

    def _set(self, moment: datetime) -> None:
        self._base = moment.astimezone(UTC)
        self._base_passing = self._passing()
