"""THE one place that gives anyone a key to a concern, and so the one place that can leave one out.

Every way to a key goes through `make_many`: it reads the exclusions itself and subtracts them, so
that no caller can forget. A trigger in the database refuses what would slip past it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, exists, insert, select

from storage import meta
from storage.chunks import chunks
from storage.connection import Conn
from storage.errors import BadRow, DamagedRow, NotAReader
from storage.schema import exclusions, staff, wraps
from storage.sealing import SealError, context, open_with, seal_to

RECOVERY = "recovery"  # the reader whose private half is printed once and kept offline


@dataclass(frozen=True, slots=True)
class Wrapping:
    """Who shall be able to open one concern, beside the recovery key. `private` is its key."""

    concern_id: str
    private: bytes = field(repr=False)
    readers: frozenset[str]


async def make_many(conn: Conn, wanted: Sequence[Wrapping]) -> dict[str, frozenset[str]]:
    """Wrap each concern's private half to its readers, minus those left out; always to recovery.

    Skips readers who have a wrap or no key yet, are not active or are unknown. Returns by concern
    which staff can open it now, old and new. Raises BadRow when the database has no recovery key.
    """
    ids = [wrapping.concern_id for wrapping in wanted]
    left_out = await excluded(conn, ids)
    have = await _wrapped(conn, ids)
    publics = await _public_keys(conn, {one for wrapping in wanted for one in wrapping.readers})
    rows, able = [], {}
    for wrapping in wanted:
        concern_id = wrapping.concern_id
        allowed = (wrapping.readers & publics.keys()) - left_out[concern_id] - {RECOVERY}
        held = have.get(concern_id, set())
        rows += [
            {
                "concern_id": concern_id,
                "reader_id": reader,
                "body": seal_to(publics[reader], wrapping.private, place_of(concern_id, reader)),
            }
            for reader in sorted((allowed | {RECOVERY}) - held)
        ]
        able[concern_id] = frozenset((allowed | held) - {RECOVERY})
    if rows:
        await conn.execute(insert(wraps), rows)
    return able


async def make(
    conn: Conn, private: bytes, concern_id: str, readers: frozenset[str]
) -> frozenset[str]:
    """`make_many` for one concern; returns which staff can open it now."""
    return (await make_many(conn, [Wrapping(concern_id, private, readers)]))[concern_id]


async def open_private(conn: Conn, concern_id: str, reader_id: str, private: bytes) -> bytes:
    """A concern's private half, opened with a reader's own private half.

    Raises NotAReader for someone without a wrap or left out, DamagedRow when it does not open.
    """
    found = await conn.execute(
        select(wraps.c.body).where(
            wraps.c.concern_id == concern_id,
            wraps.c.reader_id == reader_id,
            ~is_left_out(reader_id),
        )
    )
    body = found.scalar()
    if body is None:
        raise NotAReader("no key to this concern")
    try:
        return open_with(private, body, place_of(concern_id, reader_id))
    except SealError:
        raise DamagedRow("the key to this concern does not open") from None


async def pass_on(
    conn: Conn, concern_id: str, by_staff_id: str, private_of_by: bytes, readers: frozenset[str]
) -> frozenset[str]:
    """Let more staff open a concern, by someone who can. Returns who can open it now.

    Raises NotAReader or DamagedRow about the one who passes it on.
    """
    private = await open_private(conn, concern_id, by_staff_id, private_of_by)
    return await make(conn, private, concern_id, readers)


async def pass_many(
    conn: Conn,
    concern_ids: Sequence[str],
    by_staff_id: str,
    private_of_by: bytes,
    readers: frozenset[str],
) -> dict[str, frozenset[str]]:
    """`pass_on` for many concerns at once, of those that this member of staff can open: those that
    they hold no key to, are left out of, or whose wrap is damaged, are not in the answer."""
    wanted = []
    for some in chunks(concern_ids):
        rows = await conn.execute(
            select(wraps.c.concern_id, wraps.c.body).where(
                wraps.c.concern_id.in_(some),
                wraps.c.reader_id == by_staff_id,
                ~is_left_out(by_staff_id),
            )
        )
        for row in rows:
            try:
                private = open_with(private_of_by, row.body, place_of(row.concern_id, by_staff_id))
            except SealError:
                continue  # its own page says so, with an alarm, to whoever opens it
            wanted.append(Wrapping(row.concern_id, private, readers))
    return await make_many(conn, wanted)


async def leave_out(conn: Conn, concern_id: str, staff_id: str) -> None:
    """Keep a member of staff from a concern for ever. Their key to it goes in the same moment."""
    if staff_id not in (await excluded(conn, [concern_id]))[concern_id]:
        await conn.execute(insert(exclusions).values(concern_id=concern_id, staff_id=staff_id))
    await conn.execute(
        delete(wraps).where(wraps.c.concern_id == concern_id, wraps.c.reader_id == staff_id)
    )


async def take_all(conn: Conn, staff_id: str) -> None:
    """Take every key to a concern from a member of staff who leaves, never from recovery."""
    if staff_id == RECOVERY:
        raise BadRow("the recovery key is nobody's to take")
    await conn.execute(delete(wraps).where(wraps.c.reader_id == staff_id))


async def replace_reader(
    conn: Conn, concern_ids: Iterable[str], recovery_private: bytes, staff_id: str
) -> frozenset[str]:
    """Wrap these concerns anew to a member of staff whose key was replaced; for `heard recover`.

    Their older wraps of these concerns are removed: nothing opens them any more. Concerns they are
    left out of stay closed to them. Returns the concerns whose recovery wrap does not open.
    """
    wanted, damaged = [], set()
    for some in chunks(concern_ids):
        rows = await conn.execute(
            select(wraps.c.concern_id, wraps.c.body).where(
                wraps.c.concern_id.in_(some), wraps.c.reader_id == RECOVERY
            )
        )
        for row in rows:
            try:
                private = open_with(recovery_private, row.body, place_of(row.concern_id, RECOVERY))
            except SealError:
                damaged.add(row.concern_id)
                continue
            wanted.append(Wrapping(row.concern_id, private, frozenset({staff_id})))
    for some in chunks(wrapping.concern_id for wrapping in wanted):
        await conn.execute(
            delete(wraps).where(wraps.c.concern_id.in_(some), wraps.c.reader_id == staff_id)
        )
    await make_many(conn, wanted)
    return frozenset(damaged)


async def held_by(conn: Conn, reader_id: str) -> list[str]:
    """The ids of all concerns that a reader has a wrap of."""
    rows = await conn.execute(
        select(wraps.c.concern_id).where(wraps.c.reader_id == reader_id).order_by("concern_id")
    )
    return list(rows.scalars())


async def readers(conn: Conn, concern_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Which staff have a key to each concern and are not left out of it."""
    found: dict[str, set[str]] = {}
    for some in chunks(concern_ids):
        found.update({concern_id: set() for concern_id in some})
        rows = await conn.execute(
            select(wraps.c.concern_id, wraps.c.reader_id).where(
                wraps.c.concern_id.in_(some),
                wraps.c.reader_id != RECOVERY,
                ~is_left_out(wraps.c.reader_id),
            )
        )
        for row in rows:
            found[row.concern_id].add(row.reader_id)
    return {concern_id: frozenset(some) for concern_id, some in found.items()}


