"""The lists of one reader, counted and cut by the database: which concerns need someone now, which
wait for whom, which are closed; without loading the others.

What the states mean is told by the caller (`Rules`); `bot/console/worklist.py` has the same rules
for one concern, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from storage import wraps
from storage.concern_rows import ConcernRow
from storage.concerns import load
from storage.connection import Conn
from storage.schema import alerts, concerns, data_requests
from storage.schema import wraps as stored_wraps

# Why a concern stands where it stands; the first comes first in every list but the closed one.
NEEDS: Final = ("urgent", "overdue", "today", "again", "new", "later", "nothing")
CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the states mean. `theirs` are those that wait for the person."""

    open: frozenset[str]
    theirs: frozenset[str]
    new: str
    again: str
    chased: str  # the kind of due that follows a missed date


@dataclass(frozen=True, slots=True)
class Copies:
    """For which teams a reader sees that a copy is owed: as `teams` says it, else `elsewhere`."""

    teams: Mapping[str, bool]
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose lists, and when. `days` tells by team when its today ends, `day` for all others; a copy
    that is owed is this reader's matter as `copies` says."""

    id: str
    now: datetime
    day: datetime
    days: Mapping[str, datetime]
    copies: Copies


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader wants to see; None is anything. From `since` on, and before `before`."""

    team: str | None = None
    state: str | None = None
    kind: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of one list, with the place of each concern in `NEEDS`; and the size of each."""

    rows: list[tuple[ConcernRow, int]]
    counts: dict[str, int]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Which page of which list. A page that is not there becomes the nearest one that is."""

    tab: str
    page: int
    size: int


async def lists(conn: Conn, reader: Reader, rules: Rules, filters: Filters, cut: Cut) -> Found:
    """The counts of all lists, and one page of one."""
    counts = await _counts(conn, reader, rules, filters)
    pages = max(1, -(-counts[cut.tab] // cut.size))
    page = min(max(1, cut.page), pages)
    chosen = select(concerns.c.id, _need(reader, rules).label("need")).where(is_readable(reader.id))
    if cut.tab == CLOSED:
        # The order of an index, read from its end: the newest first without sorting them all.
        chosen = chosen.where(~_is_open(rules), *wanted(filters)).order_by(
            concerns.c.state_since.desc(), concerns.c.reference.desc()
        )
    else:
        tabs = _tabs(reader, rules)
        chosen = chosen.where(_candidate(rules), tabs[cut.tab], *_beside(filters)).order_by(
            literal_column("need"),
            concerns.c.due_at.is_(None),
            concerns.c.due_at,
            concerns.c.reference,
        )
    rows = (await conn.execute(chosen.limit(cut.size).offset((page - 1) * cut.size))).all()
    # Only those of this page are read whole: a sort would carry all of the others along.
    by_id = await load(conn, [row.id for row in rows])
    return Found([(by_id[row.id], int(row.need)) for row in rows], counts, page, pages)


async def _counts(conn: Conn, reader: Reader, rules: Rules, filters: Filters) -> dict[str, int]:
    """Those that are open are looked at one by one. All the others are what is left: there may be
    a hundred times as many."""
    tabs = _tabs(reader, rules)
    sums = [func.sum(case((tab, 1), else_=0)) for tab in tabs.values()]
    still_open = func.sum(case((_is_open(rules), 1), else_=0))
    asked = select(*sums, still_open).where(
        _candidate(rules), is_readable(reader.id), *_beside(filters)
    )
    row = (await conn.execute(asked)).one()
    *numbers, working = (int(each or 0) for each in row)
    counts = dict(zip(tabs, numbers, strict=True))
    counts[CLOSED] = await _total(conn, reader.id, filters) - working
    return counts


async def _total(conn: Conn, reader_id: str, filters: Filters) -> int:
    if filters == Filters():
        query = (
            select(func.count())
            .select_from(stored_wraps)
            .where(stored_wraps.c.reader_id == reader_id, ~wraps.is_left_out(reader_id))
        )
    else:
        query = select(func.count()).select_from(concerns)
        query = query.where(is_readable(reader_id), *wanted(filters))
    return int((await conn.execute(query)).scalar_one())


def is_readable(reader_id: str) -> ColumnElement[bool]:
    """For a query over `concerns`: whether this reader holds a key and is not left out."""
    # A column of the index: for "*" SQLite would fetch each row with its sealed body.
    held = select(stored_wraps.c.concern_id).where(
        stored_wraps.c.concern_id == concerns.c.id,
        stored_wraps.c.reader_id == reader_id,
        ~wraps.is_left_out(reader_id),
    )
    return held.exists()


def wanted(filters: Filters) -> list[ColumnElement[bool]]:
    """For a query over `concerns`: what the filters ask for."""
    same = {"team": filters.team, "state": filters.state, "kind": filters.kind}
    found = [concerns.c[name] == value for name, value in same.items() if value is not None]
    if filters.since is not None:
        found.append(concerns.c.sent_at >= filters.since)
    if filters.before is not None:
        found.append(concerns.c.sent_at < filters.before)
    return found


def _beside(filters: Filters) -> list[ColumnElement[bool]]:
    """`wanted`, for what is open: few of all, and quickest found by their state. The team's own
    index, with all that it ever closed, is kept out of it by an empty string."""
    beside = wanted(replace(filters, team=None))
    return beside if filters.team is None else [*beside, concerns.c.team.concat("") == filters.team]


def _is_open(rules: Rules) -> ColumnElement[bool]:
    return concerns.c.state.in_(sorted(rules.open))


def _candidate(rules: Rules) -> ColumnElement[bool]:
    """Whether a concern can be in any list but the closed one. Both halves have an index."""
    owed = select(data_requests.c.concern_id).where(data_requests.c.answered_at.is_(None))
    return or_(_is_open(rules), concerns.c.id.in_(owed))


def _tabs(reader: Reader, rules: Rules) -> dict[str, ColumnElement[bool]]:
    """Which concerns each list holds, as `tabs_of` in the console's rules says it."""
    working, late, today = _working(rules), _late(reader, rules), _today(reader)
    asked = concerns.c.asked_at.is_not(None)
    new, again = concerns.c.state == rules.new, _again(rules)
    # What costs most stands last.
    pressing = or_(new, again, and_(working, or_(late, today)), _urgent(rules), _owed(reader))
    theirs = concerns.c.state.in_(sorted(rules.theirs))
    return {
        "now": pressing,
        "urgent": _urgent(rules),
        "mine": and_(_is_open(rules), func.coalesce(concerns.c.owner_id, "") == reader.id),
        "new": new,
        "overdue": and_(working, late),
        "us": or_(pressing, and_(working, ~asked)),
        "them": and_(_is_open(rules), or_(theirs, asked)),
    }


