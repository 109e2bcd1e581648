"""Nothing in the clear ties a chat to its concerns, or two concerns of one person to each other.
What is kept for 48 hours alone (`chat_messages`) is not looked at: it goes by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from bot.dialogue.inputs import Attached
from storage import schema
from storage.columns import UtcTime
from tests.turns.world import NOW

ANN, BEN, DAVE = 1201, 1202, 1203
ODD = timedelta(minutes=17, seconds=3, microseconds=141_592)
OF_CONCERNS = ("concerns", "parts", "data_requests", "files", "audit")
OF_CHATS = ("conversations", "draft_parts", "outbox")


def passes(world, **time):
    world.clock.move_to(world.clock.now() + timedelta(**time) + ODD)


async def moments(world, *tables):
    """Every stored moment that is no whole hour, by whose row it stands in."""
    found: dict[str, set[datetime]] = {}
    async with world.store.read() as conn:
        for table in (schema.metadata.tables[one] for one in tables):
            times = [one.name for one in table.c if isinstance(one.type, UtcTime)]
            for row in (await conn.execute(select(table))).mappings():
                owner = row.get("concern_id", row.get("id", row.get("conversation_id")))
                exact = {row[one] for one in times if row[one] is not None}
                found.setdefault(owner, set()).update(one for one in exact if _is_exact(one))
    return found


def _is_exact(moment):
    return bool(moment.minute or moment.second or moment.microsecond)


@pytest.fixture
async def two(world):
    """Two concerns that Ann sent, two days apart and at odd moments."""
    passes(world)
    first = await world.sends(ANN, "The night nurse shouted.")
    await world.taps(ANN, "Skip")
    passes(world, days=2)
    await world.says(ANN, "The food is cold.")
    await world.taps(ANN, "Something new", "Send", "North Community Team", "No, send it")
    return first, (await world.owned(ANN))[-1]


async def test_asking_for_copies_stamps_no_moment_on_what_one_person_sent(world, two):
    passes(world, hours=1)
    await world.commands(ANN, "mydata")
    await world.taps(ANN, "Get my data")
    assert await world.count("data_requests") == [2]
    first, second = [(await moments(world, *OF_CONCERNS))[one.id] for one in two]
    assert first
    assert first & second == set()


async def test_being_forgotten_stamps_no_moment_on_what_one_person_sent(world, two):
    passes(world, hours=1)
    await world.commands(ANN, "forget")
    await world.taps(ANN, "Yes, forget me")
    assert (await world.row(two[0].reference)).forgotten
    first, second = [(await moments(world, *OF_CONCERNS))[one.id] for one in two]
    assert first
    assert first & second == set()


async def test_reminders_of_copies_stamp_no_moment_on_what_one_person_sent(world, two):
    await world.links("Dave Palmer", DAVE)
    await world.commands(ANN, "mydata")
    await world.taps(ANN, "Get my data")
    world.clock.move_to(datetime(2026, 12, 21, 12, 0, 1, 5, tzinfo=UTC))
    assert await world.copies.remind() == 2
    first, second = [(await moments(world, *OF_CONCERNS))[one.id] for one in two]
    assert first & second == set()


async def test_requests_have_no_row_numbers_that_show_what_came_together(world):
    async with world.store.read() as conn:
        made = await conn.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'data_requests'")
        )
        assert made.scalar_one().rstrip().endswith("WITHOUT ROWID")


async def test_no_moment_of_a_chat_is_one_of_a_concern(world):
    """Sending, words and danger beside a draft, a file, and news that waits to be read."""
    passes(world)
    await world.turns.take([world.arrival(ANN, Attached("voice", "one", 5_000))])
    row = await world.sends(ANN, "I recorded it.")
    passes(world)
    await world.taps(ANN, "Skip")
    passes(world, days=2)
    await world.says(ANN, "Something else.")
    await world.taps(ANN, "Something new")
    passes(world)
    await world.says(ANN, "yes, in danger now")
    assert ("in-danger", "yes") in await world.parts_of(row)
    passes(world)
    await world.answers("Dave Palmer", row.reference)
    chats = set().union(*(await moments(world, *OF_CHATS)).values())
    ours = (await moments(world, *OF_CONCERNS))[row.id]
    assert all(await world.count("draft_parts", "outbox"))
    assert len(ours) >= 3  # sent, danger, answered
    assert chats == set()  # whole hours alone, also of what was counted on from a moment


async def test_a_first_message_that_is_a_file_does_not_tie_its_chat_to_the_concern(world):
    passes(world)
    await world.turns.take([world.arrival(BEN, Attached("voice", "one", 5_000))])
    await world.sends(BEN, "I recorded it.")
    known = await world.conversation(BEN)
    assert (known.began_at, known.updated_at) == (NOW, NOW)
