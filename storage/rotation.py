"""Nightly: everything that lives on is locked under a new key, and the old key is destroyed.

Deleted rows stay readable in write-ahead logs and on worn disks. Only a destroyed key deletes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, Table, bindparam, select, text, update

from storage import alarms, replacing
from storage.connection import Conn
from storage.conversations import lock_key, unlock_key
from storage.engine import Store
from storage.file_jobs import relock_job
from storage.outbox_rows import relock_body
from storage.schema import conversations as conversation_rows
from storage.schema import file_jobs as job_rows
from storage.schema import outbox as outbox_rows
from storage.sealing import SealError
from storage.secrets import Secrets

log = logging.getLogger(__name__)

# No key may outlive 48 hours: this leaves more than a day for a machine that was off at night.
OLD = timedelta(hours=20)
_BATCH = 500
_ALARM = "rotation_damaged"

Relock = Callable[[Secrets, int, Row[Any]], bytes]


@dataclass(frozen=True, slots=True)
class Rotated:
    """What one rotation did: the epoch it began, rows it locked again, rows that did not open."""

    epoch: int
    conversations: int
    messages: int
    damaged: int


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A table with a column that is locked under an epoch; `called` is its name in the log."""

    table: Table
    called: str
    column: str
    needs: tuple[str, ...]
    relock: Relock


def needed(secrets: Secrets, now: datetime) -> bool:
    """Whether the oldest epoch is so old that it is time to rotate, or to finish a rotation."""
    return now - secrets.epoch_made_at(min(secrets.epochs)) >= OLD


async def rotate(store: Store, secrets: Secrets, now: datetime) -> Rotated:
    """Begin an epoch, lock everything under it, then destroy all earlier keys.

    1. The new key is on disk. 2. Rows are locked under it, a few hundred to a transaction, so that
    live answers need not wait. 3. The write-ahead log is emptied. 4. Earlier keys are destroyed.
    A crash anywhere loses nothing: until step 4 both keys open, and the next run does all of it.
    Rows that do not open are left as they are, with one alarm for the run. Raises replacing.Busy.
    """
    async with replacing.alone(store, secrets, "epochs"):
        return await _rotate(store, secrets, now)


async def _rotate(store: Store, secrets: Secrets, now: datetime) -> Rotated:
    before = tuple(secrets.epochs)
    epoch = secrets.new_epoch()
    counts, damaged = {}, []
    for sealed in _ALL:
        counts[sealed.table.name], broken = await _relock_all(store, secrets, sealed, before)
        damaged += [f"{sealed.table.name} {row_id}" for row_id in broken]
    await _last_look(store, secrets, before, damaged, now)
    await store.checkpoint()
    secrets.destroy_epochs(below=epoch)
    log.info("epoch-begun", extra={"epoch": epoch, "count": len(damaged)})
    return Rotated(epoch, counts["conversations"], counts["outbox"], len(damaged))


async def _relock_all(
    store: Store, secrets: Secrets, sealed: _Sealed, before: tuple[int, ...]
) -> tuple[int, list[Any]]:
    """Go through one table by id; return how many rows were locked and which did not open."""
    after, locked, damaged = None, 0, []
    while True:
        async with store.write() as conn:
            rows = await _batch(conn, sealed, before, after)
            good, broken = await _relock(conn, secrets, sealed, rows)
        locked += good
        damaged += broken
        if len(rows) < _BATCH:
            return locked, damaged
        after = rows[-1].id


async def _batch(
    conn: Conn, sealed: _Sealed, before: tuple[int, ...], after: Any
) -> list[Row[Any]]:
    columns = sealed.table.c
    wanted = select(*(columns[name] for name in ("id", "epoch", sealed.column, *sealed.needs)))
    wanted = wanted.where(columns.epoch.in_(before)).order_by(columns.id).limit(_BATCH)
    if after is not None:
        wanted = wanted.where(columns.id > after)
    return list(await conn.execute(wanted.with_for_update()))


async def _relock(
    conn: Conn, secrets: Secrets, sealed: _Sealed, rows: list[Row[Any]]
) -> tuple[int, list[Any]]:
    epoch = secrets.newest_epoch()
    changes, damaged = [], []
    for row in rows:
        try:
            blob = sealed.relock(secrets, epoch, row)
        except SealError:
            damaged.append(row.id)
            log.warning("row-damaged", extra={sealed.called: row.id})
            continue
        changes.append({"row_id": row.id, sealed.column: blob, "epoch": epoch})
    if changes:
        await conn.execute(
            update(sealed.table).where(sealed.table.c.id == bindparam("row_id")), changes
        )
    return len(changes), damaged


async def _last_look(
    store: Store,
    secrets: Secrets,
    before: tuple[int, ...],
    damaged: list[str],
    now: datetime,
) -> None:
    """Lock what a slower transaction saved under an old epoch meanwhile; sound the alarm."""
    async with store.write() as conn:
        if not store.is_sqlite:
            # Waits for every transaction that has written to these tables.
            tables = ", ".join(sealed.table.name for sealed in _ALL)
            await conn.execute(text(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE"))
        for sealed in _ALL:
            while rows := await _batch(conn, sealed, before, None):
                good, _ = await _relock(conn, secrets, sealed, rows)
                if not good:
                    break
        if damaged:
            detail = f"{len(damaged)} rows did not open, among them {', '.join(damaged[:5])}"
            await alarms.sound(conn, uuid4().hex, now, _ALARM, detail)


def _relock_conversation(secrets: Secrets, epoch: int, row: Row[Any]) -> bytes:
    key = unlock_key(secrets, row.epoch, row.id, row.key_locked)
    return lock_key(secrets, epoch, row.id, key)


_ALL = (
    _Sealed(conversation_rows, "conversation", "key_locked", (), _relock_conversation),
    _Sealed(outbox_rows, "outbox", "body", ("recipient", "mark", "held_id"), relock_body),
    _Sealed(job_rows, "file", "body", (), relock_job),
)
