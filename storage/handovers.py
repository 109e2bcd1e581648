"""Who has a concern, as handovers find it: what a handover has to look at, and which were held."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, update

from storage import meta
from storage.concern_rows import COLUMNS, ConcernRow, clear_row
from storage.connection import Conn
from storage.schema import concerns


async def owner_opened(conn: Conn, concern_id: str, staff_id: str, at: datetime) -> bool:
    """Note that whoever took a concern has read it. True if this is the first time since they took
    it: its version is one higher then, so that nobody overwrites it unseen."""
    done = await conn.execute(
        update(concerns)
        .where(
            concerns.c.id == concern_id,
            concerns.c.owner_id == staff_id,
            concerns.c.taken_at.is_not(None),
            concerns.c.owner_opened_at.is_(None),
        )
        .values(owner_opened_at=at, version=concerns.c.version + 1)
    )
    return done.rowcount == 1


async def found(
    conn: Conn, team: str, others: Collection[str] | None, states: Iterable[str], at: datetime
) -> list[ConcernRow]:
    """What a team's handover at that moment finds: in one of these states since before it and
    nobody's, or taken before it and not opened since.

    With `others` (the other teams' ids) also what belongs to no team at all.
    """
    mine = concerns.c.team == team if others is None else concerns.c.team.not_in(others)
    rows = await conn.execute(
        select(*COLUMNS)
        .where(
            mine,
            concerns.c.due_at.is_not(None),
            or_(
                and_(
                    concerns.c.owner_id.is_(None),
                    concerns.c.state.in_(list(states)),
                    concerns.c.state_since <= at,
                ),
                and_(concerns.c.taken_at <= at, concerns.c.owner_opened_at.is_(None)),
            ),
        )
        .order_by(concerns.c.id)
    )
    return [clear_row(row) for row in rows]


async def count(conn: Conn, unowned: Mapping[str, int]) -> None:
    """Note at how many handovers each concern was nobody's. It moves no version: somebody who is
    writing an answer meanwhile is not told that the concern moved on."""
    rows = [{"row_id": one, "times": times} for one, times in sorted(unowned.items())]
    if rows:
        await conn.execute(
            update(concerns)
            .where(concerns.c.id == bindparam("row_id"))
            .values(unowned=bindparam("times")),
            rows,
        )


async def held(conn: Conn, team: str) -> datetime | None:
    """The newest handover of a team that was carried out, or None."""
    value = await meta.get(conn, _key(team))
    return None if value is None else datetime.fromisoformat(value.decode())


async def hold(conn: Conn, team: str, at: datetime) -> None:
    """Note a handover, in the transaction of what it changes."""
    await meta.put(conn, _key(team), at.isoformat().encode())


def _key(team: str) -> str:
    return f"handover:{team}"
