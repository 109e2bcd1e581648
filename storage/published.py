"""You said, we did: lines that staff chose to tell everybody, in the clear, and who wants to hear
of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from storage.connection import Conn
from storage.forgetting import LEAVING
from storage.schema import conversations, published

EVERYWHERE = ""  # the team of a line that belongs to no single team


@dataclass(frozen=True, slots=True)
class Published:
    """One line. `concern_id` is for the audit and for nobody's page."""

    id: str
    team: str
    said: str
    did: str
    at: datetime
    by_id: str
    concern_id: str | None
    withdrawn_at: datetime | None = None
    told_up_to: str | None = None
    told_at: datetime | None = None


async def add(conn: Conn, line: Published) -> None:
    """Publish a line. Raises StoreConflict for an id that is taken."""
    await conn.execute(
        insert(published).values(
            id=line.id,
            team=line.team,
            said=line.said,
            did=line.did,
            at=line.at,
            by_id=line.by_id,
            concern_id=line.concern_id,
        )
    )


async def newest(conn: Conn, limit: int, team: str | None = None) -> list[Published]:
    """Lines that were not withdrawn, the newest first; with a `team`, its own and those of no
    single team."""
    query = select(published).where(published.c.withdrawn_at.is_(None))
    if team is not None:
        query = query.where(published.c.team.in_((team, EVERYWHERE)))
    rows = await conn.execute(query.order_by(published.c.at.desc(), published.c.id).limit(limit))
    return [_line(row) for row in rows]


async def everything(conn: Conn, limit: int, offset: int = 0) -> list[Published]:
    """All lines, withdrawn ones too, the newest first."""
    query = select(published).order_by(published.c.at.desc(), published.c.id)
    return [_line(row) for row in await conn.execute(query.limit(limit).offset(offset))]


async def between(conn: Conn, since: datetime, until: datetime) -> list[Published]:
    """Lines that were published between two moments and stand, the newest first."""
    rows = await conn.execute(
        select(published)
        .where(published.c.at >= since, published.c.at < until, published.c.withdrawn_at.is_(None))
        .order_by(published.c.at.desc(), published.c.id)
    )
    return [_line(row) for row in rows]


async def by_id(conn: Conn, id_: str) -> Published | None:
    row = (await conn.execute(select(published).where(published.c.id == id_))).first()
    return None if row is None else _line(row)


async def of_concern(conn: Conn, concern_id: str) -> list[Published]:
    """What was published from a concern and stands, the newest first."""
    mine = select(published).where(
        published.c.concern_id == concern_id, published.c.withdrawn_at.is_(None)
    )
    rows = await conn.execute(mine.order_by(published.c.at.desc(), published.c.id))
    return [_line(row) for row in rows]


async def withdraw(conn: Conn, id_: str, now: datetime) -> bool:
    """Take a line back; whether there was one that stood."""
    done = await conn.execute(
        update(published)
        .where(published.c.id == id_, published.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    return bool(done.rowcount)


async def untold(conn: Conn, before: datetime) -> list[Published]:
    """Lines from before this moment of which not everybody who asked was told yet, the newest
    first."""
    rows = await conn.execute(
        select(published)
        .where(
            published.c.told_at.is_(None),
            published.c.withdrawn_at.is_(None),
            published.c.at <= before,
        )
        .order_by(published.c.at.desc(), published.c.id)
    )
    return [_line(row) for row in rows]


async def told_up_to(conn: Conn, id_: str, conversation_id: str) -> None:
    await conn.execute(
        update(published).where(published.c.id == id_).values(told_up_to=conversation_id)
    )


async def told(conn: Conn, ids: Sequence[str], now: datetime) -> None:
    """Everybody who asked was told of these lines."""
    await conn.execute(update(published).where(published.c.id.in_(ids)).values(told_at=now))


async def wanting(conn: Conn, after: str, limit: int) -> list[str]:
    """The ids of conversations whose people asked to be told, in the order of ids: those behind
    `after`. Whoever cannot be reached now, or is forgotten, is not in it."""
    rows = await conn.execute(
        select(conversations.c.id)
        .where(
            conversations.c.id > after,
            conversations.c.wants_changes,
            ~conversations.c.unreachable,
            conversations.c.due_kind.is_distinct_from(LEAVING),
        )
        .order_by(conversations.c.id)
        .limit(limit)
    )
    return list(rows.scalars())


def _line(row: Row[Any]) -> Published:
    return Published(
        row.id,
        row.team,
        row.said,
        row.did,
        row.at,
        row.by_id,
        row.concern_id,
        row.withdrawn_at,
        row.told_up_to,
        row.told_at,
    )
