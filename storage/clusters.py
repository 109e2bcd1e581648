"""Runs of concerns that leads are told of: what they may read, and of what they were told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import cluster_flags, concerns
from storage.schema import wraps as stored_wraps
from storage.wraps import is_left_out

CONCERN = "concern"  # the kind that is no complaint about data


@dataclass(frozen=True, slots=True)
class Readable:
    """One concern that one member of staff has a key to and is not left out of."""

    staff_id: str
    team: str
    sent_at: datetime
    in_danger: bool


async def sent_since(conn: Conn, staff_ids: Iterable[str], since: datetime) -> list[Readable]:
    """What was sent since then, once for each of these members who may read it."""
    found = []
    for some in chunks(staff_ids):
        rows = await conn.execute(
            select(
                stored_wraps.c.reader_id,
                concerns.c.team,
                concerns.c.sent_at,
                concerns.c.in_danger,
            )
            .join(stored_wraps)
            .where(
                concerns.c.sent_at >= since,
                concerns.c.kind == CONCERN,
                stored_wraps.c.reader_id.in_(some),
                ~is_left_out(stored_wraps.c.reader_id),
            )
        )
        found += [Readable(row.reader_id, row.team, row.sent_at, row.in_danger) for row in rows]
    return found


async def flagged(conn: Conn, staff_ids: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """Up to when each member knows of a team's runs, by member and team."""
    found = {}
    for some in chunks(staff_ids):
        rows = await conn.execute(select(cluster_flags).where(cluster_flags.c.staff_id.in_(some)))
        found.update({(row.staff_id, row.team): row.until for row in rows})
    return found


async def flag(conn: Conn, told: Sequence[tuple[str, str, datetime]]) -> None:
    """Note that members were told of a team's run, up to when. Raises StoreConflict when another
    process was first."""
    for staff_id, team, _ in told:
        await conn.execute(
            delete(cluster_flags).where(
                cluster_flags.c.staff_id == staff_id, cluster_flags.c.team == team
            )
        )
    if told:
        await conn.execute(
            insert(cluster_flags),
            [{"staff_id": one, "team": team, "until": until} for one, team, until in told],
        )
