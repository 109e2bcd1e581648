"""Working days, and the hours at which people may be contacted, in the time zone of a team."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A place's days. A working day is not a Saturday, a Sunday or one of `holidays`.

    That is the meaning in the NHS complaints regulations (SI 2009/309 and SI 2012/3094: also not
    Christmas Day, Good Friday or a bank holiday; `holidays` must hold those).
    """

    timezone: str
    holidays: AbstractSet[date]
    contact_hour: int = 16  # late enough for staff to act that day, early enough to ask for help
    day_begins: int = 9  # nobody's phone rings between the end of a day and this hour
    day_ends: int = 20

    def local_date(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is not itself counted."""
        while count > 0:
            day += DAY
            count -= self.is_working_day(day)
        return day

    def contact_on(self, wanted: date, *, after: date) -> date:
        """The working day on which to keep a date: the last one by then, but later than `after`.

        So that the word comes before the date has passed, never on the day it is given.
        """
        day = wanted
        while not self.is_working_day(day):
            day -= DAY
        return day if day > after else self.add_working_days(after, 1)

    def at_contact_time(self, day: date) -> datetime:
        """The contact hour of that day as UTC, whatever the clocks did in the night before."""
        return datetime.combine(day, time(self.contact_hour), self._zone).astimezone(UTC)

    def by_day(self, moment: datetime) -> datetime:
        """The first moment from this one on at which a phone may ring: now, or in the morning."""
        here = moment.astimezone(self._zone)
        if self.day_begins <= here.hour < self.day_ends:
            return moment
        morning = here.date() if here.hour < self.day_begins else here.date() + DAY
        return datetime.combine(morning, time(self.day_begins), self._zone).astimezone(UTC)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
