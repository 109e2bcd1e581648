"""What became of the concerns that one reader may read, counted by the database: no row is loaded,
and nothing is counted to which this reader has no key or from which they are kept.

What the states and the words of the audit mean is told by the caller.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from storage.concern_rows import COLUMNS, ConcernRow, clear_row
from storage.connection import Conn
from storage.inbox import is_readable
from storage.schema import audit, concerns, parts

CONCERN: Final = "concern"  # the kind that is no complaint about data
CONSENT: Final = "consent"  # a part that only concerns of carers have
AT_ONCE: Final = 2_000
_TIMES: Final = "% times:%"


@dataclass(frozen=True, slots=True)
class Words:
    """What to look for: results of outcomes, and deeds in the audit."""

    changed: str
    will_change: str
    not_changed: str
    made: str
    kept: str
    broken: str
    told: str  # an outcome was told


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the concerns of one team that were sent in a period."""

    team: str
    sent: int
    outcomes: int
    changed: int
    will_change: int
    not_changed: int
    said: int  # those whose person said whether it answered them
    answered_me: int
    reopened: int
    unreachable: int  # something could not be delivered to the person, and still is not
    carers: int


@dataclass(frozen=True, slots=True)
class Moments:
    """When one concern was sent and first dealt with."""

    sent_at: datetime
    acknowledged_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What one team promised in a period, and what became of promises in it."""

    team: str
    made: int = 0
    kept: int = 0
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment up to another, asked at `now`."""

    since: datetime
    until: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class States:
    """What states and kinds of dates mean: `ours` are those that staff owe, and `chased` is the one
    that follows a missed date."""

    open: frozenset[str]
    new: str
    ours: frozenset[str]
    chased: str


@dataclass(frozen=True, slots=True)
class Week:
    """What happened between two moments, and how it stands now."""

    sent: int
    answered: int
    outcomes: int
    changed: int
    will_change: int
    not_changed: int
    yes: int
    no: int
    open: int
    late: int


async def tallies(conn: Conn, reader_id: str, since: datetime, words: Words) -> list[Tally]:
    """One for each team with concerns that this reader may read, sent from then on."""
    carer = exists().where(parts.c.concern_id == concerns.c.id, parts.c.kind == CONSENT)
    result = concerns.c.result
    sums = {
        "outcomes": result.is_not(None),
        "changed": result == words.changed,
        "will_change": result == words.will_change,
        "not_changed": result == words.not_changed,
        "said": concerns.c.answered_me.is_not(None),
        "answered_me": and_(concerns.c.answered_me.is_not(None), concerns.c.answered_me),
        "reopened": concerns.c.reopened > 0,
        "unreachable": concerns.c.undelivered,
        "carers": carer,
    }
    rows = await conn.execute(
        select(
            concerns.c.team,
            func.count().label("sent"),
            *(_number(what).label(name) for name, what in sums.items()),
        )
        .where(*_counted(reader_id, since))
        .group_by(concerns.c.team)
        .order_by(concerns.c.team)
    )
    found = []
    for row in rows:
        team, *numbers = tuple(row)
        found.append(Tally(team, *map(int, numbers)))
    return found


async def moments(
    conn: Conn, reader_id: str, since: datetime, team: str
) -> AsyncIterator[Sequence[Moments]]:
    """When each of a team's was sent, acknowledged and answered: some thousand at a time, the
    oldest first, along the index of its list."""
    at, last = since, ""
    while True:
        later = or_(concerns.c.sent_at > at, and_(concerns.c.sent_at == at, concerns.c.id > last))
        rows = (
            await conn.execute(
                select(
                    concerns.c.id,
                    concerns.c.sent_at,
                    concerns.c.acknowledged_at,
                    concerns.c.answered_at,
                )
                .where(*_counted(reader_id, at), concerns.c.team == team, later)
                .order_by(concerns.c.sent_at, concerns.c.id)
                .limit(AT_ONCE)
            )
        ).all()
        if rows:
            yield [Moments(row.sent_at, row.acknowledged_at, row.answered_at) for row in rows]
        if len(rows) < AT_ONCE:
            return
        at, last = rows[-1].sent_at, rows[-1].id


