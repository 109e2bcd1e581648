"""Members of staff: sealed names, keys that only their passphrase opens, and a linked chat."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from storage.connection import Conn
from storage.errors import BadRow, NameTaken, StoreConflict
from storage.schema import memberships as stored_memberships
from storage.schema import staff
from storage.sealing import SealError
from storage.secrets import Purpose, Secrets
from storage.staff_rows import (
    Memberships,
    StaffKeys,
    StaffRow,
    link_tag,
    name_tag,
    new_keys,
    open_name,
    seal_name,
    seal_staff_chat,
    spelled,
    staff_chat_tag,
    unlock_private,
)

__all__ = [
    "Memberships",
    "StaffKeys",
    "StaffRow",
    "add",
    "add_with_keys",
    "by_name",
    "everyone",
    "finish_link",
    "new_keys",
    "set_active",
    "set_keys",
    "set_memberships",
    "start_link",
    "unlink",
    "unlock",
]

unlock = unlock_private  # staff.unlock(row, passphrase) reads as what it is


async def add(  # noqa: PLR0913, PLR0917 - one value for each thing a person is asked for
    conn: Conn,
    secrets: Secrets,
    id: str,
    name: str,
    passphrase: str,
    memberships: Memberships,
    now: datetime,
) -> None:
    """Add a member of staff with new keys. Raises NameTaken, whatever the capitals of the name.

    The keys take half a second in a thread; use `add_with_keys` to make them before the
    transaction.
    """
    keys = await asyncio.to_thread(new_keys, id, passphrase)
    row = StaffRow(id, name, keys.public, keys.private_locked, True, False, memberships)
    await add_with_keys(conn, secrets, row, now)


async def add_with_keys(conn: Conn, secrets: Secrets, row: StaffRow, now: datetime) -> None:
    """Add a member of staff whose keys were made by `new_keys`. Raises NameTaken, BadRow."""
    if not spelled(row.name):
        raise BadRow("a member of staff needs a name")
    values = {
        "id": row.id,
        "name_sealed": seal_name(secrets, row.id, row.name),
        "name_tag": name_tag(secrets, row.name),
        "public_key": row.public_key,
        "private_locked": row.private_locked,
        "active": row.active,
        "created_at": now,
    }
    try:
        await conn.execute(insert(staff).values(values))
    except StoreConflict:
        raise NameTaken("There is a member of staff with this name already.") from None
    await _insert_memberships(conn, row.id, row.memberships)


async def everyone(conn: Conn, secrets: Secrets) -> list[StaffRow]:
    """All members of staff, active or not, by name."""
    found = (await conn.execute(select(staff))).all()
    rows = await _with_memberships(conn, secrets, list(found))
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


async def by_name(conn: Conn, secrets: Secrets, name: str) -> StaffRow | None:
    """The member of staff with this name, whatever its capitals and spaces, or None."""
    found = (
        await conn.execute(select(staff).where(staff.c.name_tag == name_tag(secrets, name)))
    ).all()
    rows = await _with_memberships(conn, secrets, list(found))
    return rows[0] if rows else None


async def set_keys(conn: Conn, id: str, public: bytes, private_locked: bytes) -> None:
    """Give a member of staff another key pair; wraps for the old one open no more."""
    await conn.execute(
        update(staff)
        .where(staff.c.id == id)
        .values(public_key=public, private_locked=private_locked)
    )


async def set_memberships(conn: Conn, id: str, memberships: Memberships) -> None:
    """Replace the teams and roles of a member of staff."""
    await conn.execute(delete(stored_memberships).where(stored_memberships.c.staff_id == id))
    await _insert_memberships(conn, id, memberships)


async def set_active(conn: Conn, id: str, active: bool) -> None:
    """Let a member of staff in or not; one who is not active is never given a key or a message."""
    await conn.execute(update(staff).where(staff.c.id == id).values(active=active))


async def start_link(conn: Conn, secrets: Secrets, id: str, code: str, expires: datetime) -> None:
    """Expect a one-time code from this member's chat until `expires`; an older code is void."""
    await conn.execute(
        update(staff)
        .where(staff.c.id == id)
        .values(link_tag=link_tag(secrets, code), link_expires=expires)
    )


async def finish_link(
    conn: Conn, secrets: Secrets, code: str, chat_id: int, now: datetime
) -> str | None:
    """Link the chat that sent a code; the id of the member, or None for a code not (or no longer)
    good. A code works once. A chat that another member had linked is theirs no more.
    """
    used = await conn.execute(
        update(staff)
        .where(
            staff.c.link_tag == link_tag(secrets, code),
            staff.c.link_expires > now,
            staff.c.active,
        )
        .values(link_tag=None, link_expires=None)
        .returning(staff.c.id)
    )
    member: str | None = used.scalar()
    if member is None:
        return None
    chat = staff_chat_tag(secrets, chat_id)
    await conn.execute(
        update(staff).where(staff.c.chat_tag == chat).values(chat_tag=None, chat_sealed=None)
    )
    await conn.execute(
        update(staff)
        .where(staff.c.id == member)
        .values(chat_tag=chat, chat_sealed=seal_staff_chat(secrets, member, chat_id))
    )
    return member


async def unlink(conn: Conn, id: str) -> None:
    """Forget a member's chat; what waits for them waits until they link one again."""
    await conn.execute(
        update(staff).where(staff.c.id == id).values(chat_tag=None, chat_sealed=None)
    )


async def _insert_memberships(conn: Conn, id: str, memberships: Memberships) -> None:
    rows = [{"staff_id": id, "team": team, "role": role} for team, role in set(memberships)]
    if rows:
        await conn.execute(insert(stored_memberships), rows)


async def _with_memberships(conn: Conn, secrets: Secrets, found: list[Row[Any]]) -> list[StaffRow]:
    query = select(stored_memberships).order_by(
        stored_memberships.c.team, stored_memberships.c.role
    )
    if len(found) == 1:
        query = query.where(stored_memberships.c.staff_id == found[0].id)
    held: dict[str, list[tuple[str, str]]] = {}
    for membership in await conn.execute(query):
        held.setdefault(membership.staff_id, []).append((membership.team, membership.role))
    key = secrets.key(Purpose.STAFF_NAME)
    return [_opened(key, row, tuple(held.get(row.id, ()))) for row in found]


def _opened(key: bytes, row: Row[Any], memberships: Memberships) -> StaffRow:
    try:
        name, damaged = open_name(key, row.id, row.name_sealed), False
    except SealError:
        name, damaged = "", True
    return StaffRow(
        row.id,
        name,
        row.public_key,
        row.private_locked,
        row.active,
        row.chat_tag is not None,
        memberships,
        damaged,
    )