async def excluded(conn: Conn, concern_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Which staff are left out of each concern."""
    found: dict[str, set[str]] = {}
    for some in chunks(concern_ids):
        found.update({concern_id: set() for concern_id in some})
        rows = await conn.execute(select(exclusions).where(exclusions.c.concern_id.in_(some)))
        for row in rows:
            found[row.concern_id].add(row.staff_id)
    return {concern_id: frozenset(some) for concern_id, some in found.items()}


def is_left_out(reader: str | ColumnElement[str]) -> ColumnElement[bool]:
    """For a query over `wraps`: whether the row's concern leaves `reader` out."""
    return exists().where(
        exclusions.c.concern_id == wraps.c.concern_id, exclusions.c.staff_id == reader
    )


async def _wrapped(conn: Conn, concern_ids: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for some in chunks(concern_ids):
        rows = await conn.execute(
            select(wraps.c.concern_id, wraps.c.reader_id).where(wraps.c.concern_id.in_(some))
        )
        for row in rows:
            found.setdefault(row.concern_id, set()).add(row.reader_id)
    return found


async def _public_keys(conn: Conn, staff_ids: Iterable[str]) -> dict[str, bytes]:
    recovery = await meta.get(conn, meta.RECOVERY_PUBLIC)
    if recovery is None:
        raise BadRow("the database has no recovery key; run 'heard init'")
    found = {RECOVERY: recovery}
    for some in chunks(staff_ids):
        rows = await conn.execute(
            select(staff.c.id, staff.c.public_key).where(staff.c.id.in_(some), staff.c.active)
        )
        # Who was invited and has not come yet has no key to wrap to.
        found.update({row.id: row.public_key for row in rows if row.public_key})
    return found


def place_of(concern_id: str, reader_id: str) -> bytes:
    """What a wrap is bound to."""
    return context("wraps", "body", concern_id, reader_id)
