"""Giving the recovery key a successor. It takes both halves of both: the old one opens what is
there, and nobody but those who hold the paper has it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from storage import meta, quarantine, replacing
from storage.engine import Store
from storage.resealing import SLICE, Exchange, next_slice, put_back
from storage.schema import quarantine as stored_quarantine
from storage.sealing import KeyPair, Opener, SealError
from storage.secrets import RECOVERY, Secrets
from storage.wraps import RECOVERY as READER

log = logging.getLogger(__name__)

Told = Callable[[int], Awaitable[None]]


class WrongRecoveryKey(Exception):
    """A key is not the one that it must be; the text says which. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was sealed anew, and the ids of what did not open with either key."""

    concerns: int
    updates: int
    damaged: tuple[str, ...]


async def replace(
    store: Store, secrets: Secrets, old: KeyPair, new: KeyPair, told: Told
) -> Replaced:
    """Replace the recovery key, or go on with what a crash left, with the same two keys.

    Until it is done each row opens with one of the two, so both papers are needed. Raises
    WrongRecoveryKey, replacing.Busy.
    """
    async with replacing.alone(store, secrets, RECOVERY):
        if new.public == old.public:
            raise WrongRecoveryKey("The new recovery key is the old one.")
        if secrets.roots[RECOVERY] == [new.public]:  # it stopped after the last step
            replacing.finish(secrets, RECOVERY)
            return Replaced(0, 0, ())
        _fit(secrets, old, new)
        await replacing.begin(store, secrets, RECOVERY, new.public)
        async with store.write() as conn:
            await meta.put(conn, meta.RECOVERY_PUBLIC, new.public)
        await replacing.settled(store)
        exchange = Exchange(READER, Opener(old.private), new.public, Opener(new.private))
        concerns = updates = 0
        while True:
            moved, damaged = await _wraps(store, exchange, told)
            more, broken = await _updates(store, exchange)
            concerns, updates = concerns + moved, updates + more
            if not moved + more:
                break  # everything that opens was opened with the new key alone
        await store.checkpoint()
        replacing.finish(secrets, RECOVERY)
    log.info("key-replaced", extra={"count": concerns})
    return Replaced(concerns, updates, (*damaged, *broken))


def _fit(secrets: Secrets, old: KeyPair, new: KeyPair) -> None:
    publics = secrets.roots[RECOVERY]
    if old.public != publics[-1]:
        raise WrongRecoveryKey("The old recovery key is not the one of this Heard.")
    if len(publics) > 1 and new.public != publics[0]:
        raise WrongRecoveryKey("The new recovery key is not the one that was begun with.")


async def _wraps(store: Store, exchange: Exchange, told: Told) -> tuple[int, list[str]]:
    after, seen, moved = "", 0, 0
    damaged: list[str] = []
    while True:
        some = await next_slice(store, exchange, after)
        if some.last is None:
            return moved, damaged
        if some.bodies:
            async with store.write() as conn:
                await put_back(conn, READER, some.bodies)
        after, seen = some.last, seen + SLICE
        moved += len(some.bodies)
        damaged += some.damaged
        await told(seen)


async def _updates(store: Store, exchange: Exchange) -> tuple[int, list[str]]:
    """The same for updates that were set aside."""
    after, moved = "", 0
    damaged: list[str] = []
    while True:
        async with store.read() as conn:
            found = await conn.execute(
                select(stored_quarantine.c.id, stored_quarantine.c.body)
                .where(stored_quarantine.c.id > after)
                .order_by(stored_quarantine.c.id)
                .limit(SLICE)
            )
            rows = found.all()
        if not rows:
            return moved, damaged
        changes, broken = await asyncio.to_thread(_resealed, exchange, rows)
        if changes:
            async with store.write() as conn:
                await conn.execute(
                    update(stored_quarantine)
                    .where(stored_quarantine.c.id == bindparam("row_id"))
                    .values(body=bindparam("sealed")),
                    changes,
                )
        moved, after = moved + len(changes), rows[-1].id
        damaged += broken


def _resealed(
    exchange: Exchange, rows: Sequence[Row[Any]]
) -> tuple[list[dict[str, Any]], list[str]]:
    changes, damaged = [], []
    for row in rows:
        try:
            body = exchange.blob(row.body, quarantine.place_of(row.id))
        except SealError:
            damaged.append(row.id)
            continue
        if body is not None:
            changes.append({"row_id": row.id, "sealed": body})
    return changes, damaged
