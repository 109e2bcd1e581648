"""What staff are told at a handover: what needs someone now, in one phone screen, and no words.

Pure: only the concerns that the reader holds a key to are given, so none other can be counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from bot.casework import owning
from bot.casework.model import OPEN_STATES, Concern, DueKind, Level, State
from bot.casework.promises import NEEDS_SOMEONE
from bot.casework.working_days import Calendar

MOST_LINES = 10  # one phone screen, with the buttons below
_FIXED = 5  # title, what needs someone, what is new, two lines of counts
MOST_ENTRIES = MOST_LINES - _FIXED
WAITING_ON_US = frozenset(
    {DueKind.ACKNOWLEDGE, DueKind.ANSWER, DueKind.UPDATE, DueKind.CHANGE, DueKind.RESUME}
)


class Mark(IntEnum):
    """Why a concern is listed, the most pressing first."""

    URGENT = 0  # the person said that somebody is in danger, and nobody has acted since
    OVERDUE = 1  # a promised date passed without a word from staff
    TODAY = 2  # the person is promised word today
    AGAIN = 3  # opened again, and nobody has acted since
    NEW = 4  # sent since the last digest
    OPEN = 5
    TOLD = 6  # an outcome was given: it waits for the person, and no word is owed


class Owner(StrEnum):
    """Who has it, as far as a list says."""

    YOU = "you"
    OTHER = "other"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Seen:
    """A concern as one reader sees it; `mine` if they are answerable for it as it stands, `answers`
    if their role lets them take it."""

    concern: Concern
    mine: bool = True
    answers: bool = True
    reader: str = ""  # their id


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
    owner: Owner
    answers: bool

    @property
    def takes(self) -> bool:
        """Whether its reader can take it."""
        free = self.owner is not Owner.YOU
        return self.answers and free and owning.can_be_taken(self.concern.state)

    @property
    def raises(self) -> bool:
        """Whether its reader can say that it needs someone higher."""
        below = self.concern.level < Level.INDEPENDENT
        return self.answers and below and owning.can_be_taken(self.concern.state)


@dataclass(frozen=True, slots=True)
class Digest:
    on: date
    at: str  # the handover's local time
    counts: dict[State, int]  # every open state, also those that are 0
    urgent: int
    overdue: int
    today: int
    new: int
    unowned: int  # of those for which word is owed
    entries: tuple[Entry, ...]  # all of them, the most pressing first
    copies: tuple[date, ...] = ()  # when copies of people's own words are due, the first first


def digest(
    seen: Sequence[Seen], calendar: Calendar, now: datetime, since: datetime | None, at: str = ""
) -> Digest:
    """What one reader is told at `now`, the handover `at`; `since` is their last digest, None if
    there was none."""
    entries = [
        _entry(one, calendar, now, since) for one in seen if one.concern.state in OPEN_STATES
    ]
    entries.sort(key=lambda one: (one.mark, not one.mine, one.promised or date.max, -one.age))
    marks = [one.mark for one in entries]
    return Digest(
        on=calendar.local_date(now),
        at=at,
        counts={
            state: sum(one.concern.state is state for one in entries)
            for state in State
            if state in OPEN_STATES
        },
        urgent=marks.count(Mark.URGENT),
        overdue=marks.count(Mark.OVERDUE),
        today=marks.count(Mark.TODAY),
        new=sum(_is_new(one.concern, since) for one in entries),
        unowned=sum(one.owner is Owner.NOBODY and one.mark is not Mark.TOLD for one in entries),
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
    shown = listed(told)
    more = len(told.entries) - len(shown)
    pressing = {"urgent": told.urgent, "overdue": told.overdue, "today": told.today}
    return (
        Line("digest.title", {"date": told.on, "time": told.at}),
        Line("digest.needs", {**pressing}),
        Line("digest.new", {"count": told.new, "unowned": told.unowned}),
        Line("digest.counts.open", {name.value: count for name, count in first.items()}),
        Line("digest.counts.told", {name.value: count for name, count in second.items()}),
        *copies,
        *(_line(one) for one in shown),
        *([Line("digest.more", {"count": more})] if more else []),
        *([] if told.entries else [Line("digest.none")]),
    )


def listed(told: Digest) -> tuple[Entry, ...]:
    """The entries that there is room for, which have lines and buttons."""
    room = MOST_ENTRIES - bool(told.copies)
    return told.entries if len(told.entries) <= room else told.entries[: room - 1]


def _line(entry: Entry) -> Line:
    concern = entry.concern
    params: dict[str, str | int | date] = {"reference": concern.reference, "age": entry.age}
    if entry.promised is not None and entry.mark not in {Mark.TODAY, Mark.TOLD}:
        params["date"] = entry.promised
    keys = {"state": f"digest.state.{concern.state}"}
    if entry.mark is not Mark.TOLD:
        keys["owner"] = f"digest.owner.{entry.owner}"
    return Line(f"digest.entry.{entry.mark.name.lower()}", params, keys)


def _owner(seen: Seen) -> Owner:
    if seen.concern.owner_id is None:
        return Owner.NOBODY
    return Owner.YOU if seen.concern.owner_id == seen.reader else Owner.OTHER


def _entry(seen: Seen, calendar: Calendar, now: datetime, since: datetime | None) -> Entry:
    concern = seen.concern
    today = calendar.local_date(now)
    return Entry(
        concern=concern,
        mark=_mark(concern, calendar, now, since),
        mine=seen.mine,
        age=(today - calendar.local_date(concern.sent_at)).days,
        promised=calendar.local_date(concern.due.at) if concern.due else None,
        owner=_owner(seen),
        answers=seen.answers,
    )


def _mark(concern: Concern, calendar: Calendar, now: datetime, since: datetime | None) -> Mark:
    due = concern.due
    if concern.in_danger and concern.state in NEEDS_SOMEONE:
        return Mark.URGENT
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
