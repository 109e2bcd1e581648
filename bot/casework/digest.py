"""What staff are told once a day: what needs someone now, in one phone screen, and no one's words.

Pure: only the concerns that the reader holds a key to are given, so none other can be counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum

from bot.casework.model import OPEN_STATES, Concern, DueKind, State
from bot.casework.working_days import Calendar

MOST_LINES = 12  # one phone screen
_FIXED = 6  # title, two lines of counts, what needs someone, what is new, the end
MOST_ENTRIES = MOST_LINES - _FIXED
WAITING_ON_US = frozenset(
    {DueKind.ACKNOWLEDGE, DueKind.ANSWER, DueKind.UPDATE, DueKind.CHANGE, DueKind.RESUME}
)


class Mark(IntEnum):
    """Why a concern is listed, the most pressing first."""

    OVERDUE = 0  # a promised date passed without a word from staff
    TODAY = 1  # the person is promised word today
    AGAIN = 2  # opened again, and nobody has acted since
    NEW = 3  # sent since the last digest
    OPEN = 4
    TOLD = 5  # an outcome was given: it waits for the person, and no word is owed


@dataclass(frozen=True, slots=True)
class Seen:
    """A concern as one reader sees it; `mine` if they are answerable for it as it stands."""

    concern: Concern
    mine: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be worded. The values of `keys` are themselves wording keys."""

    key: str
    params: dict[str, str | int | date] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    concern: Concern
    mark: Mark
    mine: bool
    age: int  # days since sending
    promised: date | None


@dataclass(frozen=True, slots=True)
class Digest:
    on: date
    counts: dict[State, int]  # every open state, also those that are 0
    overdue: int
    today: int
    new: int
    entries: tuple[Entry, ...]  # all of them, the most pressing first
    copies: tuple[date, ...] = ()  # when copies of people's own words are due, the first first


def digest(
    seen: Sequence[Seen], calendar: Calendar, now: datetime, since: datetime | None
) -> Digest:
    """What one reader is told at `now`; `since` is their last digest, None if there was none."""
    entries = [
        _entry(one, calendar, now, since) for one in seen if one.concern.state in OPEN_STATES
    ]
    entries.sort(key=lambda one: (one.mark, not one.mine, one.promised or date.max, -one.age))
    marks = [one.mark for one in entries]
    return Digest(
        on=calendar.local_date(now),
        counts={
            state: sum(one.concern.state is state for one in entries)
            for state in State
            if state in OPEN_STATES
        },
        overdue=marks.count(Mark.OVERDUE),
        today=marks.count(Mark.TODAY),
        new=sum(_is_new(one.concern, since) for one in entries),
        entries=tuple(entries),
        copies=tuple(sorted(one.concern.data_due for one in seen if one.concern.data_due)),
    )


def lines(told: Digest) -> tuple[Line, ...]:
    """At most `MOST_LINES` lines, the same shape when there is nothing to tell."""
    counts = {state.value: count for state, count in told.counts.items()}
    first = {
        name: counts[name]
        for name in (State.SENT, State.REOPENED, State.ACKNOWLEDGED, State.LOOKING)
    }
    second = {name: counts[name] for name in (State.OUTCOME, State.PROMISED, State.PAUSED)}
    copies = []
    if told.copies:
        copies = [Line("digest.copies", {"count": len(told.copies), "date": told.copies[0]})]
    shown, room = told.entries, MOST_ENTRIES - len(copies)
    if len(shown) > room:
        shown = shown[: room - 1]
    more = len(told.entries) - len(shown)
    return (
        Line("digest.title", {"date": told.on}),
        Line("digest.needs", {"overdue": told.overdue, "today": told.today}),
        Line("digest.new", {"count": told.new}),
        Line("digest.counts.open", {name.value: count for name, count in first.items()}),
        Line("digest.counts.told", {name.value: count for name, count in second.items()}),
        *copies,
        *(_line(one) for one in shown),
        *([Line("digest.more", {"count": more})] if more else []),
        *([] if told.entries else [Line("digest.none")]),
        Line("digest.end"),
    )


def _line(entry: Entry) -> Line:
    concern = entry.concern
    params: dict[str, str | int | date] = {"reference": concern.reference, "age": entry.age}
    if entry.promised is not None and entry.mark not in {Mark.TODAY, Mark.TOLD}:
        params["date"] = entry.promised
    return Line(
        f"digest.entry.{entry.mark.name.lower()}",
        params,
        {"state": f"digest.state.{concern.state}"},
    )


def _entry(seen: Seen, calendar: Calendar, now: datetime, since: datetime | None) -> Entry:
    concern = seen.concern
    today = calendar.local_date(now)
    return Entry(
        concern=concern,
        mark=_mark(concern, calendar, now, since),
        mine=seen.mine,
        age=(today - calendar.local_date(concern.sent_at)).days,
        promised=calendar.local_date(concern.due.at) if concern.due else None,
    )


def _mark(concern: Concern, calendar: Calendar, now: datetime, since: datetime | None) -> Mark:
    due = concern.due
    if due is not None and due.kind in WAITING_ON_US:
        # After a missed date the next word is an UPDATE, until staff write or record something.
        # One that nobody acknowledged stays late, though its answer is promised for a day to come.
        silent = concern.state is State.SENT and concern.missed > 0
        if silent or due.kind is DueKind.UPDATE or due.at <= now:
            return Mark.OVERDUE
        if calendar.local_date(due.at) == calendar.local_date(now):
            return Mark.TODAY
    elif due is not None:
        return Mark.TOLD
    if concern.state is State.REOPENED:
        return Mark.AGAIN
    return Mark.NEW if _is_new(concern, since) else Mark.OPEN


def _is_new(concern: Concern, since: datetime | None) -> bool:
    return since is None or concern.sent_at > since
