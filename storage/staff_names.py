"""The names of a few members of staff: a page opens only those that it shows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import staff
from storage.sealing import SealError
from storage.secrets import Purpose, Secrets
from storage.staff_rows import open_name


async def names(conn: Conn, secrets: Secrets, ids: Iterable[str]) -> dict[str, str]:
    """By id, active or not; one that is unknown or does not open is not in it."""
    keys, found = secrets.keys(Purpose.STAFF_NAME), {}
    for some in chunks(ids):
        rows = await conn.execute(
            select(staff.c.id, staff.c.name_sealed).where(staff.c.id.in_(some))
        )
        for row in rows:
            try:
                found[row.id] = open_name(keys, row.id, row.name_sealed)
            except SealError:
                continue
    return found
