"""The audit as one member of staff may read it: what was done to concerns that are open to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from storage.audit import Line, Numbered
from storage.connection import Conn
from storage.schema import audit, concerns, wraps
from storage.wraps import is_left_out


@dataclass(frozen=True, slots=True)
class About:
    """A line, and the concern that it is about."""

    line: Numbered
    reference: str
    team: str


async def readable(conn: Conn, staff_id: str, limit: int, skip: int = 0) -> list[About]:
    """The newest lines about concerns that this member holds a key to and is not kept from, the
    newest first, without the first `skip` of them."""
    wanted = (
        select(audit, concerns.c.reference, concerns.c.team)
        .join(wraps, wraps.c.concern_id == audit.c.concern_id)
        .join(concerns, concerns.c.id == audit.c.concern_id)
        .where(wraps.c.reader_id == staff_id, ~is_left_out(staff_id))
    )
    rows = await conn.execute(wanted.order_by(audit.c.id.desc()).limit(limit).offset(skip))
    return [
        About(
            Numbered(row.id, Line(row.at, row.staff_id, row.action, row.concern_id, row.detail)),
            row.reference,
            row.team,
        )
        for row in rows
    ]
