"""Concerns: in the clear only team, state and times; every word sealed to those who may read it.

Each concern has a key pair. Its private half is wrapped to the readers and forgotten here, so
words can be added later by a program that can no longer read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from storage import wraps
from storage.chunks import chunks
from storage.concern_rows import (
    COLUMNS,
    COPY_DUE,
    ConcernRow,
    NewConcern,
    NewPart,
    Opened,
    OpenPart,
    clear_row,
    digest,
    numbered,
    opened_by,
    sealed_part,
)
from storage.connection import Conn
from storage.errors import BadRow, NoReader, StoreConflict
from storage.schema import concerns, exclusions
from storage.schema import parts as stored_parts
from storage.schema import wraps as stored_wraps
from storage.sealing import KeyPair, Opener, SealError, context, lock, new_key_pair, unlock_any
from storage.secrets import Purpose, Secrets
from storage.wraps import excluded, readers

__all__ = [
    "ConcernRow",
    "NewConcern",
    "NewPart",
    "OpenPart",
    "Opened",
    "add_parts",
    "by_reference",
    "counts",
    "due",
    "excluded",
    "load",
    "mark_opened",
    "move",
    "next_due",
    "open_parts",
    "readable",
    "readers",
    "return_addresses",
    "send",
    "waiting",
]

# What `move` leaves alone: what never changes, and what `mark_opened` sets without a turn.
_NOT_MOVED = frozenset({"id", "reference", "sent_at", "opened_at", "version", "kind", "data_due"})
_MOVED = tuple(column for column in COLUMNS if column.name not in _NOT_MOVED)


async def send(conn: Conn, secrets: Secrets, new: Sequence[NewConcern]) -> dict[str, str]:
    """Seal and store new concerns; after this nobody but their readers can open them. Gives back
    the digest of each one's parts as they lie sealed now.

    Raises NoReader when nobody would be left who can read one, BadRow when a part belongs to
    another concern, StoreConflict when an id or reference is taken. Then keep nothing.
    """
    if not new:
        return {}
    if any(part.concern_id != concern.id for concern in new for part in concern.parts):
        raise BadRow("a part belongs to another concern")
    pairs = {concern.id: new_key_pair() for concern in new}
    address_key = secrets.key(Purpose.RETURN_ADDRESS)
    await conn.execute(
        insert(concerns), [_new_row(concern, pairs[concern.id], address_key) for concern in new]
    )
    left_out = [
        {"concern_id": concern.id, "staff_id": staff_id}
        for concern in new
        for staff_id in sorted(concern.excluded)
    ]
    if left_out:
        await conn.execute(insert(exclusions), left_out)
    able = await wraps.make_many(
        conn, [wraps.Wrapping(one.id, pairs[one.id].private, one.readers) for one in new]
    )
    if not all(able[concern.id] for concern in new):
        raise NoReader("nobody is left who could read this concern")
    placed = numbered((part for concern in new for part in concern.parts), {})
    rows = [sealed_part(part, seq, pairs[part.concern_id].public) for seq, part in placed]
    if rows:
        await conn.execute(insert(stored_parts), rows)
    return {one.id: digest([row for row in rows if row["concern_id"] == one.id]) for one in new}


async def add_parts(conn: Conn, parts: Sequence[NewPart]) -> None:
    """Seal more words to concerns that were sent; no secret is needed for it.

    Raises BadRow for a concern that is not there, StoreConflict when two add at the same moment.
    """
    last = (
        select(func.max(stored_parts.c.seq))
        .where(stored_parts.c.concern_id == concerns.c.id)
        .scalar_subquery()
    )
    publics: dict[str, bytes] = {}
    so_far: dict[str, int] = {}
    for some in chunks(part.concern_id for part in parts):
        found = await conn.execute(
            select(concerns.c.id, concerns.c.public_key, last.label("last_part")).where(
                concerns.c.id.in_(some)
            )
        )
        for row in found:
            publics[row.id] = row.public_key
            so_far[row.id] = row.last_part or 0
    if any(part.concern_id not in publics for part in parts):
        raise BadRow("words are added to a concern that is not there")
    rows = [sealed_part(p, seq, publics[p.concern_id]) for seq, p in numbered(parts, so_far)]
    if rows:
        await conn.execute(insert(stored_parts), rows)


async def load(conn: Conn, ids: Iterable[str]) -> dict[str, ConcernRow]:
    """These concerns by id; one that is unknown is not in it."""
    found = {}
    for some in chunks(ids):
        rows = await conn.execute(select(*COLUMNS).where(concerns.c.id.in_(some)))
        found.update({row.id: clear_row(row) for row in rows})
    return found


async def by_reference(conn: Conn, references: Iterable[str]) -> dict[str, ConcernRow]:
    """These concerns by reference; one that is unknown is not in it."""
    found = {}
    for some in chunks(references):
        rows = await conn.execute(select(*COLUMNS).where(concerns.c.reference.in_(some)))
        found.update({row.reference: clear_row(row) for row in rows})
    return found


async def move(conn: Conn, rows: Sequence[ConcernRow]) -> None:
    """Save concerns as they are now; `version` is the one loaded, and is saved one higher.

    Never changes `opened_at` (see `mark_opened`). Raises StoreConflict when a version moved on.
    """
    if not rows:
        return
    changed = [
        {column.name: getattr(row, column.name) for column in _MOVED}
        | {"version": row.version + 1, "row_id": row.id, "expected": row.version}
        for row in sorted(rows, key=lambda row: row.id)
    ]
    done = await conn.execute(
        update(concerns).where(
            concerns.c.id == bindparam("row_id"), concerns.c.version == bindparam("expected")
        ),
        changed,
    )
    if done.rowcount != len(rows):
        raise StoreConflict("a concern moved on meanwhile")


async def mark_opened(conn: Conn, concern_id: str, at: datetime) -> None:
    """Note when someone first read a concern; later readings change nothing."""
    await conn.execute(
        update(concerns)
        .where(concerns.c.id == concern_id, concerns.c.opened_at.is_(None))
        .values(opened_at=at)
    )


async def due(conn: Conn, now: datetime, limit: int) -> list[ConcernRow]:
    """Concerns whose next contact has come, the longest waiting first."""
    rows = await conn.execute(
        select(*COLUMNS)
        .where(concerns.c.due_at <= now)
        .order_by(concerns.c.due_at, concerns.c.id)
        .limit(limit)
    )
    return [clear_row(row) for row in rows]


async def next_due(conn: Conn) -> datetime | None:
    """When the next contact of any concern comes, or None."""
    found = await conn.execute(select(func.min(concerns.c.due_at)))
    moment: datetime | None = found.scalar()
    return moment


async def readable(conn: Conn, staff_id: str, limit: int, offset: int) -> list[ConcernRow]:
    """The concerns that a member of staff has a key to, newest first."""
    rows = await conn.execute(
        select(*COLUMNS)
        .join(stored_wraps)
        .where(stored_wraps.c.reader_id == staff_id, ~wraps.is_left_out(staff_id))
        .order_by(concerns.c.sent_at.desc(), concerns.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [clear_row(row) for row in rows]


async def waiting(conn: Conn, staff_id: str) -> list[ConcernRow]:
    """The concerns that a member of staff has a key to and that have a next contact, or of which
    somebody is owed a copy."""
    rows = await conn.execute(
        select(*COLUMNS)
        .join(stored_wraps)
        .where(
            stored_wraps.c.reader_id == staff_id,
            ~wraps.is_left_out(staff_id),
            or_(concerns.c.due_at.is_not(None), COPY_DUE.is_not(None)),
        )
        .order_by(concerns.c.due_at, concerns.c.id)
    )
    return [clear_row(row) for row in rows]


async def counts(conn: Conn, staff_id: str) -> dict[str, int]:
    """How many concerns a member of staff has a key to, by state."""
    rows = await conn.execute(
        select(concerns.c.state, func.count().label("number"))
        .join(stored_wraps)
        .where(stored_wraps.c.reader_id == staff_id, ~wraps.is_left_out(staff_id))
        .group_by(concerns.c.state)
    )
    return {row.state: row.number for row in rows}


async def open_parts(conn: Conn, concern_id: str, staff_id: str, private: bytes) -> Opened:
    """All words of a concern, opened with a member of staff's own private half.

    Raises NotAReader for someone without a key, DamagedRow when their wrap does not open. A part
    that does not open is listed, and the others are there.
    """
    own = Opener(await wraps.open_private(conn, concern_id, staff_id, private))
    rows = await conn.execute(
        select(stored_parts)
        .where(stored_parts.c.concern_id == concern_id)
        .order_by(stored_parts.c.seq)
    )
    opened = Opened([], [])
    for row in rows:
        try:
            opened.parts.append(opened_by(own, row))
        except SealError:
            opened.damaged.append(row.id)
    return opened


async def return_addresses(conn: Conn, secrets: Secrets, ids: Iterable[str]) -> dict[str, str]:
    """Which conversation each concern came from; one that does not open is not in it."""
    keys = secrets.keys(Purpose.RETURN_ADDRESS)
    found = {}
    for some in chunks(ids):
        rows = await conn.execute(
            select(concerns.c.id, concerns.c.return_sealed).where(concerns.c.id.in_(some))
        )
        for row in rows:
            try:
                found[row.id] = unlock_any(keys, row.return_sealed, address_place(row.id)).decode()
            except SealError:
                continue  # the caller sees that it is missing
    return found


def _new_row(concern: NewConcern, pair: KeyPair, address_key: bytes) -> dict[str, Any]:
    where = concern.conversation_id.encode()
    return {
        "id": concern.id,
        "reference": concern.reference,
        "team": concern.team,
        "state": concern.state,
        "level": concern.level,
        "sent_at": concern.sent_at,
        "state_since": concern.sent_at,
        "due_at": concern.due_at,
        "due_kind": concern.due_kind,
        "missed": 0,
        "six_months_told": False,
        "kind": concern.kind,
        "public_key": pair.public,
        "return_sealed": lock(address_key, where, address_place(concern.id)),
        "undelivered": False,
        "version": 1,
    }


def address_place(concern_id: str) -> bytes:
    """What the way back from a concern to its conversation is bound to."""
    return context("concerns", "return", concern_id)
