"""Rows that a rotation must carry over: conversations with drafts, and waiting messages."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from storage import conversations, outbox
from storage.conversations import ConversationChange
from storage.outbox import NewMessage
from storage.schema import conversations as conversation_rows
from storage.schema import outbox as outbox_rows

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
WORDS = b"Nobody rang me back."


def change(number: int, version: int = 0, **more) -> ConversationChange:
    return ConversationChange(
        id=f"c{number}",
        chat_id=1000 + number,
        version=version,
        talk=b"talk %d" % number,
        own=b"own %d" % number,
        **more,
    )


def message(number: int, **more) -> NewMessage:
    return NewMessage(recipient=f"c:c{number}", lane=0, body=b"answer %d" % number, **more)


async def fill(store, secrets, first=0, count=3):
    numbers = range(first, first + count)
    async with store.write() as conn:
        changes = [change(n, add_parts=(WORDS, b"part %d" % n)) for n in numbers]
        await conversations.save(conn, secrets, changes, NOW)
        await outbox.put(conn, secrets, [message(n) for n in numbers], NOW)


async def opened(store, secrets):
    """Everything that opens, as text, with the epochs that rows are locked under."""
    async with store.read() as conn:
        ids = list((await conn.execute(select(conversation_rows.c.id))).scalars())
        talks = await conversations.load_ids(conn, secrets, ids)
        parts, damaged = await conversations.draft_parts(conn, secrets, ids)
        rows = list(await conn.execute(select(outbox_rows)))
        epochs = {row.epoch for row in rows}
        epochs |= set((await conn.execute(select(conversation_rows.c.epoch))).scalars())
    bodies = [outbox.unlock_body(secrets, row) for row in rows]
    assert not damaged
    assert not any(talk.damaged for talk in talks.values())
    return {i: (talks[i].talk, talks[i].own, parts[i]) for i in ids}, sorted(bodies), epochs
