"""One digest for each member of staff at each handover, whatever clocks and ticks do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, insert, or_, select

from storage.connection import Conn
from storage.schema import digests


async def claim(conn: Conn, staff_id: str, local_date: date, at: datetime, slot: str = "") -> bool:
    """True for whoever asks first for a date and slot, once. Commit it with the digest itself.

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


async def made(conn: Conn, days: Iterable[date]) -> frozenset[tuple[str, date, str]]:
    """Who has had their digest of which of these dates and slots, so that asking again costs no
    write."""
    wanted = {day.isoformat(): day for day in days}
    found = await conn.execute(
        select(digests.c.staff_id, digests.c.local_date, digests.c.slot).where(
            digests.c.local_date.in_(wanted)
        )
    )
    return frozenset((row.staff_id, wanted[row.local_date], row.slot) for row in found)


async def last(conn: Conn, staff_id: str) -> datetime | None:
    """When this member's newest digest of a handover was made, or None. Slots of handovers begin
    with a time of day; those of before there were slots are empty."""
    handover = or_(digests.c.slot == "", digests.c.slot.like("__:__%"))
    found = await conn.execute(
        select(func.max(digests.c.at)).where(digests.c.staff_id == staff_id, handover)
    )
    moment: datetime | None = found.scalar()
    return moment
