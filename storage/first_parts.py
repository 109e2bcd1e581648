"""Whether what a person sent lies there as it was sealed, seen without opening it."""

from __future__ import annotations

from sqlalchemy import select

from storage.concern_rows import digest
from storage.connection import Conn
from storage.schema import parts as stored_parts


async def digest_of_first(conn: Conn, concern_id: str, count: int) -> str | None:
    """The digest of a concern's first parts as they lie there; None when any is missing."""
    rows = await conn.execute(
        select(stored_parts)
        .where(stored_parts.c.concern_id == concern_id, stored_parts.c.seq <= count)
        .order_by(stored_parts.c.seq)
    )
    found = [dict(row) for row in rows.mappings()]
    return digest(found) if len(found) == count else None
