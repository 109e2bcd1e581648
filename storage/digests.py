"""One digest for each member of staff at each handover, whatever clocks and ticks do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, insert, select

from storage.connection import Conn
from storage.schema import digests


async def claim(conn: Conn, staff_id: str, local_date: date, at: datetime, slot: str = "") -> bool:
    """True for whoever asks first on a date and slot, once. Commit it with the digest itself.

    Raises StoreConflict when another process asks at the same moment.
    """
    day = local_date.isoformat()
    found = await conn.execute(
        select(digests.c.at).where(
            digests.c.staff_id == staff_id,
            digests.c.local_date == day,
            digests.c.slot == slot,
        )
    )
    if found.first() is not None:
        return False
    await conn.execute(insert(digests).values(staff_id=staff_id, local_date=day, slot=slot, at=at))
    return True


async def made(conn: Conn, days: Iterable[date]) -> frozenset[tuple[str, date]]:
    """Who has had their digest of which of these dates, so that asking again costs no write."""
    wanted = {day.isoformat(): day for day in days}
    found = await conn.execute(
        select(digests.c.staff_id, digests.c.local_date).where(digests.c.local_date.in_(wanted))
    )
    return frozenset((row.staff_id, wanted[row.local_date]) for row in found)


async def last(conn: Conn, staff_id: str) -> datetime | None:
    """When this member's newest digest was made, or None."""
    found = await conn.execute(select(func.max(digests.c.at)).where(digests.c.staff_id == staff_id))
    moment: datetime | None = found.scalar()
    return moment
