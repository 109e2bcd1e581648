"""What the people who run Heard must look at. No detail holds words, names or chat ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import alarms


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that went wrong and was not shown to anyone yet."""

    id: str
    at: datetime
    kind: str
    detail: str


async def sound(conn: Conn, id: str, at: datetime, kind: str, detail: str) -> None:
    """Keep an alarm until someone has seen it."""
    await conn.execute(insert(alarms).values(id=id, at=at, kind=kind, detail=detail, seen=False))


async def sound_once(conn: Conn, id: str, at: datetime, kind: str, detail: str) -> None:
    """Keep an alarm unless the very same one waits to be seen: what is met again and again is one
    thing to look at.
    """
    same = select(alarms.c.id).where(
        alarms.c.kind == kind, alarms.c.detail == detail, ~alarms.c.seen
    )
    if (await conn.execute(same.limit(1))).scalar() is None:
        await sound(conn, id, at, kind, detail)


async def unseen(conn: Conn) -> list[Alarm]:
    """The alarms that nobody has seen, the oldest first."""
    rows = await conn.execute(
        select(alarms).where(~alarms.c.seen).order_by(alarms.c.at, alarms.c.id)
    )
    return [Alarm(row.id, row.at, row.kind, row.detail) for row in rows]


async def mark_seen(conn: Conn, ids: Iterable[str]) -> None:
    """Note that these alarms were seen."""
    for some in chunks(ids):
        await conn.execute(update(alarms).where(alarms.c.id.in_(some)).values(seen=True))
