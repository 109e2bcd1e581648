"""A set of updates is one transaction: in order, once, and in step with everybody else's."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from storage import concerns, schema
from storage.engine import Store
from storage.sealing import SealError, context, unlock, unpad
from tests.turns.built import counted, database

ANN, BEN = 501, 502


async def one_set(world, chats, *said):
    """The same words from every chat, all in one set."""
    arrivals = [one for chat in chats for one in world.words(chat, *said)]
    with counted(world.store) as statements:
        answered = await world.turns.take(arrivals)
    assert [one.update_id for one in answered] == [one.update_id for one in arrivals]
    return statements


async def test_fifty_chats_cost_as_many_statements_as_one(world):
    one = await one_set(world, [ANN], "It is cold.", "Every night.")
    fifty = await one_set(world, range(600, 650), "It is cold.", "Every night.")
    again = await one_set(world, [ANN], "More.")
    fifty_again = await one_set(world, range(600, 650), "More.")
    print(f"statements: {len(one)} for new chats, {len(again)} for known ones")
    assert len(one) == len(fifty)
    assert len(again) == len(fifty_again)
    assert all(said.count("COMMIT") == 1 for said in (one, fifty, again, fifty_again))
    assert world.woken == 4


async def test_fifty_sends_cost_as_many_statements_as_one(world):
    async def send_from(chats):
        await one_set(world, chats, "It is cold.")
        for label in ("Send", "Rowan Ward"):
            await world.deliver()
            await world.turns.take([world.press(chat, label) for chat in chats])
        await world.deliver()
        with counted(world.store) as statements:
            await world.turns.take([world.press(chat, "No, send it") for chat in chats])
        return statements

    one, fifty = await send_from([ANN]), await send_from(range(600, 650))
    print(f"statements: {len(one)} for sending")
    assert len(one) == len(fifty)
    assert await world.count("concerns") == [51]


async def test_words_of_one_chat_keep_their_order_inside_a_set_and_across_sets(world):
    hers, his = world.words(ANN, "1", "2", "3"), world.words(BEN, "a", "b", "c")
    await world.turns.take([one for pair in zip(hers, his, strict=True) for one in pair])
    await world.turns.take(world.words(ANN, "4", "5"))
    assert await world.draft(ANN) == ["1", "2", "3", "4", "5"]
    assert await world.draft(BEN) == ["a", "b", "c"]


async def test_an_update_that_comes_again_changes_nothing(world):
    first = world.words(ANN, "once")
    await world.turns.take([*first, *first])
    assert await world.draft(ANN) == ["once"]
    before = await world.everything()
    assert len(await world.turns.take(first)) == 1
    assert await world.everything() == before
    await world.store.close()
    world.store = await Store.open(database(world.folder))
    await world.turns.take([*first, *world.words(ANN, "new"), *first, *world.words(BEN, "his")])
    assert await world.draft(ANN) == ["once", "new"]
    assert await world.draft(BEN) == ["his"]


async def test_an_old_update_that_comes_again_does_not_undo_a_block(world):
    first = world.words(ANN, "once")
    await world.turns.take(first)
    await world.blocks(ANN)
    await world.turns.take(first)
    assert (await world.conversation(ANN)).unreachable


async def test_two_sends_in_one_set_make_two_concerns_with_their_own_words(world):
    await world.says(ANN, "stored 1", "stored 2")
    await world.turns.take(
        world.words(
            ANN,
            *("and then", "send", "rowan ward", "no", "skip"),
            *("raise something new", "of the second", "send", "north community team", "no", "skip"),
            *("raise something new", "of the third"),
        )
    )
    first, second = await world.owned(ANN)
    assert await words_of(world, first, "Dave Palmer") == ["stored 1", "stored 2", "and then"]
    assert await words_of(world, second, "Sunil Mehta") == ["of the second"]
    assert (first.team, second.team) == ("rowan", "north")


async def words_of(world, row, name):
    return [words for kind, words in await world.parts_of(row, name) if kind == "words"]


async def test_words_after_a_send_in_the_same_set_are_the_new_draft(world):
    await world.says(ANN, "sent")
    await world.taps(ANN, "Send", "Rowan Ward")
    sends = world.press(ANN, "No, send it")
    await world.turns.take([sends, *world.words(ANN, "stop", "kept for later")])
    (row,) = await world.owned(ANN)
    assert await words_of(world, row, "Dave Palmer") == ["sent"]
    assert await world.draft(ANN) == ["kept for later"]
    assert (await world.talk_of(ANN))["parts"] == 1


async def test_what_was_sent_or_dropped_is_gone_and_its_key_as_well(world):
    """Rows live on in the write-ahead log; without their key they are noise."""
    for chat, ending in (
        (ANN, ("Stop", "Delete it")),
        (BEN, ("Send", "Rowan Ward", "No, send it")),
    ):
        await world.says(chat, "a secret")
        before, bodies = await key_and_parts(world, chat)
        assert opens(world, before, bodies[0])
        await world.taps(chat, *ending)
        after, left = await key_and_parts(world, chat)
        assert not left
        assert not opens(world, after, bodies[0])


async def key_and_parts(world, chat):
    known = await world.conversation(chat)
    async with world.store.read() as conn:
        table, parts = schema.conversations, schema.draft_parts
        row = (await conn.execute(select(table).where(table.c.id == known.id))).one()
        stored = await conn.execute(select(parts).where(parts.c.conversation_id == known.id))
        return row, stored.all()


def opens(world, conversation, part):
    where = context("conversations", "key", conversation.id)
    key = unlock(world.keys.epoch_key(conversation.epoch), conversation.key_locked, where)
    try:
        unpad(unlock(key, part.body, context("draft_parts", "body", part.conversation_id, "1")))
    except SealError:
        return False
    return True


async def test_a_draft_that_was_dropped_is_not_sent_with_the_next_one(world):
    await world.says(ANN, "never mind")
    await world.turns.take(
        world.words(ANN, "stop", "delete", "this instead", "send", "rowan ward", "no")
    )
    (row,) = await world.owned(ANN)
    assert await words_of(world, row, "Dave Palmer") == ["this instead"]


async def test_a_topic_words_and_a_place_are_sealed_in_that_order(world):
    await world.commands(ANN, "start")
    await world.taps(ANN, "Choose from a list", "Help stopped, late or missing")
    await world.says(ANN, "Four months now.")
    await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(ANN, "my doctor")
    await world.taps(ANN, "Send it")
    (row,) = await world.owned(ANN)
    assert await world.parts_of(row, "Helen Marsh") == [
        ("topic", "Help stopped, late or missing"),
        ("words", "Four months now."),
        ("place", "Rowan Ward"),
        ("kept-from", "my doctor"),
    ]


async def test_of_many_own_concerns_the_newest_are_offered_first(world):
    for _ in range(4):
        await world.says(ANN, "new concern")
        await world.sends(ANN, "cold")
        await world.taps(ANN, "Stop")
    newest = [one.reference for one in reversed(await world.owned(ANN))]
    assert len(newest) == 4
    seen = await world.says(ANN, "and one more thing")
    assert [label for label in seen[-1].buttons if label in newest] == newest[:3]


async def test_two_processes_on_one_chat_lose_and_double_nothing(world):
    """Whoever comes second starts again from what the first one saved."""
    await world.says(ANN, "first")
    said = [f"words {number}" for number in range(20)]
    await asyncio.gather(*(world.turns.take(world.words(ANN, one)) for one in said))
    assert sorted(await world.draft(ANN)) == sorted(["first", *said])
    assert (await world.talk_of(ANN))["parts"] == 21


async def test_one_update_taken_by_many_at_once_is_done_once(world):
    once = world.words(ANN, "once")
    await asyncio.gather(*(world.turns.take(once) for _ in range(10)))
    assert await world.draft(ANN) == ["once"]


async def test_adding_words_and_a_note_move_a_concern_once_each(world):
    row = await world.sends(ANN, "It is cold.")
    await world.taps(ANN, "Skip", "For me", "Add to it")
    await world.says(ANN, "Still cold.")
    await world.taps(ANN, "Add it now")
    assert await world.parts_of(row) == [
        ("words", "It is cold."),
        ("for-whom", "me"),
        ("added", "Still cold."),
    ]
    async with world.store.read() as conn:
        assert (await concerns.load(conn, [row.id]))[row.id].version == row.version + 1
