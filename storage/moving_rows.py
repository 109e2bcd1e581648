"""What of each row the delivery key and the directory key lock, and how it gets the newest one.

A part says what changes in its row: nothing once it is under the newest key. It raises SealError
when no key opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from storage.chunks import chunks
from storage.concerns import address_place
from storage.connection import Conn
from storage.conversation_rows import chat_tag, open_chat_id, own_place, seal_chat_id
from storage.engine import Store
from storage.files import owner_tag
from storage.outbox_rows import open_about_with, seal_about
from storage.schema import conversations, files, staff
from storage.sealing import Damaged, lock, unlock, unlock_any
from storage.secrets import Purpose, Secrets
from storage.staff_rows import (
    name_tag,
    open_email,
    open_name,
    open_staff_chat,
    seal_email,
    seal_name,
    seal_staff_chat,
    staff_chat_tag,
)

Part = Callable[[Row[Any]], dict[str, Any]]
Mover = Sequence[Part]


def conversation_mover(secrets: Secrets) -> Mover:
    """A chat's id, its tag and its memory."""
    chats, tag_key = secrets.keys(Purpose.CHAT_ID), secrets.key(Purpose.CHAT_TAG)
    owns = secrets.keys(Purpose.OWN)

    def chat(row: Row[Any]) -> dict[str, Any]:
        chat_id = open_chat_id(chats, row.id, row.chat_sealed)
        change: dict[str, Any] = {}
        if not _opens(lambda: open_chat_id(chats[:1], row.id, row.chat_sealed)):
            change["chat_sealed"] = seal_chat_id(chats[0], row.id, chat_id)
        if row.chat_tag != (newest := chat_tag(tag_key, chat_id)):
            change["chat_tag"] = newest
        return change

    def own(row: Row[Any]) -> dict[str, Any]:
        return _relocked(owns, "own", row.own, own_place(row.id))

    return chat, own


def staff_chat_mover(secrets: Secrets) -> Mover:
    """A member's linked chat."""
    chats, tag_key = secrets.keys(Purpose.CHAT_ID), secrets.key(Purpose.CHAT_TAG)

    def chat(row: Row[Any]) -> dict[str, Any]:
        if row.chat_sealed is None:
            return {}
        chat_id = open_staff_chat(chats, row.id, row.chat_sealed)
        newest = staff_chat_tag(tag_key, chat_id)
        if row.chat_tag == newest and _opens(
            lambda: open_staff_chat(chats[:1], row.id, row.chat_sealed)
        ):
            return {}
        return {"chat_sealed": seal_staff_chat(secrets, row.id, chat_id), "chat_tag": newest}

    return (chat,)


def message_mover(secrets: Secrets) -> Mover:
    """Which concern a waiting message tells of."""
    keys = secrets.keys(Purpose.ABOUT)

    def about(row: Row[Any]) -> dict[str, Any]:
        if row.about is None or _opens(lambda: open_about_with(keys[:1], row)):
            return {}
        return {"about": seal_about(keys[0], row, open_about_with(keys, row))}

    return (about,)


def concern_mover(secrets: Secrets) -> Mover:
    """The way back from a concern to its conversation."""
    keys = secrets.keys(Purpose.RETURN_ADDRESS)

    def address(row: Row[Any]) -> dict[str, Any]:
        return _relocked(keys, "return_sealed", row.return_sealed, address_place(row.id))

    return (address,)


def name_mover(secrets: Secrets) -> Mover:
    """A member's name, its tag and their e-mail address."""
    names, tag_key = secrets.keys(Purpose.STAFF_NAME), secrets.key(Purpose.STAFF_TAG)
    mails = secrets.keys(Purpose.STAFF_EMAIL)

    def name(row: Row[Any]) -> dict[str, Any]:
        spelled = open_name(names, row.id, row.name_sealed)
        newest = name_tag(tag_key, spelled)
        if row.name_tag == newest and _opens(lambda: open_name(names[:1], row.id, row.name_sealed)):
            return {}
        return {"name_sealed": seal_name(secrets, row.id, spelled), "name_tag": newest}

    def email(row: Row[Any]) -> dict[str, Any]:
        if row.email_sealed is None or _opens(
            lambda: open_email(mails[:1], row.id, row.email_sealed)
        ):
            return {}
        address = open_email(mails, row.id, row.email_sealed)
        return {"email_sealed": seal_email(secrets, row.id, address)}

    return name, email


async def void_codes(conn: Conn) -> None:
    """End the codes that wait to link a chat: each is known by its tag alone, which cannot be made
    anew. Their members ask for another."""
    waiting = update(staff).where(staff.c.link_tag.is_not(None))
    await conn.execute(waiting.values(link_tag=None, link_expires=None))


async def move_files(store: Store, secrets: Secrets, batch: int) -> int:
    """Give files in drafts the newest tag of their conversation; how many there were."""
    keys = secrets.keys(Purpose.FILE_OWNER)
    after, moved = "", 0
    while True:
        async with store.write() as conn:
            found = await conn.execute(
                select(conversations.c.id)
                .where(conversations.c.id > after)
                .order_by(conversations.c.id)
                .limit(batch)
            )
            ids = list(found.scalars())
            newer = {
                owner_tag(old, one): owner_tag(keys[0], one) for one in ids for old in keys[1:]
            }
            changes = []
            for some in chunks(newer):
                rows = await conn.execute(
                    select(files.c.id, files.c.owner_tag).where(files.c.owner_tag.in_(some))
                )
                changes += [{"row_id": row.id, "tag": newer[row.owner_tag]} for row in rows]
            if changes:
                await conn.execute(
                    update(files)
                    .where(files.c.id == bindparam("row_id"))
                    .values(owner_tag=bindparam("tag")),
                    changes,
                )
        moved += len(changes)
        if len(ids) < batch:
            return moved
        after = ids[-1]


def _relocked(keys: Sequence[bytes], column: str, blob: bytes, place: bytes) -> dict[str, Any]:
    if _opens(lambda: unlock(keys[0], blob, place)):
        return {}
    return {column: lock(keys[0], unlock_any(keys, blob, place), place)}


def _opens(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Damaged:
        return False
    return True
