"""When a crisis line is open, by the clocks of the UK: in words, and whether it is open now.

All of it is data, so that nobody is sent at night to a line that answers by day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

UK: Final = ZoneInfo("Europe/London")
ALWAYS: Final = "always"
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_A_MONDAY: Final = date(2026, 1, 5)
_AHEAD: Final = 14  # days in which a line that has hours opens again, whatever is closed
_BANK_HOLIDAYS: Final = frozenset({"open", "closed", ""})  # "": its source does not say

# The sentences that hours are put together from, and the values that each one shows.
SENTENCES: Final[Mapping[str, frozenset[str]]] = {
    "hours.listed": frozenset({"hours"}),
    "hours.open": frozenset({"hours"}),
    "hours.closed": frozenset({"when", "hours"}),
    "hours.unsure": frozenset({"hours"}),
    "hours.today": frozenset({"time"}),
    "hours.tomorrow": frozenset({"time"}),
    "hours.on": frozenset({"day", "time"}),
    "hours.and": frozenset({"one", "other"}),
    "hours.window": frozenset({"days", "opens", "closes"}),
    "hours.span": frozenset({"first", "opens", "last", "closes"}),
    "hours.days": frozenset({"first", "last"}),
    "hours.every-day": frozenset(),
    "hours.midnight": frozenset(),
}


class Sentences(Protocol):
    """What is needed of the wording."""

    def text(self, key: str, **params: str | date | int) -> str: ...

    def weekday(self, day: date) -> str: ...

    def clock(self, moment: time) -> str: ...


@dataclass(frozen=True, slots=True)
class Window:
    """Opens on each of `days` (0 is Monday) and closes `nights` midnights later."""

    days: tuple[int, ...]
    opens: time
    closes: time
    nights: int

    @property
    def spans(self) -> bool:
        """Open through days and nights, from one day of the week to another."""
        return self.nights > 1

    def on(self, day: date) -> tuple[datetime, datetime]:
        """When it opens and closes for this day, in UTC: an hour is lost or won with the clocks."""
        last = day + timedelta(days=self.nights)
        opens = datetime.combine(day, self.opens, UK).astimezone(UTC)
        return opens, datetime.combine(last, self.closes, UK).astimezone(UTC)

    def words(self, sentences: Sentences) -> str:
        opens, closes = _time(self.opens, sentences), _time(self.closes, sentences)
        if self.spans:
            last = _day(self.days[0] + self.nights, sentences)
            first = _day(self.days[0], sentences)
            return sentences.text("hours.span", first=first, opens=opens, last=last, closes=closes)
        return sentences.text(
            "hours.window", days=self._day_words(sentences), opens=opens, closes=closes
        )

    def _day_words(self, sentences: Sentences) -> str:
        if len(self.days) == len(_DAYS):
            return sentences.text("hours.every-day")
        first, last = _day(self.days[0], sentences), _day(self.days[-1], sentences)
        if first == last:
            return first
        return sentences.text("hours.days", first=first, last=last)


@dataclass(frozen=True, slots=True)
class Hours:
    """No window: open day and night, every day."""

    windows: tuple[Window, ...] = ()
    bank_holidays: str = ""

    @property
    def always(self) -> bool:
        return not self.windows

    def words(self, sentences: Sentences, now: datetime | None, holidays: frozenset[date]) -> str:
        """The hours as a sentence or two, with open or closed if there is a `now`."""
        hours = self._listed(sentences)
        if now is None:
            return sentences.text("hours.listed", hours=hours)
        today = now.astimezone(UK).date()
        if self.open_at(now, holidays):
            return sentences.text("hours.open", hours=hours)
        if not self.bank_holidays and today in holidays and self.open_at(now, frozenset()):
            return sentences.text("hours.unsure", hours=hours)
        when = _when(self.next_opening(now, holidays), today, sentences)
        return sentences.text("hours.closed", when=when, hours=hours)

    def open_at(self, now: datetime, holidays: frozenset[date]) -> bool:
        """Whether it is surely open. On a bank holiday of which its source says nothing, it is
        not."""
        if self.always:
            return True
        unsure = not self.bank_holidays and now.astimezone(UK).date() in holidays
        return not unsure and any(
            opens <= now < closes for opens, closes in self._times(now, holidays)
        )

    def next_opening(self, now: datetime, holidays: frozenset[date]) -> datetime:
        """When it surely opens next, in UTC."""
        return min(opens for opens, _ in self._times(now, holidays) if opens > now)

    def _times(
        self, now: datetime, holidays: frozenset[date]
    ) -> Iterator[tuple[datetime, datetime]]:
        shut = frozenset() if self.bank_holidays == "open" else holidays
        today = now.astimezone(UK).date()
        for ahead in range(-len(_DAYS), _AHEAD + 1):
            day = today + timedelta(days=ahead)
            for window in self.windows:
                if day.weekday() in window.days and day not in shut:
                    yield window.on(day)

    def _listed(self, sentences: Sentences) -> str:
        first, *others = (window.words(sentences) for window in self.windows)
        for other in others:
            first = sentences.text("hours.and", one=first, other=other)
        return first


def read(given: object, bank_holidays: object, problems: list[str]) -> Hours:
    """Hours as a contacts file has them: "always", or a list of windows. Adds to `problems`."""
    if bank_holidays not in _BANK_HOLIDAYS:
        problems.append('bank_holidays is "open" or "closed"; leave it out where nobody says.')
    if given == ALWAYS:
        return Hours()
    try:
        windows = tuple(_window(one) for one in _list(given))
    except (KeyError, TypeError, ValueError):
        problems.append(
            'hours is "always" or a list such as '
            '[{ days = "mon-fri", from = "09:00", until = "17:00" }].'
        )
        return Hours()
    return Hours(windows, str(bank_holidays))


def _list(given: object) -> Sequence[Mapping[str, Any]]:
    if not isinstance(given, list) or not given:
        raise TypeError
    return given


def _window(one: Mapping[str, Any]) -> Window:
    if one.keys() - {"days", "from", "until", "until_day"}:
        raise KeyError
    first, _, last = one["days"].partition("-")
    start, end = _DAYS.index(first), _DAYS.index(last or first)
    opens, closes = time.fromisoformat(one["from"]), time.fromisoformat(one["until"])
    days = tuple(range(start, end + 1))
    nights = int(closes <= opens)
    if "until_day" in one:
        nights = (_DAYS.index(one["until_day"]) - start) % len(_DAYS)
    if not days or ("until_day" in one and len(days) > 1):
        raise ValueError
    return Window(days, opens, closes, nights)


def _when(opens: datetime, today: date, sentences: Sentences) -> str:
    here = opens.astimezone(UK)
    at = _time(here.time(), sentences)
    if here.date() == today:
        return sentences.text("hours.today", time=at)
    if here.date() == today + timedelta(days=1):
        return sentences.text("hours.tomorrow", time=at)
    return sentences.text("hours.on", day=sentences.weekday(here.date()), time=at)


def _day(number: int, sentences: Sentences) -> str:
    return sentences.weekday(_A_MONDAY + timedelta(days=number % len(_DAYS)))


def _time(moment: time, sentences: Sentences) -> str:
    return sentences.text("hours.midnight") if moment == time() else sentences.clock(moment)
