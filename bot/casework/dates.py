"""The date of a concern's next contact, counted from a moment by a nation's clocks.

Whatever is chosen, nothing promised is skipped: a promised change and the six months come first.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.casework.model import Concern, Due, DueKind, Event, State
from bot.casework.promises import Clocks, Next
from bot.casework.working_days import DAY, Calendar

# An outcome answers the concern in the regulations' sense; before one, six months is the limit.
UNANSWERED = frozenset(
    {State.SENT, State.ACKNOWLEDGED, State.LOOKING, State.PAUSED, State.REOPENED}
)


@dataclass(frozen=True, slots=True)
class Times:
    """One moment, and the rules by which dates are counted from it."""

    calendar: Calendar
    clocks: Clocks
    now: datetime

    @property
    def today(self) -> date:
        return self.calendar.local_date(self.now)

    @property
    def passed(self) -> date:
        """The newest day whose contact hour is over."""
        over = self.now >= self.calendar.at_contact_time(self.today)
        return self.today if over else self.today - DAY

    def at(self, moment: datetime) -> Times:
        return replace(self, now=moment)

    def day_of(self, due: Due) -> date:
        return self.calendar.local_date(due.at)

    def within(self, days: int, since: date) -> date:
        """The last working day within so many days of `since`, but not today."""
        return self.calendar.contact_on(since + timedelta(days=days), after=self.today)

    def after(self, days: int, since: date) -> date:
        """The first working day when so many days have passed: an end never comes early."""
        return self.calendar.add_working_days(since + timedelta(days=days) - DAY, 1)

    def acknowledge_on(self, since: date) -> date:
        if self.clocks.acknowledge_days is not None:
            wanted = since + timedelta(days=self.clocks.acknowledge_days)
            return self.calendar.contact_on(wanted, after=since)
        return self.calendar.add_working_days(since, self.clocks.acknowledge_working_days)

    def answer_on(self, since: date) -> date:
        """The date of an answer, never before that of the acknowledgement."""
        count = self.clocks.answer_days
        if self.clocks.answer_in_working_days:
            day = self.calendar.add_working_days(since, count)
        else:
            day = self.calendar.contact_on(since + timedelta(days=count), after=since)
        return max(day, self.acknowledge_on(since))


def next_due(
    before: Concern, after: Concern, wanted: Next, times: Times, event: Event | None
) -> Due | None:
    """The next contact after a move from `before` to `after`."""
    if wanted in {Next.NONE, Next.KEEP}:
        return before.due if wanted is Next.KEEP else None
    since = times.calendar.local_date(before.state_since)
    if wanted is Next.ANSWER_AS_SENT:
        return _as_sent(before, after, times.answer_on(since), times)
    chosen = event.by_date if event else None
    kind, day = DueKind.ANSWER, chosen or times.answer_on(times.today)
    match wanted:
        case Next.RESUME:
            kind = DueKind.RESUME
        case Next.ACKNOWLEDGE:
            kind, day = DueKind.ACKNOWLEDGE, times.acknowledge_on(times.today)
        case Next.SOON:
            day = times.calendar.add_working_days(times.today, times.clocks.again_working_days)
        case Next.REMIND:
            kind, day = DueKind.REMIND, times.within(times.clocks.remind_days, times.today)
        case Next.CLOSE:
            kind, day = DueKind.CLOSE, times.after(times.clocks.close_days, since)
        case Next.CHANGE if after.promised_on is not None:
            kind, day = DueKind.CHANGE, after.promised_on
    return due_on(after, kind, day, times)


def _as_sent(before: Concern, after: Concern, answer: date, times: Times) -> Due | None:
    if answer > times.today:
        return due_on(after, DueKind.ANSWER, answer, times)
    if answer > times.passed:  # it is today, and the hour is still to come
        return Due(DueKind.ANSWER, times.calendar.at_contact_time(answer))
    return before.due


def due_after_a_miss(concern: Concern, times: Times) -> Due:
    """Soon after a first missed date, then weekly; earlier if the receipt's answer date is."""
    if concern.missed == 1:
        again = times.calendar.add_working_days(times.today, times.clocks.again_working_days)
    else:
        again = times.within(times.clocks.weekly_days, times.today)
    if concern.state is State.SENT:
        answer = times.answer_on(times.calendar.local_date(concern.state_since))
        if times.today < answer <= again:
            return due_on(concern, DueKind.ANSWER, answer, times)
    return due_on(concern, DueKind.UPDATE, again, times)


def due_on(concern: Concern, kind: DueKind, wanted: date, times: Times) -> Due:
    """The next contact: this one, unless a promised change or the six months come before it."""
    day = times.calendar.contact_on(wanted, after=times.today)
    limit = explained_by(concern, times)
    if limit is not None and limit > times.passed:
        day = min(day, times.calendar.contact_on(limit, after=times.passed))
    if concern.promised_on is not None:
        change = times.calendar.contact_on(concern.promised_on, after=times.passed)
        if change <= day:
            kind, day = DueKind.CHANGE, change
    return Due(kind, times.calendar.at_contact_time(day))


def explained_by(concern: Concern, times: Times) -> date | None:
    """Six months after sending, as long as neither an outcome nor an explanation was given."""
    months = times.clocks.explain_months
    if months is None or concern.six_months_told or concern.state not in UNANSWERED:
        return None
    sent = times.calendar.local_date(concern.sent_at)
    year, month = divmod(sent.year * 12 + sent.month - 1 + months, 12)
    return date(year, month + 1, min(sent.day, monthrange(year, month + 1)[1]))
