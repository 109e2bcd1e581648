"""Somebody who asked to be forgotten: everything of them goes in one transaction, but for one empty
row with their chat, which lives until the last words to them are on their way.

Deleted rows are overwritten (`PRAGMA secure_delete`), and what they held was locked under keys that
do not outlive 48 hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, literal, or_, select, update

from storage import chat_messages, data_requests
from storage.chunks import chunks
from storage.connection import Conn
from storage.outbox_rows import CONVERSATION
from storage.schema import concerns, conversations, outbox

LEAVING = "leaving"
"""The `due_kind` of a conversation whose person is forgotten and has not written since."""


async def forget(conn: Conn, conversation_id: str, concern_ids: Sequence[str]) -> None:
    """Destroy what is kept of a person beside their conversation and its draft (save that empty and
    with a new key in the same transaction), and erase the way back from these concerns, which stay.
    """
    await conn.execute(delete(outbox).where(outbox.c.recipient == CONVERSATION + conversation_id))
    await chat_messages.forget_chats(conn, [conversation_id])
    await conn.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(began_at=None)
    )
    for some in chunks(concern_ids):
        await conn.execute(
            update(concerns)
            .where(concerns.c.id.in_(some))
            .values(return_sealed=b"", undelivered=False)
        )
    await data_requests.drop(conn, concern_ids)


async def depart(conn: Conn, reached: Iterable[str], lost: Iterable[str]) -> None:
    """The last words reached these conversations' chats, or never will: nothing is left to keep
    their addresses for. Whoever wrote again meanwhile stays."""
    for some in chunks(lost):
        await _remove(conn, await _leaving(conn, some))
    for some in chunks(reached):
        await _remove(conn, await _silent(conn, some))


async def sweep(conn: Conn, before: datetime) -> int:
    """The same for whoever could not be reached at all, or not since `before`; returns how many."""
    late = or_(conversations.c.unreachable, conversations.c.updated_at < before, ~_waiting())
    rows = await conn.execute(
        select(conversations.c.id).where(conversations.c.due_kind == LEAVING, late)
    )
    gone = list(rows.scalars())
    for some in chunks(gone):
        await _remove(conn, some)
    return len(gone)


async def finish(conn: Conn) -> None:
    """Let everybody who is leaving go at once: what was to be said to them can be said no more."""
    rows = await conn.execute(select(conversations.c.id).where(conversations.c.due_kind == LEAVING))
    for some in chunks(rows.scalars()):
        await _remove(conn, some)


async def _leaving(conn: Conn, ids: Sequence[str]) -> list[str]:
    mine = select(conversations.c.id).where(conversations.c.id.in_(ids))
    return list((await conn.execute(mine.where(conversations.c.due_kind == LEAVING))).scalars())


async def _silent(conn: Conn, ids: Sequence[str]) -> list[str]:
    mine = select(conversations.c.id).where(
        conversations.c.id.in_(ids), conversations.c.due_kind == LEAVING, ~_waiting()
    )
    return list((await conn.execute(mine)).scalars())


def _waiting() -> ColumnElement[bool]:
    """Whether anything is still on its way to a conversation of the query around it."""
    line = literal(CONVERSATION) + conversations.c.id
    return exists().where(outbox.c.recipient == line).correlate(conversations)


async def _remove(conn: Conn, ids: Sequence[str]) -> None:
    if not ids:
        return
    lines = [CONVERSATION + one for one in ids]
    await conn.execute(delete(outbox).where(outbox.c.recipient.in_(lines)))
    await chat_messages.forget_chats(conn, ids)
    await conn.execute(
        delete(conversations).where(
            conversations.c.id.in_(ids), conversations.c.due_kind == LEAVING
        )
    )
