"""Copies of their own words that people asked for, which only staff can make; in the clear are only
whose concern it is, when it was asked for and by when it is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import bindparam, delete, insert, select, update

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import data_requests


async def ask(conn: Conn, due: Mapping[str, date], on: date) -> None:
    """Note for each of these concerns (by id) that a copy is due by a day. One that was asked for
    before and is not answered keeps its date; one that was answered begins again.

    Of when it was asked for only the day is kept: a moment would be the same for all concerns of
    one person, and tie them together.
    """
    owed = await _unanswered(conn, due)
    new = {one: day for one, day in due.items() if one not in owed}
    for some in chunks(new):
        await conn.execute(delete(data_requests).where(data_requests.c.concern_id.in_(some)))
    asked = datetime.combine(on, time(12), UTC)
    rows = [
        {"concern_id": one, "asked_at": asked, "due_on": day.isoformat(), "told": 0}
        for one, day in sorted(new.items())
    ]
    if rows:
        await conn.execute(insert(data_requests), rows)


async def asked_on(conn: Conn, concern_id: str) -> date | None:
    """The day on which the copy that is still owed was asked for; None when none is."""
    found: datetime | None = (
        await conn.execute(
            select(data_requests.c.asked_at).where(
                data_requests.c.concern_id == concern_id, data_requests.c.answered_at.is_(None)
            )
        )
    ).scalar()
    return None if found is None else found.date()


async def answer(conn: Conn, concern_id: str, now: datetime) -> bool:
    """Note that the copy was sent; False when none is owed (any more)."""
    done = await conn.execute(
        update(data_requests)
        .where(data_requests.c.concern_id == concern_id, data_requests.c.answered_at.is_(None))
        .values(answered_at=now)
    )
    return done.rowcount == 1


async def due(conn: Conn, by: date, most_told: int, limit: int) -> list[tuple[str, date, int]]:
    """The owed copies that are due by a day and of which was told at most so often: the concern's
    id, the day, and how often, the most pressing first."""
    rows = await conn.execute(
        select(data_requests.c.concern_id, data_requests.c.due_on, data_requests.c.told)
        .where(
            data_requests.c.answered_at.is_(None),
            data_requests.c.due_on <= by.isoformat(),
            data_requests.c.told <= most_told,
        )
        .order_by(data_requests.c.due_on, data_requests.c.concern_id)
        .limit(limit)
    )
    return [(row.concern_id, date.fromisoformat(row.due_on), row.told) for row in rows]


async def tell(conn: Conn, told: Sequence[tuple[str, int, int]]) -> bool:
    """Note how often each was told of: the concern's id, how often before, how often now. False
    when somebody else did so, or answered, meanwhile."""
    if not told:
        return True
    done = await conn.execute(
        update(data_requests)
        .where(
            data_requests.c.concern_id == bindparam("concern"),
            data_requests.c.told == bindparam("before"),
            data_requests.c.answered_at.is_(None),
        )
        .values(told=bindparam("after")),
        [{"concern": one, "before": before, "after": after} for one, before, after in told],
    )
    return done.rowcount == len(told)


async def drop(conn: Conn, concern_ids: Iterable[str]) -> None:
    """Nobody is left to send these copies to."""
    for some in chunks(concern_ids):
        await conn.execute(delete(data_requests).where(data_requests.c.concern_id.in_(some)))


async def _unanswered(conn: Conn, ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in chunks(ids):
        rows = await conn.execute(
            select(data_requests.c.concern_id).where(
                data_requests.c.concern_id.in_(some), data_requests.c.answered_at.is_(None)
            )
        )
        found |= set(rows.scalars())
    return found
