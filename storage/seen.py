"""Which updates were turned already: a set of ids for 48 hours, never a high-water mark.

Telegram's update ids turn random after an idle week, so a newer one may be smaller.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import seen_updates


async def unseen(conn: Conn, bot_id: int, ids: Iterable[int]) -> set[int]:
    """Those of these updates that were not turned yet."""
    left = set()
    for some in chunks(ids):
        left.update(some)
        rows = await conn.execute(
            select(seen_updates.c.update_id).where(
                seen_updates.c.bot_id == bot_id, seen_updates.c.update_id.in_(some)
            )
        )
        left.difference_update(rows.scalars())
    return left


async def remember(conn: Conn, bot_id: int, ids: Iterable[int], now: datetime) -> None:
    """Note these updates, in the transaction of their effects.

    Raises StoreConflict when another process turned one of them meanwhile.
    """
    rows = [{"bot_id": bot_id, "update_id": one, "at": now} for one in sorted(set(ids))]
    if rows:
        await conn.execute(insert(seen_updates), rows)


async def prune(conn: Conn, before: datetime) -> int:
    """Forget the updates noted before a moment; returns how many."""
    done = await conn.execute(delete(seen_updates).where(seen_updates.c.at < before))
    return done.rowcount
