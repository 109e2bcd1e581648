"""A run of concerns at one place is told to its lead, once, and never to whoever is left out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.digests.clusters import Clusters

RUTH = 70


@pytest.fixture
async def led(world):
    await world.links("Ruth Adeyemi", RUTH)
    return world


def passes(world, time: timedelta) -> None:
    world.clock.move_to(world.clock.now() + time)


def ticks(world) -> Clusters:
    return Clusters(*world.parts())


async def close_together(world, count: int = 3, first: int = 1) -> None:
    for chat in range(first, first + count):
        await world.sends(chat, f"Something happened, {chat}.")
        passes(world, timedelta(minutes=30))


async def test_the_lead_is_told_once_with_no_word_of_it(led):
    await close_together(led)
    assert await ticks(led).look() == 1
    (said,) = await led.hears(RUTH)
    assert said.text == (
        "3 concerns from Rowan Ward came close together, since 10am on Wednesday 25 November.\n\n"
        "I cannot tell if they belong together: that is sealed. Please read them soon."
    )
    assert said.buttons == {"Open": f"{led.house.console_url}/concerns"}
    assert await ticks(led).look() == 0
    await close_together(led, 1, 9)
    assert await ticks(led).look() == 0  # the same run goes on


async def test_two_are_told_to_nobody(led):
    await close_together(led, 2)
    assert await ticks(led).look() == 0


async def test_at_night_it_waits_for_the_morning(led):
    passes(led, timedelta(hours=12))
    await close_together(led)
    assert await ticks(led).look() == 1
    assert await led.hears(RUTH) == []
    passes(led, timedelta(hours=10))
    assert len(await led.hears(RUTH)) == 1


async def test_danger_in_one_of_them_does_not_wait(led):
    passes(led, timedelta(hours=12))
    await close_together(led, 2)
    await led.sends(3, "Someone has a knife.")
    await led.taps(3, "Yes, in danger now")
    assert await ticks(led).look() == 1
    assert any("came close together" in one.text for one in await led.hears(RUTH))


async def test_what_a_lead_is_kept_from_counts_for_nothing(led):
    await close_together(led, 2)
    await led.says(3, "It was Ruth.")
    await led.taps(3, "Send", "Rowan Ward", "Yes, choose")
    await led.says(3, "Ruth Adeyemi")
    await led.taps(3, "Send it")
    (row,) = await led.owned(3)
    assert "Ruth Adeyemi" not in await led.readers(row)
    assert row.team == "rowan"
    assert await ticks(led).look() == 0
    await close_together(led, 1, 4)
    assert await ticks(led).look() == 1
    told = [one.text for one in await led.hears(RUTH)]
    assert [one.partition(" concerns")[0] for one in told] == ["3"]
