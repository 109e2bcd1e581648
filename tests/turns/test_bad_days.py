"""When nothing can be saved nothing arrived; two who change one thing both keep theirs."""

from __future__ import annotations

import asyncio
import contextlib
import secrets as chance

import pytest

from bot.casework.model import Act, NotAllowed
from storage.engine import StoreUnavailable
from tests.storage.conftest import server  # noqa: F401 - a fixture
from tests.turns.built import build, opened
from tests.turns.world import NOW

ANN, BEN = 501, 502


@pytest.fixture
async def town(request, tmp_path):
    """The same on PostgreSQL, where several processes can really be at one row."""
    started = request.getfixturevalue("server")
    name = f"turns_{chance.token_hex(6)}"
    started.run(f"CREATE DATABASE {name}")
    await build(tmp_path, started.url(name))
    async with opened(tmp_path, started.url(name)) as world:
        yield world
    started.run(f"DROP DATABASE {name} WITH (FORCE)")


async def full_disk(world, pages):
    """SQLite refuses to grow the file, as it does when the disk is full. 0: there is room again."""
    async with world.store._writer.connect() as conn:
        await conn.exec_driver_sql(f"PRAGMA max_page_count={pages or 1_000_000}")


async def test_a_full_disk_leaves_nothing_and_says_so(world):
    await world.says(ANN, "before")
    before = await world.everything()
    await full_disk(world, 1)
    arrivals = world.words(ANN, *("x" * 4000 for _ in range(40)))
    woken = world.woken
    with pytest.raises(StoreUnavailable):
        await world.turns.take(arrivals)
    assert await world.everything() == before
    assert world.woken == woken
    await full_disk(world, 0)
    await world.turns.take(arrivals)
    assert len(await world.draft(ANN)) == 41
    assert not await world.alarms()


async def test_a_disk_that_fills_while_one_update_is_tried_alone_is_not_that_updates_fault(world):
    await full_disk(world, 1)
    bad = world.words(ANN, "half \ud800 a pair" + "x" * 100_000)
    with pytest.raises(StoreUnavailable):
        await world.turns.take([*world.words(BEN, "y" * 100_000), *bad])
    await full_disk(world, 0)
    assert await world.count("quarantine", "seen_updates", "draft_parts") == [0, 0, 0]


async def test_processes_that_meet_at_one_chat_keep_every_word_once(town):
    await town.says(ANN, "first")
    said = [f"words {number}" for number in range(12)]
    for start in range(0, 12, 3):
        some = said[start : start + 3]
        await asyncio.gather(*(town.turns.take(town.words(ANN, one)) for one in some))
    assert sorted(await town.draft(ANN)) == sorted(["first", *said])
    assert (await town.talk_of(ANN))["parts"] == 13
    assert not await town.alarms()


async def test_processes_that_meet_at_a_new_chat_make_one_conversation(town):
    once = town.words(ANN, "the same update")
    takers = [
        town.turns.take(once),
        town.turns.take(town.words(ANN, "another")),
        town.turns.take(once),
    ]
    await asyncio.gather(*takers)
    assert sorted(await town.draft(ANN)) == ["another", "the same update"]
    assert await town.count("conversations", "quarantine") == [1, 0]


@pytest.fixture(params=["world", "town"])
def either(request):
    return request.getfixturevalue(request.param)


async def test_a_person_staff_and_the_clock_at_one_concern(either):
    """Whoever comes later decides again on what the others left: all of it happened, once."""
    world = either
    for number in range(4):
        chat = ANN + number
        row = await world.sends(chat, "cold")
        await world.taps(chat, "Skip", "Add to it")
        await world.says(chat, "more")
        await world.opens("Ruth Adeyemi", row.reference)
        world.clock.move_to((await world.row(row.reference)).due_at)
        done = await asyncio.gather(
            world.turns.take([world.press(chat, "Add it now")]),
            world.acts("Ruth Adeyemi", row.reference, Act.ACKNOWLEDGE),
            world.promises.keep(),
            world.promises.keep(),
            return_exceptions=True,
        )
        assert [one for one in done if isinstance(one, BaseException)] == []
        after = await world.row(row.reference)
        assert (after.state, after.missed, after.level) == ("acknowledged", 1, 1)
        assert [kind for kind, _ in await world.parts_of(row)] == ["words", "added"]
        await world.reads(chat)
        told = "\n".join(one.text for one in world.phones[chat])
        assert told.count("has opened your concern") == told.count("We have no news") == 1
    assert not await world.alarms()


async def test_of_many_who_acknowledge_at_once_one_does(world):
    row = await world.sends(ANN, "cold")
    await world.opens("Dave Palmer", row.reference)
    deeds = [world.acts("Dave Palmer", row.reference, Act.ACKNOWLEDGE) for _ in range(5)]
    done = await asyncio.gather(*deeds, return_exceptions=True)
    assert sum(isinstance(one, NotAllowed) for one in done) == 4
    notices = [seen for row, seen in await world.queued() if "Read it" in seen.buttons]
    assert len(notices) == 1


async def test_a_turn_that_is_cancelled_is_whole_or_not_there(world):
    for delay in range(6):
        task = asyncio.create_task(world.turns.take(world.words(ANN + delay, "one", "two")))
        for _ in range(delay * 4):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        known = await world.conversation(ANN + delay)
        assert known is None or await world.draft(ANN + delay) == ["one", "two"]
    await world.says(BEN + 99, "still works")
    assert world.clock.now() == NOW
