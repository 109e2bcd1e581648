"""Somebody is in danger, as the person said: how far up it was told, and when it is told next.

In the clear are a concern's id, times, how many steps were gone, and who has seen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import alerts


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One a concern. `next_at` is None once somebody has seen it, or when it was given up."""

    concern_id: str
    began_at: datetime
    step: int
    next_at: datetime | None
    seen_by: str | None = None
    seen_at: datetime | None = None


async def load(conn: Conn, concern_ids: Iterable[str]) -> dict[str, AlertRow]:
    """The alerts of these concerns, by the concern's id, kept from other writers."""
    found: dict[str, AlertRow] = {}
    for some in chunks(concern_ids):
        rows = await conn.execute(
            select(alerts).where(alerts.c.concern_id.in_(some)).with_for_update()
        )
        found.update({row.concern_id: _row(row) for row in rows})
    return found


async def begin(conn: Conn, rows: Sequence[AlertRow]) -> None:
    """Begin these, each in the place of its concern's former alert."""
    for some in chunks(row.concern_id for row in rows):
        await conn.execute(delete(alerts).where(alerts.c.concern_id.in_(some)))
    if rows:
        await conn.execute(insert(alerts), [asdict(row) for row in rows])


async def due(conn: Conn, now: datetime, limit: int) -> list[AlertRow]:
    """Those that nobody has seen and whose next step has come, the longest waiting first."""
    rows = await conn.execute(
        select(alerts)
        .where(alerts.c.next_at <= now)
        .order_by(alerts.c.next_at, alerts.c.concern_id)
        .limit(limit)
    )
    return [_row(row) for row in rows]


async def go_on(conn: Conn, before: AlertRow, step: int, next_at: datetime | None) -> bool:
    """Note that the next were told; False when it was seen, or gone on with, meanwhile."""
    done = await conn.execute(
        update(alerts)
        .where(
            alerts.c.concern_id == before.concern_id,
            alerts.c.step == before.step,
            alerts.c.next_at == before.next_at,
            alerts.c.seen_at.is_(None),
        )
        .values(step=step, next_at=next_at)
    )
    return done.rowcount == 1


async def see(conn: Conn, concern_id: str, staff_id: str, now: datetime) -> bool:
    """Note who has seen it; False when there is none, or somebody has seen it before."""
    done = await conn.execute(
        update(alerts)
        .where(alerts.c.concern_id == concern_id, alerts.c.seen_at.is_(None))
        .values(seen_by=staff_id, seen_at=now, next_at=None)
    )
    return done.rowcount == 1


async def next_due(conn: Conn) -> datetime | None:
    """When the next step of any alert comes, or None."""
    moment: datetime | None = (await conn.execute(select(func.min(alerts.c.next_at)))).scalar()
    return moment


def sooner(row: AlertRow, at: datetime) -> AlertRow:
    """The same, its next step at this moment at the latest."""
    return replace(row, next_at=at if row.next_at is None else min(row.next_at, at))


def _row(row: Row[Any]) -> AlertRow:
    return AlertRow(*tuple(row))
