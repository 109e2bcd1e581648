"""Giving the delivery key or the directory key a successor while Heard runs.

Rows are moved a few hundred to a transaction. Look-ups try both tags meanwhile, so that nobody's
chat is unknown for a moment; that costs one more HMAC for each chat.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Row, Table, bindparam, select, update

from storage import alarms, replacing
from storage.connection import Conn
from storage.engine import Store
from storage.moving_rows import (
    Mover,
    concern_mover,
    conversation_mover,
    message_mover,
    move_files,
    name_mover,
    staff_chat_mover,
    void_codes,
)
from storage.schema import concerns, conversations, outbox, staff
from storage.sealing import SealError
from storage.secrets import DELIVERY, DIRECTORY, Secrets

log = logging.getLogger(__name__)

BATCH: Final = 250  # rows in one transaction: some 10 ms on the writer, then others have their turn
_ALARM: Final = "rotation_damaged"

Told = Callable[[str, int], Awaitable[None]]  # which table, and how many of its rows are done


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was done: rows that were moved, by table, and rows that do not open with any key."""

    moved: Mapping[str, int]
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A table with columns that are locked under a key; `called` is its name in the log."""

    table: Table
    called: str
    needs: tuple[str, ...]
    mover: Callable[[Secrets], Mover]


_MESSAGE: Final = ("recipient", "mark", "held_id", "about")
_UNDER: Final[Mapping[str, tuple[_Sealed, ...]]] = {
    DELIVERY: (
        _Sealed(
            conversations, "conversation", ("chat_tag", "chat_sealed", "own"), conversation_mover
        ),
        _Sealed(staff, "staff", ("chat_tag", "chat_sealed"), staff_chat_mover),
        _Sealed(outbox, "outbox", _MESSAGE, message_mover),
        _Sealed(concerns, "concern", ("return_sealed",), concern_mover),
    ),
    DIRECTORY: (_Sealed(staff, "staff", ("name_sealed", "name_tag", "email_sealed"), name_mover),),
}


async def _say_nothing(_table: str, _done: int) -> None:
    return


async def replace(
    store: Store, secrets: Secrets, name: str, now: datetime, told: Told = _say_nothing
) -> Replaced:
    """Replace DELIVERY or DIRECTORY, or go on with what a crash left. Raises replacing.Busy.

    Codes to link a chat that were not used yet are void with the delivery key. What does not open
    is left as it is, with one alarm: it opens no more than before.
    """
    async with replacing.alone(store, secrets, name):
        await replacing.begin(store, secrets, name)
        if name == DELIVERY:
            async with store.write() as conn:
                await void_codes(conn)
        moved: dict[str, int] = {}
        damaged: list[str] = []
        while True:
            done, damaged = await _go_through(store, secrets, name, told)
            for table, count in done.items():
                moved[table] = moved.get(table, 0) + count
            if not any(done.values()):
                break  # everything that opens was opened with the new key alone
        if damaged:
            detail = f"{len(damaged)} rows did not open, among them {', '.join(damaged[:5])}"
            async with store.write() as conn:
                await alarms.sound(conn, uuid4().hex, now, _ALARM, detail)
        await store.checkpoint()
        replacing.finish(secrets, name)
    log.info("key-replaced", extra={"count": sum(moved.values())})
    return Replaced(moved, tuple(damaged))


async def _go_through(
    store: Store, secrets: Secrets, name: str, told: Told
) -> tuple[dict[str, int], list[str]]:
    """One pass over all; what was moved, by table, and what did not open."""
    moved, damaged = {}, []
    for sealed in _UNDER[name]:
        count, broken = await _move_all(store, secrets, sealed, told)
        moved[sealed.table.name] = count
        damaged += [f"{sealed.table.name} {row_id}" for row_id in broken]
    if name == DELIVERY:
        moved["files"] = await move_files(store, secrets, BATCH)
    return moved, damaged


async def _move_all(
    store: Store, secrets: Secrets, sealed: _Sealed, told: Told
) -> tuple[int, list[Any]]:
    mover = sealed.mover(secrets)
    after, seen, moved, damaged = None, 0, 0, []
    while True:
        async with store.write() as conn:
            rows = await _batch(conn, sealed, after)
            count, broken = await _move(conn, sealed, mover, rows)
        moved, seen = moved + count, seen + len(rows)
        damaged += broken
        if len(rows) < BATCH:
            return moved, damaged
        after = rows[-1].id
        await told(sealed.table.name, seen)


async def _batch(conn: Conn, sealed: _Sealed, after: Any) -> Sequence[Row[Any]]:
    columns = sealed.table.c
    wanted = select(columns.id, *(columns[name] for name in sealed.needs))
    wanted = wanted.order_by(columns.id).limit(BATCH)
    if after is not None:
        wanted = wanted.where(columns.id > after)
    return (await conn.execute(wanted.with_for_update())).all()


async def _move(
    conn: Conn, sealed: _Sealed, mover: Mover, rows: Sequence[Row[Any]]
) -> tuple[int, list[Any]]:
    changes: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    damaged = []
    for row in rows:
        change: dict[str, Any] = {}
        for part in mover:
            try:
                change |= part(row)
            except SealError:
                damaged.append(row.id)
                log.warning("row-damaged", extra={sealed.called: row.id})
        if change:
            changes.setdefault(tuple(sorted(change)), []).append(change | {"row_id": row.id})
    for alike in changes.values():
        await conn.execute(
            update(sealed.table).where(sealed.table.c.id == bindparam("row_id")), alike
        )
    return sum(len(alike) for alike in changes.values()), damaged
