"""How well people are heard, as numbers that shame no one: of teams, never of persons, and small
ones not shown.

Pure: it gets counts and moments, of concerns that the reader may read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.casework.working_days import DAY, Calendar

HALF: Final = 50
NINE_IN_TEN: Final = 90
FEWEST: Final = 5  # as for every number that is printed: bot/admin/suppressed.py
FEWEST_FOR_NINE: Final = 10  # under ten, the ninth of ten is nearly always one person's
FEW: Final = f"<{FEWEST}"
NEARLY_ALL: Final = "nearly all"
NOTHING: Final = "none"
_STEP: Final = 5


def percentile(days: Mapping[int, int], percent: int) -> int:
    """The nearest-rank percentile of how many took each number of days: the smallest number within
    which at least that share was done. Raises ValueError for nothing."""
    total = sum(days.values())
    if not total:
        raise ValueError("no percentile of nothing")
    rank = -(-total * percent // 100)
    so_far = 0
    for number in sorted(days):
        so_far += days[number]
        if so_far >= rank:
            return number
    raise ValueError("a share of more than all")


def spread(days: Mapping[int, int]) -> tuple[str, str]:
    """What is shown of durations: within how many days half, and nine in ten, were done."""
    total = sum(days.values())
    half = str(percentile(days, HALF)) if total >= FEWEST else FEW if total else NOTHING
    nine = str(percentile(days, NINE_IN_TEN)) if total >= FEWEST_FOR_NINE else NOTHING
    return half, nine


def share(part: int, whole: int) -> str:
    """A share to the nearest 5%, that leads to no small number: neither of those it counts nor of
    the rest."""
    if not whole:
        return NOTHING
    if whole < FEWEST or part < FEWEST:
        return FEW
    if whole - part < FEWEST:
        return NEARLY_ALL
    return f"{(200 * part + _STEP * whole) // (2 * _STEP * whole) * _STEP}%"


@dataclass
class Days:
    """Counts days between dates; what it knows of one pair it does not count again."""

    calendar: Calendar
    _working: dict[tuple[date, date], int] = field(default_factory=dict)

    def working(self, first: date, last: date) -> int:
        """Working days after the first up to the last, as promises count them."""
        known = self._working.get((first, last))
        if known is None:
            day, known = first, 0
            while day < last:
                day += DAY
                known += self.calendar.is_working_day(day)
            self._working[first, last] = known
        return known


@dataclass
class Durations:
    """How long one team took, by number of days."""

    acknowledged: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)

    def add(self, other: Durations) -> None:
        self.acknowledged.update(other.acknowledged)
        self.answered.update(other.answered)
