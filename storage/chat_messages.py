"""The numbers of a chat's messages, for as long as a bot may delete them: 48 hours in a private
chat (Bot API, deleteMessage). In the clear are only numbers and times.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import chat_messages


async def remember(conn: Conn, messages: Iterable[tuple[str, int]], now: datetime) -> None:
    """Note messages, each as the id of its conversation and its own number there.

    One that is known already stays as it is: a message that is sent again is not younger for it.
    """
    rows = [
        {"conversation_id": conversation_id, "message_id": message_id, "at": now}
        for conversation_id, message_id in sorted(set(messages))
    ]
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        await conn.execute(sqlite.insert(chat_messages).on_conflict_do_nothing(), rows)
    else:
        await conn.execute(postgresql.insert(chat_messages).on_conflict_do_nothing(), rows)


async def numbers(conn: Conn, conversation_id: str, since: datetime) -> list[int]:
    """The messages of one conversation from `since` or later, the oldest first."""
    rows = await conn.execute(
        select(chat_messages.c.message_id)
        .where(chat_messages.c.conversation_id == conversation_id, chat_messages.c.at >= since)
        .order_by(chat_messages.c.message_id)
    )
    return list(rows.scalars())


async def forget(conn: Conn, conversation_id: str, message_ids: Iterable[int]) -> None:
    """These messages are not in their chat any more."""
    for some in chunks(message_ids):
        await conn.execute(
            delete(chat_messages).where(
                chat_messages.c.conversation_id == conversation_id,
                chat_messages.c.message_id.in_(some),
            )
        )


async def forget_chats(conn: Conn, ids: Iterable[str]) -> None:
    """Nothing of these conversations is kept here."""
    for some in chunks(ids):
        await conn.execute(delete(chat_messages).where(chat_messages.c.conversation_id.in_(some)))


async def prune(conn: Conn, before: datetime) -> int:
    """Forget the messages noted before a moment; returns how many."""
    done = await conn.execute(delete(chat_messages).where(chat_messages.c.at < before))
    return done.rowcount
