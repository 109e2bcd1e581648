"""Conversations: found by chat, saved in sets, never over someone else's newer state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from storage import conversations
from storage.columns import hour_of
from storage.conversations import ConversationChange
from storage.engine import BadRow, StoreConflict
from storage.schema import conversations as rows
from storage.schema import draft_parts as part_rows
from tests.storage.builders import HOUR, NOW, new_chat


@pytest.fixture
def save(store, secrets):
    async def given(*changes: ConversationChange) -> None:
        async with store.write() as conn:
            await conversations.save(conn, secrets, changes, NOW)

    return given


@pytest.fixture
def load(store, secrets):
    async def given(*chat_ids: int) -> dict[int, conversations.Conversation]:
        async with store.read() as conn:
            return await conversations.load(conn, secrets, chat_ids)

    return given


@pytest.fixture
def parts_of(store, secrets):
    async def given(*ids: str) -> tuple[dict[str, list[bytes]], frozenset[str]]:
        async with store.read() as conn:
            return await conversations.draft_parts(conn, secrets, ids)

    return given


def later(change: ConversationChange, **other) -> ConversationChange:
    """The next change of a conversation that was just saved."""
    fresh = {"version": change.version + 1, "new_key": False, "add_parts": (), "drop_parts": False}
    return replace(change, **(fresh | other))


async def spoil(store, column, conversation_id: str) -> None:
    async with store.write() as conn:
        await conn.execute(
            update(rows).where(rows.c.id == conversation_id).values({column: b"\1\1spoilt"})
        )


async def test_a_conversation_comes_back_as_it_was_saved(save, load):
    change = new_chat(-100123, talk=b"where we are", own=b"", due_at=NOW + HOUR, due_kind="nudge")
    await save(change)
    assert await load(-100123, 404) == {
        -100123: conversations.Conversation(
            *(change.id, -100123, 1, b"where we are", b"", False, NOW + HOUR, "nudge"),
            updated_at=hour_of(NOW),
            began_at=hour_of(NOW),
        )
    }


async def test_parts_stay_in_order_over_several_turns(save, parts_of):
    first = new_chat(1, add_parts=(b"one", b"two"))
    await save(first)
    await save(later(first, add_parts=(b"three",)))
    assert await parts_of(first.id) == ({first.id: [b"one", b"two", b"three"]}, frozenset())


async def test_dropped_parts_are_gone_and_new_ones_begin_again(save, parts_of):
    first = new_chat(1, add_parts=(b"one",))
    await save(first)
    await save(later(first, drop_parts=True, add_parts=(b"anew",)))
    assert (await parts_of(first.id))[0] == {first.id: [b"anew"]}


async def test_a_new_key_drops_what_the_old_one_locked(save, load, parts_of):
    first = new_chat(1, add_parts=(b"one",))
    await save(first)
    await save(later(first, new_key=True, add_parts=(b"anew",)))
    assert (await parts_of(first.id))[0] == {first.id: [b"anew"]}
    assert (await load(1))[1].talk == b"talk"


async def test_an_older_version_is_a_conflict_and_saves_nothing_of_the_set(save, load):
    first, second = new_chat(1), new_chat(2)
    await save(first, second)
    await save(later(first, talk=b"newer"))
    with pytest.raises(StoreConflict):
        await save(later(first, talk=b"lost"), later(second, talk=b"also"))
    with pytest.raises(StoreConflict):
        await save(later(first, talk=b"lost", new_key=True), later(second, talk=b"also"))
    found = await load(1, 2)
    assert (found[1].talk, found[2].talk) == (b"newer", b"talk")


async def test_a_chat_that_is_there_already_is_a_conflict(save):
    await save(new_chat(1))
    with pytest.raises(StoreConflict):
        await save(new_chat(1))


async def test_the_same_chat_number_cannot_be_found_without_the_key(save, store):
    await save(new_chat(1234567))
    async with store.read() as conn:
        row = (await conn.execute(rows.select())).one()
    assert not any(b"1234567" in value for value in row if isinstance(value, bytes))


@pytest.mark.parametrize("column", ["talk", "own", "key_locked"])
async def test_a_damaged_conversation_harms_no_other_and_can_be_begun_anew(
    store, save, load, column
):
    first, second = new_chat(1), new_chat(2)
    await save(first, second)
    await spoil(store, column, first.id)
    found = await load(1, 2)
    assert found[1].damaged
    assert found[1].chat_id == 1
    assert found[1].own == (b"" if column == "own" else b"own")
    assert found[2] == replace(found[2], talk=b"talk", own=b"own", damaged=False)
    await save(later(first, new_key=True, talk=b"anew"))
    assert (await load(1))[1] == replace(found[2], id=first.id, chat_id=1, version=2, talk=b"anew")


async def test_a_damaged_chat_id_is_put_right_when_its_person_writes_again(
    store, secrets, save, load
):
    first = new_chat(1)
    await save(first)
    await spoil(store, "chat_sealed", first.id)
    async with store.read() as conn:
        found = (await conversations.load_ids(conn, secrets, [first.id]))[first.id]
    assert (found.damaged, found.chat_id, found.talk) == (True, 0, b"talk")
    await save(later(first, new_key=True, chat_id=0))
    assert (await load(1))[1].damaged
    await save(later(first, version=2, new_key=True))
    assert not (await load(1))[1].damaged


async def test_a_damaged_part_is_told_and_the_others_open(store, save, parts_of):
    first = new_chat(1, add_parts=(b"one", b"two", b"three"))
    await save(first)
    async with store.write() as conn:
        await conn.execute(update(part_rows).where(part_rows.c.seq == 2).values(body=b"spoilt"))
    assert await parts_of(first.id) == ({first.id: [b"one", b"three"]}, {first.id})


async def test_parts_cannot_trade_places(store, save, parts_of):
    first = new_chat(1, add_parts=(b"one", b"two"))
    await save(first)
    async with store.write() as conn:
        for a, b in ((1, 9), (2, 1), (9, 2)):
            await conn.execute(update(part_rows).where(part_rows.c.seq == a).values(seq=b))
    assert await parts_of(first.id) == ({first.id: []}, {first.id})


async def test_a_damaged_conversation_is_not_saved_with_its_damaged_key(store, save):
    first = new_chat(1)
    await save(first)
    await spoil(store, "key_locked", first.id)
    with pytest.raises(BadRow):
        await save(later(first))


async def test_what_is_due_comes_longest_waiting_first(store, save):
    chats = [
        new_chat(n, due_at=NOW + n * HOUR if n else None, due_kind=f"kind {n}")
        for n in (3, 1, 0, 2, 9)
    ]
    await save(*chats)
    async with store.read() as conn:
        found = await conversations.due(conn, NOW + 3 * HOUR, 2)
    assert found == [(chats[1].id, "kind 1"), (chats[3].id, "kind 2")]


async def test_unreachable_is_noted_without_disturbing_a_turn(store, save, load):
    first = new_chat(1)
    await save(first)
    async with store.write() as conn:
        await conversations.set_unreachable(conn, first.id, True)
    assert (await load(1))[1].unreachable
    await save(later(first, unreachable=False))
    assert not (await load(1))[1].unreachable
