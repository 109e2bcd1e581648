"""Sealing wraps to a reader's new key pair. No wrap is made here, so nobody is let in: only bodies
of wraps that a reader has change.

Opening and sealing take a processor half a millisecond a wrap, so that is done in a thread, outside
any transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, bindparam, select, update

from storage.connection import Conn
from storage.engine import Store
from storage.schema import wraps
from storage.sealing import Opener, SealError, seal_to
from storage.wraps import place_of

SLICE: Final = 200


@dataclass(frozen=True, slots=True)
class Exchange:
    """From a private half to a public one. `new` opens what was exchanged already, if there may be
    such."""

    reader_id: str
    old: Opener = field(repr=False)
    public: bytes = field(repr=False)
    new: Opener | None = field(default=None, repr=False)

    def blob(self, body: bytes, info: bytes) -> bytes | None:
        """The same, sealed to the new key; None for what is already. Raises SealError."""
        if self.new is not None:
            try:
                self.new.open(body, info)
            except SealError:
                pass
            else:
                return None
        return seal_to(self.public, self.old.open(body, info), info)


@dataclass(frozen=True, slots=True)
class Slice:
    """Some wraps: what their bodies become, which of them do not open, and the last of them."""

    bodies: Mapping[str, tuple[bytes, bytes]]  # by concern: before and after
    damaged: tuple[str, ...]
    last: str | None


async def next_slice(store: Store, exchange: Exchange, after: str) -> Slice:
    """The next wraps of a reader in the order of their concerns; `last` is None at the end."""
    async with store.read() as conn:
        found = await conn.execute(
            select(wraps.c.concern_id, wraps.c.body)
            .where(wraps.c.reader_id == exchange.reader_id, wraps.c.concern_id > after)
            .order_by(wraps.c.concern_id)
            .limit(SLICE)
        )
        rows = found.all()
    return await asyncio.to_thread(resealed, exchange, rows)


def resealed(exchange: Exchange, rows: Sequence[Row[Any]]) -> Slice:
    bodies, damaged = {}, []
    for row in rows:
        try:
            body = exchange.blob(row.body, place_of(row.concern_id, exchange.reader_id))
        except SealError:
            damaged.append(row.concern_id)
            continue
        if body is not None:
            bodies[row.concern_id] = (row.body, body)
    return Slice(bodies, tuple(damaged), rows[-1].concern_id if rows else None)


async def put_back(conn: Conn, reader_id: str, bodies: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Store them; a wrap that was taken away or replaced meanwhile stays as it is."""
    changes = [
        {"concern": concern, "before": before, "after": after}
        for concern, (before, after) in sorted(bodies.items())
    ]
    if changes:
        await conn.execute(
            update(wraps)
            .where(
                wraps.c.concern_id == bindparam("concern"),
                wraps.c.reader_id == reader_id,
                wraps.c.body == bindparam("before"),
            )
            .values(body=bindparam("after")),
            changes,
        )
