"""Who of the staff did what to which concern, and when; never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from storage.connection import Conn
from storage.schema import audit


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit; `staff_id` is None for what Heard did by itself."""

    at: datetime
    staff_id: str | None
    action: str
    concern_id: str | None


async def note(
    conn: Conn, at: datetime, staff_id: str | None, action: str, concern_id: str | None
) -> None:
    """Add a line."""
    await conn.execute(
        insert(audit).values(at=at, staff_id=staff_id, action=action, concern_id=concern_id)
    )


async def of_concern(conn: Conn, concern_id: str) -> list[Deed]:
    """What was done to a concern, in order."""
    rows = await conn.execute(
        select(audit).where(audit.c.concern_id == concern_id).order_by(audit.c.id)
    )
    return [Deed(row.at, row.staff_id, row.action, row.concern_id) for row in rows]


async def has(conn: Conn, staff_id: str, action: str, concern_id: str) -> bool:
    """Whether a member of staff ever did this to a concern."""
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
