"""Growing delays after failed sign-ins, so that guessing a passphrase takes years and mistyping
one takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MOST_KEYS = 10_000  # names tried are remembered up to here, so that memory is bounded


@dataclass(frozen=True, slots=True)
class Rule:
    """`free` failures cost nothing; each later one doubles a delay from `first` to `longest`
    seconds. `forget` seconds without a failure clear the record."""

    free: int
    first: float
    longest: float
    forget: float


# Our own numbers. Per name: about 300 guesses a day at the most. For everybody together: enough for
# a whole hospital's handover, and a short longest delay, because a stranger could cause it.
PER_NAME = Rule(free=5, first=2, longest=300, forget=3600)
OVERALL = Rule(free=30, first=1, longest=5, forget=60)
# Codes of a phone, by member: only whoever has the passphrase comes so far. About 30 a day, of a
# million, three of which are good at any moment.
PER_CODE = Rule(free=5, first=30, longest=3600, forget=24 * 3600)


@dataclass(slots=True)
class _Record:
    failures: int
    last: float


class Throttle:
    """Counts tries by key. A try counts as failed from its start until it is forgiven, so that many
    at the same moment gain nothing."""

    def __init__(self, rule: Rule, monotonic: Callable[[], float]) -> None:
        self._rule = rule
        self._now = monotonic
        self._records: dict[str, _Record] = {}

    def __len__(self) -> int:
        return len(self._records)

    def wait(self, key: str) -> float:
        """Seconds until this key may try again; 0 when it may try now."""
        record = self._record(key)
        if record is None or record.failures < self._rule.free:
            return 0.0
        # The exponent is bounded, or a patient guesser would overflow a float.
        doublings = min(record.failures - self._rule.free, 30)
        delay = min(self._rule.longest, self._rule.first * 2.0**doublings)
        return max(0.0, record.last + delay - self._now())

    def attempt(self, key: str) -> None:
        """Count one try, as failed until forgiven."""
        record = self._record(key) or _Record(0, 0.0)
        self._records.pop(key, None)  # put back at the end: the dictionary stays oldest first
        self._records[key] = _Record(record.failures + 1, self._now())
        if len(self._records) > MOST_KEYS:
            del self._records[next(iter(self._records))]

    def forgive(self, key: str, all_of_it: bool) -> None:
        """The try succeeded: forget it, or everything that this key ever failed."""
        record = self._records.get(key)
        if record is None:
            return
        record.failures = 0 if all_of_it else max(0, record.failures - 1)
        if record.failures == 0:
            del self._records[key]

    def _record(self, key: str) -> _Record | None:
        record = self._records.get(key)
        if record is not None and self._now() - record.last >= self._rule.forget:
            del self._records[key]
            return None
        return record
