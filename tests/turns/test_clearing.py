"""What a turn knows of a chat's messages, and what it asks to be cleared."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.dialogue.effects import ClearChat, Tell
from bot.dialogue.inputs import Said
from bot.keeping import Keeping
from bot.turns.asked import ForgedConcernError
from storage import chat_messages, schema
from storage.outbox import unlock_body
from tests.turns.facts import facts_met, turn_of
from tests.turns.world import NOW

ANN, BEN = 501, 502
HOUR = timedelta(hours=1)


def keeping(world):
    return Keeping(world.store, world.keys, world.clock)


async def tells(world, chat, *numbers):
    """As if the sender had noted these messages of ours just now."""
    known = await world.conversation(chat)
    async with world.store.write() as conn:
        notes = [(known.id, one) for one in numbers]
        await chat_messages.remember(conn, notes, world.clock.now())


async def says(world, chat, text, number):
    await world.turns.take([world.arrival(chat, Said(text), said=(number,))])


async def clears(world, chat, concern_id=None):
    """The row that the talk's wish makes, opened, with a line said after it."""
    async with turn_of(world, chat) as turn:
        turn._EFFECTS[ClearChat](turn, ClearChat(concern_id))
        turn.say(Tell("talk.unreadable"))
    async with world.store.read() as conn:
        rows = (await conn.execute(select(schema.outbox).order_by(schema.outbox.c.id))).all()
    return [json.loads(unlock_body(world.keys, row)) for row in rows]


async def test_what_can_be_deleted_is_counted_and_what_is_too_old_is_known(world):
    await says(world, ANN, "one", 11)
    await tells(world, ANN, 12, 13)
    (now,) = await facts_met(world, ANN, Said("two"), said=(14,))
    assert (now.clearable, now.too_old) == (3, False)
    world.clock.move_to(NOW + 47 * HOUR)
    (later,) = await facts_met(world, ANN, Said("three"), said=(15,))
    assert (later.clearable, later.too_old) == (4, False)
    world.clock.move_to(NOW + 48 * HOUR)
    first, second = await facts_met(world, ANN, Said("four"), Said("five"), said=(16,))
    assert (first.clearable, first.too_old) == (1, True)
    assert (second.clearable, second.too_old) == (2, True)


async def test_numbers_are_forgotten_after_48_hours(world):
    await says(world, ANN, "one", 11)
    world.clock.move_to(NOW + 48 * HOUR)
    await says(world, ANN, "two", 12)
    await keeping(world).look()
    assert await world.count("chat_messages") == [2]
    world.clock.move_to(NOW + 49 * HOUR)
    await keeping(world).look()
    assert await world.count("chat_messages") == [1]


async def test_a_chat_from_before_this_was_noted_may_hold_older_messages(world):
    await says(world, ANN, "one", 11)
    async with world.store.write() as conn:
        await conn.execute(update(schema.conversations).values(began_at=None))
    (facts,) = await facts_met(world, ANN, Said("two"))
    assert facts.too_old


async def test_only_this_chat_is_cleared_the_oldest_first_with_its_own_reference(world):
    row = await world.sends(ANN, "words")
    await says(world, BEN, "other", 99)
    await tells(world, ANN, 13, 12)
    await says(world, ANN, "typed: yes, clear it", 14)
    await world.deliver()
    (clear, after) = await clears(world, ANN, row.id)
    assert clear["clear"]["ids"] == [12, 13, 14]
    assert clear["clear"]["kept"] is False
    for end in ("cleared", "partly"):
        told = clear["clear"][end]
        assert row.reference in told["text"]
        assert "999" in told["text"]
        assert [[button["label"] for button in line] for line in told["rows"]] == [["Get help now"]]
    assert "Clear history" in clear["clear"]["partly"]["text"]
    assert "Clear history" not in clear["clear"]["cleared"]["text"]
    assert after["text"]


async def test_without_a_concern_no_reference_is_told(world):
    await says(world, ANN, "one", 11)
    await world.deliver()
    (clear, _) = await clears(world, ANN)
    assert "reference" not in clear["clear"]["cleared"]["text"]
    assert "999" in clear["clear"]["cleared"]["text"]


async def test_when_nothing_is_left_to_delete_only_what_stays_is_told(world):
    await says(world, ANN, "one", 11)
    await world.deliver()
    world.clock.move_to(NOW + 72 * HOUR)
    (told, _) = await clears(world, ANN)
    assert "Some messages may still be here" in told["text"]


async def test_the_concern_of_somebody_else_clears_nothing(world):
    row = await world.sends(BEN, "theirs")
    await says(world, ANN, "one", 11)
    await world.deliver()
    async with turn_of(world, ANN) as turn:
        with pytest.raises(ForgedConcernError):
            turn._EFFECTS[ClearChat](turn, ClearChat(row.id))
        assert turn.queue == []
