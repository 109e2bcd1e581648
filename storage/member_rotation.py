"""New keys for a member of staff, by themselves: every concern that they can open stays theirs.

All is sealed to the new key beforehand, in memory, while the old key works on; then one short
transaction puts it in place. So a crash leaves either all of the old or all of the new.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from storage import answer_drafts, audit, replacing, second_factors
from storage.chunks import chunks
from storage.connection import Conn
from storage.engine import Store
from storage.errors import DamagedRow
from storage.resealing import Exchange, next_slice, put_back, resealed
from storage.schema import staff, wraps
from storage.sealing import Opener
from storage.staff import StaffKeys

REPLACED = "keys-replaced"


@dataclass(frozen=True, slots=True)
class OwnPair:
    """The keys that a member has, with the private half that their passphrase opened."""

    staff_id: str
    public: bytes = field(repr=False)
    private: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Ready:
    exchange: Exchange
    bodies: dict[str, tuple[bytes, bytes]] = field(repr=False)
    damaged: list[str]


async def replace(store: Store, own: OwnPair, new: StaffKeys, now: datetime) -> bool:
    """Give a member new keys in place of their own; False when those were replaced meanwhile.

    A wrap or a draft that the old key does not open stays as it is.
    """
    opener = await asyncio.to_thread(Opener, own.private)
    ready = await _prepare(store, Exchange(own.staff_id, opener, new.public))
    async with store.write() as conn:
        if not await _take_over(conn, own, new, ready, now):
            return False
    if not store.is_sqlite:
        # Another transaction may have read the old public half before, and used it after.
        await replacing.settled(store)
        async with store.write() as conn:
            await _late(conn, ready)
    return True


async def _prepare(store: Store, exchange: Exchange) -> _Ready:
    ready, after = _Ready(exchange, {}, []), ""
    while True:
        some = await next_slice(store, exchange, after)
        if some.last is None:
            return ready
        ready.bodies.update(some.bodies)
        ready.damaged.extend(some.damaged)
        after = some.last


async def _take_over(
    conn: Conn, own: OwnPair, keys: StaffKeys, ready: _Ready, now: datetime
) -> bool:
    done = await conn.execute(
        update(staff)
        .where(staff.c.id == own.staff_id, staff.c.public_key == own.public, staff.c.active)
        .values(public_key=keys.public, private_locked=keys.private_locked)
    )
    if not done.rowcount:
        return False
    await put_back(conn, own.staff_id, ready.bodies)
    await answer_drafts.reseal(conn, own.staff_id, ready.exchange.old, keys.public)
    try:
        factor = await second_factors.load(conn, own.staff_id, own.private, to_change=True)
    except DamagedRow:
        factor = None  # the door says so, with an alarm
    if factor is not None:
        await second_factors.save(conn, own.staff_id, factor, now)
    await _late(conn, ready)
    await audit.note(conn, now, own.staff_id, REPLACED, None)
    return True


async def _late(conn: Conn, ready: _Ready) -> None:
    """What was wrapped to them since; seldom more than a few."""
    reader = ready.exchange.reader_id
    held = await conn.execute(select(wraps.c.concern_id).where(wraps.c.reader_id == reader))
    new = set(held.scalars()) - ready.bodies.keys() - set(ready.damaged)
    for some in chunks(sorted(new)):
        rows = await conn.execute(
            select(wraps.c.concern_id, wraps.c.body).where(
                wraps.c.reader_id == reader, wraps.c.concern_id.in_(some)
            )
        )
        late = resealed(ready.exchange, rows.all())
        await put_back(conn, reader, late.bodies)
        ready.bodies.update(late.bodies)
