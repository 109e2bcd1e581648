"""Messages to staff that go by e-mail: in the same outbox, taken by the one who mails alone.

There are as many lines as staff, so what Telegram's sender needs at a hundred thousand is not
needed here; and mails keep no order, so that none waits behind one that is refused for now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, literal, or_, select, update

from storage.connection import Conn
from storage.outbox_queries import mark_claimed
from storage.outbox_rows import MAILED, MessageState, unlock_body
from storage.schema import outbox, staff
from storage.sealing import SealError
from storage.secrets import Purpose, Secrets
from storage.staff_rows import open_email


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to mail now. `mark` is the same at every try and on no other message; `damaged`:
    address or body do not open, and are empty."""

    id: int
    mark: str
    address: str = field(repr=False)
    lane: int
    body: bytes = field(repr=False)
    attempts: int
    since: datetime
    damaged: bool = False


async def claim(
    conn: Conn, secrets: Secrets, now: datetime, lease: timedelta, limit: int
) -> list[Letter]:
    """Take up to `limit` messages, the most urgent lane first; theirs until `now + lease`.

    Never for somebody who left or took their address back. The address is the one of this moment.
    """
    found = (await conn.execute(_claimable(now, limit))).all()
    if found:
        await conn.execute(mark_claimed([row.id for row in found], now + lease))
    keys = secrets.keys(Purpose.STAFF_EMAIL)
    return [_opened(secrets, keys, row) for row in found]


async def give_back(conn: Conn, ids: Sequence[int]) -> None:
    """These were not tried: they are due as they were."""
    await conn.execute(update(outbox).where(outbox.c.id.in_(ids)).values(claimed_until=None))


async def waiting(conn: Conn) -> int:
    """How many messages wait to be mailed, now or later."""
    mine = outbox.join(staff, outbox.c.recipient == literal(MAILED) + staff.c.id)
    found = await conn.execute(
        select(func.count())
        .select_from(mine)
        .where(outbox.c.state == MessageState.QUEUED, staff.c.email_sealed.is_not(None))
    )
    return int(found.scalar() or 0)


def _claimable(now: datetime, limit: int) -> Select[Any]:
    free = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now)
    return (
        select(outbox, staff.c.id.label("staff_id"), staff.c.email_sealed)
        .join(staff, outbox.c.recipient == literal(MAILED) + staff.c.id)
        .where(
            outbox.c.state == MessageState.QUEUED,
            outbox.c.due_at <= now,
            free,
            staff.c.active,
            staff.c.email_sealed.is_not(None),
        )
        .order_by(outbox.c.lane, outbox.c.id)
        .limit(limit)
        .with_for_update(of=outbox, skip_locked=True)
    )


def _opened(secrets: Secrets, keys: Sequence[bytes], row: Row[Any]) -> Letter:
    address, body, damaged = "", b"", False
    try:
        address = open_email(keys, row.staff_id, row.email_sealed)
        body = unlock_body(secrets, row)
    except SealError:
        damaged = True
    mark = f"{row.id}.{row.mark.hex()}"
    return Letter(row.id, mark, address, row.lane, body, row.attempts, row.created_at, damaged)
