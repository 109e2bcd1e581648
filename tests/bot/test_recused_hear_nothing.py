"""What is sent to staff by chat: to whoever steps back from a concern it is as if there were none,
in lists, weekly digests, escalations and alarms, from that moment on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.casework.model import Act, Event
from bot.desk import recusing
from bot.watching import looks
from tests.turns.tapping import of_data, takes

ANN, BEN, DAVE, RUTH = 501, 502, 900, 901
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


async def everything(world, until):
    """All ticks, every four hours."""
    while world.clock.now() < until:
        world.clock.move_to(world.clock.now() + timedelta(hours=4))
        for _, look in looks(*world.parts()).values():
            await look()
        await world.deliver()


def texts(world, chat):
    return [one.text for one in world.phones[chat]]


@pytest.fixture
async def ruth_out(world):
    """One concern: late, nobody's, and the lead has stepped back from it; a colleague has not."""
    for name, chat in (("Ruth Adeyemi", RUTH), ("Dave Palmer", DAVE)):
        await world.links(name, chat)
    row = await world.sends(ANN, "It is about Ruth.")
    await recusing.step_back(world.desk, await world.member("Ruth Adeyemi"), row.reference, "")
    await everything(world, MONDAY + timedelta(days=8))
    return world, row.reference


async def test_no_message_of_two_weeks_names_it(ruth_out):
    world, reference = ruth_out
    assert any(reference in one for one in texts(world, DAVE))
    assert not any(reference in one or reference[-4:] in one for one in texts(world, RUTH))


async def test_their_daily_lists_count_nothing(ruth_out):
    world, _ = ruth_out
    lists = [one for one in texts(world, RUTH) if one.startswith("Concerns on ")]
    assert len(lists) >= 10
    assert all("Nothing is open." in one.splitlines() for one in lists)
    others = [one for one in texts(world, DAVE) if one.startswith("Concerns on ")]
    assert not any("Nothing is open." in one.splitlines() for one in others)


async def test_their_weekly_digest_is_that_of_somebody_without_concerns(ruth_out):
    """Sunil leads another team, which nobody wrote to."""
    world, _ = ruth_out
    mine = [one for one in texts(world, RUTH) if one.startswith("The week from ")]
    assert len(mine) == 2
    fresh = [one.splitlines()[1:] for one in mine]
    await world.links("Sunil Mehta", 77)
    world.clock.move_to(MONDAY + timedelta(days=14))
    await everything(world, MONDAY + timedelta(days=14, hours=4))
    others = [one for one in texts(world, 77) if one.startswith("The week from ")]
    assert others[0].splitlines()[1:] in fresh


async def test_their_buttons_for_it_do_nothing(ruth_out):
    world, reference = ruth_out
    before = await world.row(reference)
    for what in ("take", "higher", "seen"):
        said = await takes(world, RUTH, of_data(world, RUTH, f"s:{reference}:{what}"))
        assert not any("seen that" in one for one in said)
    after = await world.row(reference)
    assert (after.owner_id, after.level) == (before.owner_id, before.level)


async def test_danger_that_is_said_later_does_not_alert_them(world):
    for name, chat in (("Ruth Adeyemi", RUTH), ("Grace Okoro", DAVE)):
        await world.links(name, chat)
    row = await world.sends(BEN, "They sent him home.")
    await recusing.step_back(world.desk, await world.member("Ruth Adeyemi"), row.reference, "")
    await world.taps(BEN, "Yes, in danger now")
    await everything(world, world.clock.now() + timedelta(hours=12))
    assert any("in danger" in one for one in texts(world, DAVE))
    assert not any(row.reference in one for one in texts(world, RUTH))


async def test_an_answer_by_a_colleague_is_no_news_for_them(ruth_out):
    world, reference = ruth_out
    before = len(texts(world, RUTH))
    await world.opens("Dave Palmer", reference)
    await world.acts("Dave Palmer", reference, Event(Act.ACKNOWLEDGE, world.ids["Dave Palmer"]))
    await world.says(ANN, "One thing more.")
    await world.deliver()
    assert len(texts(world, RUTH)) == before
