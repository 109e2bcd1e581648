"""One gentle reminder of what was not sent: by day, within a day, once, and off in one tap."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.casework.working_days import Calendar
from bot.dialogue.inputs import Said
from bot.dialogue.model import Talk
from bot.turns.nudges import NUDGE, NUDGED, Nudges, next_due
from storage import conversations
from tests.turns.facts import facts_met
from tests.turns.world import LONDON, NOW

ANN, BEN = 501, 502
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NUDGE_WORDS = "Something here is saved, but not sent."


def nudges(world):
    return Nudges(*world.parts())


async def month(world, chat, days=30):
    """Every hour of so many days, a tick: when the reminder came to this phone."""
    came = []
    begun = world.clock.now()
    for hour in range(1, days * 24 + 1):
        world.clock.move_to(begun + hour * HOUR)
        await nudges(world).send()
        heard = await world.hears(chat)
        came += [world.clock.now() for one in heard if one.text.startswith(NUDGE_WORDS)]
    return came


async def test_a_draft_of_thirty_days_is_met_with_exactly_one_reminder_by_day(world):
    world.clock.move_to(NOW + 13 * HOUR)  # eleven at night
    await world.says(ANN, "Nobody rang me back.")
    (came,) = await month(world, ANN)
    assert came - (NOW + 13 * HOUR) <= DAY
    assert came == NOW.replace(hour=9) + DAY
    assert await world.draft(ANN) == ["Nobody rang me back."]


async def test_whoever_does_not_want_reminders_gets_none(world):
    await world.says(ANN, "Nobody rang me back.")
    await world.edit_talk(ANN, no_nudge=True)
    assert await month(world, ANN, days=3) == []
    await world.says(ANN, "And more.")
    assert await month(world, ANN, days=3) == []


async def test_no_word_of_the_draft_and_no_service_stands_on_a_lock_screen(world):
    await world.says(ANN, "Nobody rang me back.")
    world.clock.move_to(NOW + DAY)
    assert await nudges(world).send() == 1
    (seen,) = await world.hears(ANN)
    shown = seen.text.lower()
    for word in ("rang", "concern", "ward", "nhs", "health", "staff", "help", "rowan", "ashby"):
        assert word not in shown
    assert seen.buttons == {"Go on": "d:go-on", "No more reminders": "d:no-nudge"}


async def test_words_that_come_later_put_it_off_and_taps_do_not(world):
    await world.says(ANN, "one")
    first = (await world.conversation(ANN)).due_at
    world.clock.move_to(NOW + 14 * HOUR)
    await world.taps(ANN, "Get help now")
    assert (await world.conversation(ANN)).due_at == first
    await world.says(ANN, "two")
    assert (await world.conversation(ANN)).due_at > first


async def test_what_is_sent_or_deleted_is_not_reminded_of(world):
    await world.sends(ANN, "sent")
    await world.says(BEN, "deleted")
    await world.taps(BEN, "Stop", "Delete it")
    for chat in (ANN, BEN):
        assert (await world.conversation(chat)).due_kind is None
    world.clock.move_to(NOW + DAY)
    assert await nudges(world).send() == 0


async def test_the_next_draft_has_a_reminder_of_its_own(world):
    await world.says(ANN, "one")
    await month(world, ANN, days=2)
    await world.says(ANN, "two")  # the same draft
    assert await month(world, ANN, days=2) == []
    await world.taps(ANN, "Stop", "Delete it")
    await world.says(ANN, "another matter")
    assert len(await month(world, ANN, days=2)) == 1


async def test_whoever_blocked_the_bot_is_left_alone_until_they_return(world):
    await world.says(ANN, "one")
    await world.blocks(ANN)
    assert await month(world, ANN, days=2) == []
    await world.returns(ANN)
    assert len(await month(world, ANN, days=3)) == 1


async def test_a_reminder_that_has_not_reached_its_phone_gives_way_to_what_they_do(world):
    await world.says(ANN, "one")
    world.clock.move_to(NOW + DAY)
    assert await nudges(world).send() == 1
    await world.turns.take(world.words(ANN, "two"))
    assert not [one for one in await world.hears(ANN) if one.text.startswith(NUDGE_WORDS)]


async def test_doubled_ticks_remind_once_and_ticks_at_night_wait_for_the_day(world):
    for chat in range(600, 850):  # more than one transaction takes
        await world.turns.take(world.words(chat, "one"))
    await world.deliver()
    world.clock.move_to(NOW + 12 * HOUR)
    assert await nudges(world).send() == 0
    world.clock.move_to(NOW + DAY)
    counts = await asyncio.gather(nudges(world).send(), nudges(world).send())
    assert sum(counts) == 250
    await world.deliver()
    told = [one for chat in range(600, 850) for one in world.phones[chat]]
    assert len([one for one in told if one.text.startswith(NUDGE_WORDS)]) == 250


async def test_a_talk_that_nobody_can_read_costs_nobody_else_their_reminder(world):
    await world.says(ANN, "one")
    await world.says(BEN, "two")
    known = await world.conversation(ANN)
    broken = conversations.ConversationChange(
        known.id, ANN, known.version, b"[", known.own, due_at=known.due_at, due_kind=NUDGE
    )
    async with world.store.write() as conn:
        await conversations.save(conn, world.keys, [broken], world.clock.now())
    world.clock.move_to(NOW + DAY)
    assert await nudges(world).send() == 1
    assert (await world.conversation(ANN)).due_at is None


# ---- when ----------------------------------------------------------------------------------


CALENDAR = Calendar(LONDON, frozenset())
NIGHTS = (datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 3, 28, tzinfo=UTC), NOW)


@pytest.mark.parametrize("begin", NIGHTS, ids=["clocks go back", "clocks go on", "an ordinary day"])
def test_it_comes_within_a_day_of_the_last_word_and_never_at_night(begin):
    for minutes in range(0, 3 * 24 * 60, 7):
        word = begin + timedelta(minutes=minutes)
        at, kind = next_due((None, None), Talk(parts=1), word, CALENDAR, spoke=True)
        assert kind == NUDGE
        assert at is not None and timedelta(hours=9) < at - word <= DAY
        assert CALENDAR.by_day(at) == at


def test_a_topic_that_was_tapped_is_a_draft_as_well():
    at, kind = next_due((None, None), Talk(topic="staff"), NOW, CALENDAR, spoke=False)
    assert at is not None and kind == NUDGE
    assert next_due((at, kind), Talk(), NOW, CALENDAR, spoke=True) == (None, None)


def test_once_reminded_nothing_but_another_draft_brings_another():
    for talk in (Talk(parts=2), Talk(parts=2, no_nudge=True), Talk(topic="staff")):
        assert next_due((None, NUDGED), talk, NOW, CALENDAR, spoke=True) == (None, NUDGED)


# ---- returns -------------------------------------------------------------------------------


async def test_somebody_is_away_after_a_day_and_back_with_their_first_message(world):
    await world.says(ANN, "one")
    world.clock.move_to(NOW + DAY - timedelta(seconds=1))
    assert [one.away for one in await facts_met(world, ANN, Said("two"))] == [False]
    world.clock.move_to(NOW + 2 * DAY)
    assert [one.away for one in await facts_met(world, ANN, Said("three"), Said("four"))] == [
        True,
        False,
    ]


async def test_a_reminder_is_not_a_message_of_theirs(world):
    await world.says(ANN, "one")
    world.clock.move_to(NOW + DAY)
    assert await nudges(world).send() == 1
    assert [one.away for one in await facts_met(world, ANN, Said("two"))] == [True]