def _need(reader: Reader, rules: Rules) -> ColumnElement[int]:
    working = _working(rules)
    reasons = (
        _urgent(rules),
        and_(working, _late(reader, rules)),
        and_(working, _today(reader)),
        _again(rules),
        concerns.c.state == rules.new,
        working,
    )
    order = [(reason, place) for place, reason in enumerate(reasons)]
    return case(*order, else_=len(reasons))


def _working(rules: Rules) -> ColumnElement[bool]:
    return concerns.c.state.in_(sorted(rules.open - rules.theirs))


def _late(reader: Reader, rules: Rules) -> ColumnElement[bool]:
    chased = func.coalesce(concerns.c.due_kind, "") == rules.chased
    missed = and_(concerns.c.missed > 0, or_(chased, concerns.c.state == rules.new))
    return or_(missed, and_(concerns.c.due_at.is_not(None), concerns.c.due_at <= reader.now))


def _today(reader: Reader) -> ColumnElement[bool]:
    """The teams are few and share their zones: one comparison for each end of a day."""
    elsewhere = concerns.c.team.not_in(sorted(reader.days))
    ends = [and_(elsewhere, concerns.c.due_at < reader.day)]
    for end in sorted(set(reader.days.values())):
        teams = sorted(team for team, its in reader.days.items() if its == end)
        ends.append(and_(concerns.c.team.in_(teams), concerns.c.due_at < end))
    return and_(concerns.c.due_at.is_not(None), or_(*ends))


def _again(rules: Rules) -> ColumnElement[bool]:
    return and_(concerns.c.state == rules.again, concerns.c.asked_at.is_(None))


def _urgent(rules: Rules) -> ColumnElement[bool]:
    """Said by the person, and nobody has acknowledged it since."""
    unseen = exists().where(
        alerts.c.concern_id == concerns.c.id,
        alerts.c.seen_at.is_(None),
        alerts.c.began_at > concerns.c.acknowledged_at,
    )
    unread = or_(concerns.c.acknowledged_at.is_(None), unseen)
    return and_(concerns.c.in_danger, _is_open(rules), unread)


def _owed(reader: Reader) -> ColumnElement[bool]:
    asked_for = exists().where(
        data_requests.c.concern_id == concerns.c.id, data_requests.c.answered_at.is_(None)
    )
    copies = reader.copies
    if copies.elsewhere:
        kept_from = sorted(team for team, told in copies.teams.items() if not told)
        return and_(asked_for, concerns.c.team.not_in(kept_from))
    return and_(
        asked_for, concerns.c.team.in_(sorted(team for team, told in copies.teams.items() if told))
    )
