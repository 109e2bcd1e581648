"""A set costs as many statements as one: the number must not grow with the rows."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from storage import alarms, concerns, conversations, outbox, seen, wraps
from storage.outbox import NewMessage
from tests.storage.builders import NOW, new_chat, new_concern, new_id

LEASE = timedelta(seconds=30)


@contextmanager
def counted(store):
    """Counts every statement that is handed to the driver, a set of parameters as one."""
    said: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:
        said.append(statement)

    engine = store._writer.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def talk(store, secrets, rows, _reader):
    """Everything that a set of phone updates costs."""
    first = 10_000 * rows
    chats = [new_chat(first + n, add_parts=(b"one",)) for n in range(rows)]
    ids = [chat.id for chat in chats]
    numbers = [chat.chat_id for chat in chats]
    async with store.write() as conn:
        await seen.unseen(conn, 1, numbers)
        await conversations.load(conn, secrets, numbers)
        await conversations.save(conn, secrets, chats, NOW)
        fresh = {"version": 1, "new_key": True}
        await conversations.save(conn, secrets, [replace(c, **fresh) for c in chats], NOW)
        kept = {"version": 2, "drop_parts": True}
        await conversations.save(conn, secrets, [replace(c, **kept) for c in chats], NOW)
        await conversations.load_ids(conn, secrets, ids)
        await conversations.draft_parts(conn, secrets, ids)
        await seen.remember(conn, 1, numbers, NOW)


async def send(store, secrets, rows, reader):
    member, private = reader
    new = [new_concern([member], b"one", b"two", excluded=[]) for _ in range(rows)]
    ids = [concern.id for concern in new]
    later = [concerns.NewPart(new_id(), one, "more", None, NOW, b"three") for one in ids]
    async with store.write() as conn:
        await concerns.send(conn, secrets, new)
        await concerns.add_parts(conn, later)
        await concerns.move(conn, list((await concerns.load(conn, ids)).values()))
        await concerns.by_reference(conn, [concern.reference for concern in new])
        await concerns.return_addresses(conn, secrets, ids)
        await concerns.readable(conn, member, rows, 0)
        await concerns.due(conn, NOW + timedelta(days=1), rows)
        await wraps.readers(conn, ids)
        await wraps.excluded(conn, ids)
        await concerns.open_parts(conn, ids[0], member, private)


async def deliver(store, secrets, rows, _reader):
    chats = [new_chat(20_000 * rows + n) for n in range(rows)]
    messages = [NewMessage(f"c:{c.id}", 0, b"hello", replaceable=True) for c in chats]
    async with store.write() as conn:
        await conversations.save(conn, secrets, chats, NOW)
        await outbox.put(conn, secrets, messages, NOW)
        claimed = await outbox.claim(conn, secrets, NOW, LEASE, rows)
        assert len(claimed) == rows
        await outbox.delivered(conn, [message.id for message in claimed])
        await outbox.next_due(conn)
        await alarms.mark_seen(conn, [str(n) for n in range(rows)])


@pytest.mark.parametrize("work", [talk, send, deliver])
async def test_fifty_rows_cost_as_many_statements_as_one(store, secrets, enrol, work):
    reader = await enrol()
    with counted(store) as for_one:
        await work(store, secrets, 1, reader)
    with counted(store) as for_fifty:
        await work(store, secrets, 50, reader)
    assert len(for_fifty) == len(for_one) > 5


async def test_more_rows_than_one_statement_takes_are_all_found(store, secrets):
    chats = [new_chat(n) for n in range(1, 1202)]
    async with store.write() as conn:
        await conversations.save(conn, secrets, chats, NOW)
        await outbox.put(conn, secrets, [NewMessage(f"c:{c.id}", 0, b"hi") for c in chats], NOW)
        await seen.remember(conn, 1, range(1201), NOW)
    async with store.write() as conn:
        assert len(await conversations.load(conn, secrets, range(1, 1300))) == 1201
        assert await seen.unseen(conn, 1, range(1203)) == {1201, 1202}
        claimed = await outbox.claim(conn, secrets, NOW, LEASE, 2000)
        assert len(claimed) == 1201
        await outbox.delivered(conn, [message.id for message in claimed])
        assert await outbox.waiting(conn) == {}