async def promises(conn: Conn, reader_id: str, period: Period, words: Words) -> list[Kept]:
    """What the audit says of promises between two moments, by team, whenever the concern was
    sent. Several dates that passed at once (while nothing ran) stand in one line and count each."""
    deeds = {words.made: "made", words.kept: "kept", words.broken: "broken"}
    about = audit.join(concerns, concerns.c.id == audit.c.concern_id)
    wanted = (
        audit.c.at >= period.since,
        audit.c.at < period.until,
        audit.c.action.in_(deeds),
        concerns.c.kind == CONCERN,
        is_readable(reader_id),
    )
    rows = await conn.execute(
        select(concerns.c.team, audit.c.action, func.count().label("n"))
        .select_from(about)
        .where(*wanted)
        .group_by(concerns.c.team, audit.c.action)
    )
    numbers: dict[str, dict[str, int]] = {}
    for row in rows:
        numbers.setdefault(row.team, {})[deeds[row.action]] = int(row.n)
    found = {team: Kept(team, **held) for team, held in numbers.items()}
    several = await conn.execute(
        select(concerns.c.team, audit.c.detail)
        .select_from(about)
        .where(*wanted, audit.c.action == words.broken, audit.c.detail.like(_TIMES))
    )
    for row in several:
        more = int(row.detail.rpartition(":")[2]) - 1
        found[row.team] = replace(found[row.team], broken=found[row.team].broken + more)
    return [found[team] for team in sorted(found)]


async def week(conn: Conn, reader_id: str, period: Period, words: Words, states: States) -> Week:
    """What happened to the concerns that this reader may read, and how they stand now."""
    since, until = period.since, period.until
    told = (
        select(audit.c.concern_id)
        .where(audit.c.action == words.told, audit.c.at >= since, audit.c.at < until)
        .distinct()
    )
    outcome = concerns.c.id.in_(told)
    is_open = concerns.c.state.in_(states.open)
    behind = and_(concerns.c.due_at <= period.now, concerns.c.due_kind.in_(states.ours))
    silent = and_(concerns.c.state == states.new, concerns.c.missed > 0)
    late = or_(silent, concerns.c.due_kind == states.chased, behind)
    numbers = {
        "sent": _within(concerns.c.sent_at, since, until),
        "answered": _within(concerns.c.answered_at, since, until),
        "outcomes": outcome,
        "changed": and_(outcome, concerns.c.result == words.changed),
        "will_change": and_(outcome, concerns.c.result == words.will_change),
        "not_changed": and_(outcome, concerns.c.result == words.not_changed),
        "yes": and_(outcome, concerns.c.answered_me.is_not(None), concerns.c.answered_me),
        "no": and_(outcome, concerns.c.answered_me.is_not(None), ~concerns.c.answered_me),
        "open": is_open,
        "late": and_(is_open, late),
    }
    row = (
        await conn.execute(
            select(*(_number(what).label(name) for name, what in numbers.items())).where(
                concerns.c.kind == CONCERN, is_readable(reader_id)
            )
        )
    ).one()
    return Week(*(int(number) for number in row))


async def longest(
    conn: Conn, reader_id: str, open_states: frozenset[str], limit: int
) -> list[ConcernRow]:
    """Those that are open and were sent first."""
    rows = await conn.execute(
        select(*COLUMNS)
        .where(
            concerns.c.kind == CONCERN, concerns.c.state.in_(open_states), is_readable(reader_id)
        )
        .order_by(concerns.c.sent_at, concerns.c.id)
        .limit(limit)
    )
    return [clear_row(row) for row in rows]


def _counted(reader_id: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """What was merged goes on in another, and is counted there."""
    return (
        concerns.c.sent_at >= since,
        concerns.c.kind == CONCERN,
        concerns.c.merged_into.is_(None),
        is_readable(reader_id),
    )


def _within(when: ColumnElement[Any], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(when >= since, when < until)


def _number(what: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((what, 1), else_=0)), 0)
