"""The numbers of a chat's messages: noted once, counted while they are young, then forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import chat_messages, conversations, outbox, schema
from storage.columns import hour_of
from storage.errors import StoreConflict
from storage.outbox import NewMessage
from tests.storage.builders import HOUR, NOW
from tests.storage.test_statement_counts import counted

ANN, BEN = "a" * 32, "b" * 32
LEASE = timedelta(seconds=30)


@pytest.fixture
def note(store):
    async def given(*messages, at=NOW):
        async with store.write() as conn:
            await chat_messages.remember(conn, messages, at)

    return given


@pytest.fixture
def of(store):
    async def given(conversation_id, since=NOW):
        async with store.read() as conn:
            return await chat_messages.numbers(conn, conversation_id, since)

    return given


async def test_messages_are_noted_for_their_own_chat_alone(note, of):
    await note((ANN, 9), (BEN, 9), (ANN, 3), (ANN, 2**52 - 1))
    assert await of(ANN) == [3, 9, 2**52 - 1]
    assert await of(BEN) == [9]


async def test_a_message_that_comes_again_is_not_younger_for_it(note, of):
    await note((ANN, 3))
    await note((ANN, 3), (ANN, 3), (ANN, 4), at=NOW + HOUR)
    assert await of(ANN) == [3, 4]
    assert await of(ANN, since=NOW + HOUR) == [4]


async def test_what_was_deleted_is_forgotten_and_nothing_else(store, note, of):
    await note(*((ANN, one) for one in range(1, 1203)), (BEN, 1))
    async with store.write() as conn:
        await chat_messages.forget(conn, ANN, range(1, 1201))
    assert await of(ANN) == [1201, 1202]
    assert await of(BEN) == [1]
    async with store.write() as conn:
        await chat_messages.forget_chats(conn, [ANN])
    assert await of(ANN) == []
    assert await of(BEN) == [1]


async def test_what_is_too_old_is_pruned(store, note, of):
    await note((ANN, 1))
    await note((ANN, 2), at=NOW + HOUR)
    async with store.write() as conn:
        assert await chat_messages.prune(conn, NOW + HOUR) == 1
    assert await of(ANN) == [2]


async def test_a_set_costs_as_many_statements_as_one(store, of):
    for number in (1, 400):
        with counted(store) as said:
            async with store.write() as conn:
                await chat_messages.remember(conn, [(ANN, one) for one in range(number)], NOW)
        assert len([one for one in said if "INSERT" in one]) == 1
    assert len(await of(ANN)) == 400


async def test_a_conversation_tells_how_many_young_messages_its_chat_holds(
    store, secrets, greet, note
):
    one, two = await greet(7, 8)
    await note((one, 1), (one, 2), (two, 1))
    await note((one, 3), at=NOW + HOUR)
    async with store.read() as conn:
        young = await conversations.load(conn, secrets, [7, 8], since=NOW + HOUR)
        every = await conversations.load(conn, secrets, [7, 8], since=NOW)
        plain = await conversations.load(conn, secrets, [7])
    assert [young[chat].messages for chat in (7, 8)] == [1, 0]
    assert [every[chat].messages for chat in (7, 8)] == [3, 1]
    assert plain[7].messages == 0


# ---- what is due -------------------------------------------------------------------------------


async def loaded(store, secrets, conversation_id):
    async with store.read() as conn:
        return (await conversations.load_ids(conn, secrets, [conversation_id]))[conversation_id]


async def test_a_new_due_date_changes_nothing_else(store, secrets, greet):
    (one,) = await greet(7)
    before = await loaded(store, secrets, one)
    async with store.write() as conn:
        await conversations.set_due(conn, [(before, NOW + HOUR, "nudge")])
    after = await loaded(store, secrets, one)
    assert (after.due_at, after.due_kind) == (NOW + HOUR, "nudge")
    assert (after.talk, after.own, after.updated_at) == (before.talk, before.own, hour_of(NOW))
    assert after.version == before.version + 1
    async with store.read() as conn:
        assert await conversations.due(conn, NOW + HOUR, 5) == [(one, "nudge")]
        assert await conversations.due(conn, NOW + HOUR, 5, "nudge") == [(one, "nudge")]
        assert await conversations.due(conn, NOW + HOUR, 5, "another") == []
        assert await conversations.next_due(conn, "nudge") == NOW + HOUR
        assert await conversations.next_due(conn, "another") is None


async def test_whoever_was_here_meanwhile_keeps_their_own_date(store, secrets, greet):
    (one,) = await greet(7)
    before = await loaded(store, secrets, one)
    async with store.write() as conn:
        await conversations.set_due(conn, [(before, NOW, "nudge")])
    with pytest.raises(StoreConflict):
        async with store.write() as conn:
            await conversations.set_due(conn, [(before, None, None)])
    assert (await loaded(store, secrets, one)).due_kind == "nudge"


# ---- a row that goes on ------------------------------------------------------------------------


async def test_a_row_done_in_part_keeps_its_place_with_what_is_left(store, secrets, greet):
    (one,) = await greet(7)
    first = NewMessage(f"c:{one}", 0, b"three to do")
    async with store.write() as conn:
        await outbox.put(conn, secrets, [first, NewMessage(f"c:{one}", 0, b"after")], NOW)
    secrets.new_epoch()

    async def claimed():
        async with store.write() as conn:
            return await outbox.claim(conn, secrets, NOW, LEASE, 9)

    (given,) = await claimed()
    assert await claimed() == []
    async with store.write() as conn:
        await outbox.go_on(conn, secrets, given.id, b"two to do")
        await outbox.go_on(conn, secrets, 404, b"gone")
    (again,) = await claimed()
    assert (again.id, again.body, again.attempts) == (given.id, b"two to do", 0)
    async with store.read() as conn:
        rows = (await conn.execute(select(schema.outbox).order_by(schema.outbox.c.id))).all()
    assert [row.epoch for row in rows] == [2, 1]
    assert outbox.unlock_body(secrets, rows[0]) == b"two to do"
