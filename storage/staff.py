"""Members of staff: sealed names, keys that only their passphrase opens, and a linked chat."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, exists, insert, select, update

from storage.connection import Conn
from storage.errors import BadRow, NameTaken, StoreConflict
from storage.meta import SENDS_MAIL
from storage.outbox_rows import MAILED
from storage.schema import memberships as stored_memberships
from storage.schema import meta, outbox, staff
from storage.sealing import SealError
from storage.secrets import Purpose, Secrets
from storage.staff_rows import (
    Memberships,
    StaffKeys,
    StaffRow,
    link_tags,
    lock_again,
    name_tag,
    name_tags,
    new_keys,
    open_email,
    open_name,
    seal_email,
    seal_name,
    seal_staff_chat,
    spelled,
    staff_chat_tags,
    unlock_private,
)

__all__ = [
    "Memberships",
    "StaffKeys",
    "StaffRow",
    "add",
    "add_with_keys",
    "by_id",
    "by_name",
    "emails",
    "everyone",
    "finish_link",
    "join",
    "lock_again",
    "new_keys",
    "relock",
    "set_active",
    "set_email",
    "set_keys",
    "set_memberships",
    "spelled",
    "start_link",
    "unlink",
    "unlock",
]

TAKEN = "There is a member of staff with this name already."
unlock = unlock_private  # staff.unlock(row, passphrase) reads as what it is
_ROWS = select(
    staff, exists().where(meta.c.key == SENDS_MAIL, staff.c.email_sealed.is_not(None)).label("mail")
)


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
        "name_tag": name_tag(secrets.key(Purpose.STAFF_TAG), row.name),
        "public_key": row.public_key,
        "private_locked": row.private_locked,
        "active": row.active,
        "created_at": now,
    }
    if len(tags := name_tags(secrets, row.name)) > 1:  # the database compares the newest alone
        held = await conn.execute(select(staff.c.id).where(staff.c.name_tag.in_(tags)))
        if held.first() is not None:
            raise NameTaken(TAKEN)
    try:
        await conn.execute(insert(staff).values(values))
    except StoreConflict:
        raise NameTaken(TAKEN) from None
    await _insert_memberships(conn, row.id, row.memberships)


async def everyone(conn: Conn, secrets: Secrets) -> list[StaffRow]:
    """All members of staff, active or not, by name."""
    found = (await conn.execute(_ROWS)).all()
    rows = await _with_memberships(conn, secrets, list(found))
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


async def by_name(conn: Conn, secrets: Secrets, name: str) -> StaffRow | None:
    """The member of staff with this name, whatever its capitals and spaces, or None."""
    found = (await conn.execute(_ROWS.where(staff.c.name_tag.in_(name_tags(secrets, name))))).all()
    rows = await _with_memberships(conn, secrets, list(found))
    return rows[0] if rows else None


async def by_id(conn: Conn, secrets: Secrets, id: str) -> StaffRow | None:
    """The member of staff with this id, active or not, or None."""
    found = (await conn.execute(_ROWS.where(staff.c.id == id))).all()
    rows = await _with_memberships(conn, secrets, list(found))
    return rows[0] if rows else None


async def set_keys(conn: Conn, id: str, public: bytes, private_locked: bytes) -> None:
    """Give a member of staff another key pair; wraps for the old one open no more."""
    await conn.execute(
        update(staff)
        .where(staff.c.id == id)
        .values(public_key=public, private_locked=private_locked)
    )


async def join(conn: Conn, id: str, keys: StaffKeys) -> bool:
    """Give their first keys to somebody who was invited; False when they have some or left."""
    done = await conn.execute(
        update(staff)
        .where(staff.c.id == id, staff.c.public_key == b"", staff.c.active)
        .values(public_key=keys.public, private_locked=keys.private_locked)
    )
    return bool(done.rowcount)


async def relock(conn: Conn, id: str, public: bytes, private_locked: bytes) -> bool:
    """Put another lock on the private half that belongs to `public`; False when it was replaced."""
    done = await conn.execute(
        update(staff)
        .where(staff.c.id == id, staff.c.public_key == public)
        .values(private_locked=private_locked)
    )
    return bool(done.rowcount)


async def set_memberships(conn: Conn, id: str, memberships: Memberships) -> None:
    """Replace the teams and roles of a member of staff."""
    await conn.execute(delete(stored_memberships).where(stored_memberships.c.staff_id == id))
    await _insert_memberships(conn, id, memberships)


async def set_active(conn: Conn, id: str, active: bool) -> None:
    """Let a member of staff in or not; one who is not active is never given a key or a message."""
    await conn.execute(update(staff).where(staff.c.id == id).values(active=active))


async def set_email(conn: Conn, secrets: Secrets, staff_id: str, address: str | None) -> None:
    """Where a member gets what is sent by e-mail; None sends them nothing by e-mail, and what
    waits for them there is gone."""
    sealed = seal_email(secrets, staff_id, address) if address else None
    if sealed is None:
        await conn.execute(delete(outbox).where(outbox.c.recipient == f"{MAILED}{staff_id}"))
    await conn.execute(update(staff).where(staff.c.id == staff_id).values(email_sealed=sealed))


async def emails(conn: Conn, secrets: Secrets) -> dict[str, str]:
    """The addresses of active members who gave one, by id; one that does not open is missing."""
    rows = await conn.execute(
        select(staff.c.id, staff.c.email_sealed).where(
            staff.c.active, staff.c.email_sealed.is_not(None)
        )
    )
    keys, found = secrets.keys(Purpose.STAFF_EMAIL), {}
    for row in rows:
        try:
            found[row.id] = open_email(keys, row.id, row.email_sealed)
        except SealError:
            continue
    return found


async def start_link(conn: Conn, secrets: Secrets, id: str, code: str, expires: datetime) -> None:
    """Expect a one-time code from this member's chat until `expires`; an older code is void."""
    await conn.execute(
        update(staff)
        .where(staff.c.id == id)
        .values(link_tag=link_tags(secrets, code)[0], link_expires=expires)
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
            staff.c.link_tag.in_(link_tags(secrets, code)),
            staff.c.link_expires > now,
            staff.c.active,
        )
        .values(link_tag=None, link_expires=None)
        .returning(staff.c.id)
    )
    member: str | None = used.scalar()
    if member is None:
        return None
    chats = staff_chat_tags(secrets, chat_id)
    await conn.execute(
        update(staff).where(staff.c.chat_tag.in_(chats)).values(chat_tag=None, chat_sealed=None)
    )
    await conn.execute(
        update(staff)
        .where(staff.c.id == member)
        .values(chat_tag=chats[0], chat_sealed=seal_staff_chat(secrets, member, chat_id))
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
    keys = secrets.keys(Purpose.STAFF_NAME)
    return [_opened(keys, row, tuple(held.get(row.id, ()))) for row in found]


def _opened(keys: Sequence[bytes], row: Row[Any], memberships: Memberships) -> StaffRow:
    try:
        name, damaged = open_name(keys, row.id, row.name_sealed), False
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
        bool(row.mail),
    )
