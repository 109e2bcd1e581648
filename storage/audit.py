"""Who of the staff did what to which concern, and when; never what was said.

Lines are only added, and each holds the hash of all before it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, insert, select

from storage.audit_chain import GENESIS, Line, link
from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import audit

__all__ = [
    "Line",
    "Numbered",
    "every_of",
    "has",
    "newest_of",
    "note",
    "note_many",
    "of_concern",
]

AT_ONCE: Final = 500
_LOCK = 0x4845415244  # one writer of lines at a time; SQLite has only one writer anyway


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line with its place in the chain, from 1."""

    number: int
    line: Line


async def note(  # noqa: PLR0913, PLR0917 - one value for each thing a line says
    conn: Conn,
    at: datetime,
    staff_id: str | None,
    action: str,
    concern_id: str | None,
    detail: str = "",
) -> None:
    """Add a line. `detail` is made of our own words, dates and row ids alone."""
    await note_many(conn, [Line(at, staff_id, action, concern_id, detail)])


async def note_many(conn: Conn, lines: Sequence[Line]) -> None:
    """Add lines in their order. A time before the newest line's counts as that line's time, so that
    no line is ever older than the one before it.

    Do it last in a transaction on PostgreSQL: other processes wait until it ends.
    """
    if not lines:
        return
    if conn.dialect.name == "postgresql":
        await conn.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    found = await conn.execute(
        select(audit.c.id, audit.c.hash, audit.c.at).order_by(audit.c.id.desc()).limit(1)
    )
    newest = found.first()
    before, last = (newest.hash, newest.at) if newest is not None else (GENESIS, None)
    rows = []
    # Numbered here, not by the database, which leaves gaps: a line that is missing is seen by it.
    for number, given in enumerate(lines, (newest.id if newest is not None else 0) + 1):
        line = given if last is None or given.at >= last else replace(given, at=last)
        before, last = link(before, line), line.at
        rows.append(
            {
                "id": number,
                "at": line.at,
                "staff_id": line.staff_id,
                "action": line.action,
                "concern_id": line.concern_id,
                "detail": line.detail,
                "hash": before,
            }
        )
    await conn.execute(insert(audit), rows)


async def of_concern(conn: Conn, concern_id: str) -> list[Line]:
    """What was done to a concern, in order."""
    rows = await conn.execute(
        select(audit).where(audit.c.concern_id == concern_id).order_by(audit.c.id)
    )
    return [Line(row.at, row.staff_id, row.action, row.concern_id, row.detail) for row in rows]


async def newest_of(
    conn: Conn,
    concern_ids: Iterable[str],
    actions: Sequence[str] = (),
    limit: int = 100,
    before: int | None = None,
) -> list[Numbered]:
    """The newest lines about these concerns alone, the newest first; of some actions, if given.
    `before` leaves out the line of that number and all after it."""
    found: list[Numbered] = []
    for some in chunks(concern_ids):
        wanted = select(audit).where(audit.c.concern_id.in_(some))
        if actions:
            wanted = wanted.where(audit.c.action.in_(actions))
        if before is not None:
            wanted = wanted.where(audit.c.id < before)
        rows = await conn.execute(wanted.order_by(audit.c.id.desc()).limit(limit))
        found += [_numbered(row) for row in rows]
    return sorted(found, key=lambda one: -one.number)[:limit]


async def every_of(conn: Conn, action: str) -> AsyncIterator[Numbered]:
    """All lines of one action, in order, a few hundred at a time."""
    after = 0
    while True:
        rows = await conn.execute(
            select(audit)
            .where(audit.c.action == action, audit.c.id > after)
            .order_by(audit.c.id)
            .limit(AT_ONCE)
        )
        found = [_numbered(row) for row in rows]
        for one in found:
            yield one
        if len(found) < AT_ONCE:
            return
        after = found[-1].number


def _numbered(row: Row[Any]) -> Numbered:
    line = Line(row.at, row.staff_id, row.action, row.concern_id, row.detail)
    return Numbered(row.id, line)


async def has(conn: Conn, staff_id: str, action: str, concern_id: str | None) -> bool:
    """Whether a member of staff ever did this to a concern; with none, apart from concerns."""
    found = await conn.execute(
        select(audit.c.id)
        .where(
            audit.c.concern_id == concern_id,
            audit.c.staff_id == staff_id,
            audit.c.action == action,
        )
        .limit(1)
    )
    return found.first() is not None
