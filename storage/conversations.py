"""One row for each chat: where its talk stands, and the words that were not sent yet.

The chat id is sealed and found by a keyed tag. Talk and draft words are locked under a key of the
conversation's own, which is locked under an epoch key: replacing that key is what makes deleted
words unreadable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Label, bindparam, delete, func, insert, select, update

from storage.chunks import chunks
from storage.connection import Conn
from storage.conversation_rows import (
    YOUNG,
    Conversation,
    ConversationChange,
    Opener,
    Writer,
    chat_tag,
    lock_key,
    open_chat_id,
    unlock_key,
)
from storage.errors import StoreConflict
from storage.schema import chat_messages, conversations
from storage.schema import draft_parts as stored_parts
from storage.sealing import SealError
from storage.secrets import Purpose, Secrets

__all__ = [
    "Conversation",
    "ConversationChange",
    "chat_tag",
    "draft_parts",
    "due",
    "load",
    "load_ids",
    "lock_key",
    "open_chat_id",
    "save",
    "set_unreachable",
    "unlock_key",
]


async def load(
    conn: Conn, secrets: Secrets, chat_ids: Iterable[int], since: datetime | None = None
) -> dict[int, Conversation]:
    """The conversations of these chats, by chat id; a chat that is unknown is not in it. With a
    `since`, each tells how many messages of its chat are from then or later.
    """
    tag_keys = secrets.keys(Purpose.CHAT_TAG)
    wanted = {chat_tag(key, chat_id): chat_id for chat_id in chat_ids for key in tag_keys}
    opener = Opener(secrets)
    found = {}
    # Counted beside the row: a statement of its own costs more than the counting.
    query = select(conversations) if since is None else select(conversations, _young(since))
    for some in chunks(wanted):
        rows = await conn.execute(query.where(conversations.c.chat_tag.in_(some)))
        for row in rows:
            chat_id = wanted[row.chat_tag]
            found[chat_id] = replace(opener.conversation(row), chat_id=chat_id)
    return found


def _young(since: datetime) -> Label[int]:
    mine = chat_messages.c.conversation_id == conversations.c.id
    count = select(func.count()).where(mine, chat_messages.c.at >= since)
    return count.correlate(conversations).scalar_subquery().label(YOUNG)


async def load_ids(conn: Conn, secrets: Secrets, ids: Iterable[str]) -> dict[str, Conversation]:
    """The conversations with these ids; one that is unknown is not in it."""
    opener = Opener(secrets)
    found = {}
    for some in chunks(ids):
        rows = await conn.execute(select(conversations).where(conversations.c.id.in_(some)))
        found.update({row.id: opener.conversation(row) for row in rows})
    return found


async def draft_parts(
    conn: Conn, secrets: Secrets, ids: Iterable[str]
) -> tuple[dict[str, list[bytes]], frozenset[str]]:
    """The stored parts of each conversation in order, and the ids of those with a damaged part.

    The parts of a damaged one that do open are returned as well.
    """
    opener = Opener(secrets)
    found: dict[str, list[bytes]] = {}
    damaged = set()
    for some in chunks(ids):
        found.update({conversation_id: [] for conversation_id in some})
        rows = await conn.execute(
            select(stored_parts, conversations.c.key_locked, conversations.c.epoch)
            .join(conversations)
            .where(stored_parts.c.conversation_id.in_(some))
            .order_by(stored_parts.c.conversation_id, stored_parts.c.seq)
        )
        for row in rows:
            try:
                found[row.conversation_id].append(opener.part(row))
            except SealError:
                damaged.add(row.conversation_id)
    return found, frozenset(damaged)


async def due(
    conn: Conn, now: datetime, limit: int, kind: str | None = None
) -> list[tuple[str, str | None]]:
    """The ids of conversations whose time has come, and what for (only those of a `kind`, if one
    is given); the longest waiting first.
    """
    come = select(conversations.c.id, conversations.c.due_kind).where(conversations.c.due_at <= now)
    if kind is not None:
        come = come.where(conversations.c.due_kind == kind)
    rows = await conn.execute(
        come.order_by(conversations.c.due_at, conversations.c.id).limit(limit)
    )
    return [(row.id, row.due_kind) for row in rows]


async def next_due(conn: Conn, kind: str) -> datetime | None:
    """When the first conversation is to be looked at for this (it may be past), or None."""
    mine = select(func.min(conversations.c.due_at)).where(conversations.c.due_kind == kind)
    found: datetime | None = (await conn.execute(mine)).scalar()
    return found


async def set_due(
    conn: Conn, dues: Iterable[tuple[Conversation, datetime | None, str | None]]
) -> None:
    """Note for each of these conversations when to look at it next and what for; nothing else of
    it changes, and its person has not been here.

    Raises StoreConflict when a version moved on.
    """
    rows = [
        {"row_id": one.id, "expected": one.version, "version": one.version + 1}
        | {"due_at": at, "due_kind": kind}
        for one, at, kind in dues
    ]
    await _update(conn, rows)


async def set_unreachable(
    conn: Conn, conversation_id: str, unreachable: bool, version: int | None = None
) -> None:
    """Note whether messages can reach a person; moves no version, so no turn is disturbed. Does
    nothing when a `version` is given and the conversation has moved on from it.
    """
    mine = update(conversations).where(conversations.c.id == conversation_id)
    if version is not None:
        mine = mine.where(conversations.c.version == version)
    await conn.execute(mine.values(unreachable=unreachable))


async def save(
    conn: Conn, secrets: Secrets, changes: Sequence[ConversationChange], now: datetime
) -> None:
    """Save a set of conversations with a fixed number of statements.

    Raises StoreConflict when a version moved on or a new chat is there already, and BadRow when a
    damaged conversation is saved without `new_key`. Then none of the transaction may be kept.
    """
    writer = Writer(secrets, now)
    kept = [change for change in changes if change.version and not change.new_key]
    fresh = [change for change in changes if change.version and change.new_key]
    new = [change for change in changes if not change.version]
    await writer.read_keys(conn, kept)
    await _update(conn, [writer.kept_row(change) for change in kept])
    await _update(conn, [writer.fresh_row(change) for change in fresh])
    if new:
        await conn.execute(insert(conversations), [writer.new_row(change) for change in new])
    gone = [c.id for c in kept if c.drop_parts] + [change.id for change in fresh]
    for some in chunks(gone):
        await conn.execute(delete(stored_parts).where(stored_parts.c.conversation_id.in_(some)))
    added = [row for change in changes for row in writer.part_rows(change)]
    if added:
        await conn.execute(insert(stored_parts), added)


async def _update(conn: Conn, rows: list[dict[str, Any]]) -> None:
    # Always in the same order, so that two processes cannot wait for each other.
    rows.sort(key=lambda row: (sorted(row), row["row_id"]))
    for _, alike in groupby(rows, key=sorted):
        some = list(alike)
        done = await conn.execute(
            update(conversations).where(
                conversations.c.id == bindparam("row_id"),
                conversations.c.version == bindparam("expected"),
            ),
            some,
        )
        if done.rowcount != len(some):
            raise StoreConflict("a conversation moved on meanwhile")
