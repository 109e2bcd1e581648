"""The digest: at its team's handovers, once each, of what its reader may know."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.digests.daily import next_digest
from storage import schema
from tests.turns.world import LONDON, NOW

ANN, BEN = 501, 502
DAVE, RUTH, SUNIL, HELEN, GRACE = range(900, 905)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TOMORROW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


def is_empty(text):
    """The same lines as on any other day, and nothing in them."""
    counts = re.findall(r": (\d+)", text)
    return set(counts) == {"0"} and len(counts) >= 8 and "Nothing is open." in text.splitlines()


async def day_passes(world, *, until, step=HOUR / 2):
    """Ticks come all the time, twice at once: who got a digest, and when."""
    got = []
    while world.clock.now() < until:
        world.clock.move_to(min(until, world.clock.now() + step))
        await asyncio.gather(world.digests.send(), world.digests.send())
        got += [(world.clock.now(), chat, one) for chat, one in await delivered(world)]
    return got


async def delivered(world):
    before = {chat: len(seen) for chat, seen in world.phones.items()}
    await world.deliver()
    return [
        (chat, one)
        for chat, seen in world.phones.items()
        for one in seen[before.get(chat, 0) :]
        if one.text.startswith("Concerns on ")
    ]


def at_hour(world, team, **changed):
    """The same trust, with another hour or time zone for one team."""
    teams = tuple(replace(one, **changed) if one.id == team else one for one in world.house.teams)
    return replace(world, house=replace(world.house, teams=teams))


async def test_it_comes_once_a_day_at_the_teams_own_hour(world):
    await world.links("Dave Palmer", DAVE)
    await world.links("Sunil Mehta", SUNIL)
    world.clock.move_to(NOW + 12 * HOUR)
    got = await day_passes(world, until=NOW + 4 * DAY)
    for chat, hour in ((DAVE, time(8, 30)), (SUNIL, time(9, 0))):
        mine = [at for at, who, _ in got if who == chat]
        assert [at.day for at in mine] == [26, 27, 28, 29]
        assert {at.time() for at in mine} == {hour}


async def test_nothing_before_the_hour_and_something_at_it(world):
    await world.links("Dave Palmer", DAVE)
    world.clock.move_to(TOMORROW - timedelta(microseconds=1))
    assert await world.digests.send() == 0
    world.clock.move_to(TOMORROW)
    assert await world.digests.send() == 1
    assert await world.digests.send() == 0


@pytest.mark.parametrize(("late", "sent"), [(12 * HOUR, 0), (12 * HOUR - HOUR / 60, 1)])
async def test_a_digest_that_is_twelve_hours_late_is_left_out(world, late, sent):
    await world.links("Dave Palmer", DAVE)
    world.clock.move_to(TOMORROW + late)
    assert await world.digests.send() == sent


@pytest.mark.parametrize(
    ("eve", "skipped", "doubled"),
    [
        (datetime(2027, 3, 26, 12, tzinfo=UTC), "2027-03-28", None),
        (datetime(2027, 10, 29, 12, tzinfo=UTC), None, "2027-10-31"),
    ],
)
async def test_once_a_date_in_nights_when_the_clocks_change(world, eve, skipped, doubled):
    """Half past one does not exist (it is half past two then), or comes twice."""
    world = at_hour(world, "rowan", handover=(time(1, 30),))
    await world.links("Dave Palmer", DAVE)
    world.clock.move_to(eve)
    await world.digests.send()
    await delivered(world)
    got = await day_passes(world, until=eve + 4 * DAY)
    times = [at.astimezone(ZoneInfo(LONDON)) for at, _, _ in got]
    assert len({at.date() for at in times}) == len(times) == 4
    for at in times:
        expected = time(2, 30) if str(at.date()) == skipped else time(1, 30)
        assert (at.time(), at.fold) == (expected, 0)
    assert doubled is None or doubled in {str(at.date()) for at in times}


async def test_a_team_elsewhere_has_its_own_morning(world):
    away = at_hour(world, "north", timezone=ZoneInfo("America/New_York"))
    await away.links("Sunil Mehta", SUNIL)
    away.clock.move_to(datetime(2026, 11, 26, 13, 59, tzinfo=UTC))
    assert await away.digests.send() == 0
    away.clock.move_to(datetime(2026, 11, 26, 14, 0, tzinfo=UTC))
    assert await away.digests.send() == 1


async def test_a_day_without_concerns_has_the_same_shape(world):
    await world.links("Dave Palmer", DAVE)
    world.clock.move_to(TOMORROW)
    await world.digests.send()
    ((chat, seen),) = await delivered(world)
    assert (chat, seen.lane) == (DAVE, 3)
    assert seen.text.startswith(
        "Concerns on Thursday 26 November, 08:30\nUrgent: 0. Overdue: 0. Due today: 0.\n"
    )
    assert is_empty(seen.text)
    assert seen.buttons == {"Open": f"{world.house.console_url}/concerns"}


async def test_it_counts_and_names_concerns_and_says_no_word_of_any(world):
    await world.links("Dave Palmer", DAVE)
    row = await world.sends(ANN, "The heating is broken", "since October")
    other = await world.sends(BEN, "Nobody listens", place="North Community Team")
    world.clock.move_to(TOMORROW)
    await world.digests.send()
    ((_, seen),) = await delivered(world)
    assert "New since the last list: 1." in seen.text
    assert "Not acknowledged: 1." in seen.text
    entry = f"• {row.reference}: new, not acknowledged, not taken, day 1. Word by Monday"
    assert entry in seen.text
    assert other.reference not in seen.text
    for word in ("heating", "October", "listens", "Ann", "Rowan", "501"):
        assert word not in seen.text
    assert len(seen.text.splitlines()) <= 10


async def test_what_was_new_yesterday_is_not_new_today(world):
    await world.links("Dave Palmer", DAVE)
    await world.sends(ANN, "cold")
    texts = []
    for day in range(2):
        world.clock.move_to(TOMORROW + day * DAY)
        await world.digests.send()
        texts += [one.text for _, one in await delivered(world)]
    assert ["New since the last list: 1." in one for one in texts] == [True, False]
    assert "Not acknowledged: 1." in texts[1]


async def test_a_missed_date_is_first_in_the_list(world):
    await world.links("Dave Palmer", DAVE)
    old = await world.sends(ANN, "cold")
    for _ in range(2):
        world.clock.move_to((await world.row(old.reference)).due_at)
        await world.promises.keep()
    new = await world.sends(BEN, "cold")
    world.clock.move_to(world.clock.now() + 17 * HOUR)
    await world.digests.send()
    ((_, seen),) = await delivered(world)
    assert "Overdue: 1." in seen.text
    assert seen.text.index(f"{old.reference}: OVERDUE") < seen.text.index(new.reference)


async def test_who_is_kept_out_sees_no_trace_of_it(world):
    """Not in the list, not in a count: their digest is that of a day without concerns."""
    for name, chat in (("Dave Palmer", DAVE), ("Ruth Adeyemi", RUTH)):
        await world.links(name, chat)
    await world.says(ANN, "cold")
    await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(ANN, "Dave Palmer")
    await world.taps(ANN, "Send it")
    world.clock.move_to(TOMORROW)
    await world.digests.send()
    got = dict(await delivered(world))
    assert is_empty(got[DAVE].text)
    assert "New since the last list: 1." in got[RUTH].text


async def test_a_wrap_that_should_not_be_there_shows_nothing_either(world):
    """Exclusions hold even against a key that slipped through."""
    await world.links("Dave Palmer", DAVE)
    row = await world.sends(ANN, "cold")
    table = schema.exclusions
    async with world.store.write() as conn:
        await conn.execute(
            table.insert().values(concern_id=row.id, staff_id=world.ids["Dave Palmer"])
        )
    world.clock.move_to(TOMORROW)
    await world.digests.send()
    ((_, seen),) = await delivered(world)
    assert is_empty(seen.text)


async def test_only_linked_members_who_still_work_here_get_one(world):
    await world.links("Dave Palmer", DAVE)
    await world.links("Ruth Adeyemi", RUTH)
    async with world.store.write() as conn:
        gone = update(schema.staff).where(schema.staff.c.id == world.ids["Ruth Adeyemi"])
        await conn.execute(gone.values(active=False))
    world.clock.move_to(TOMORROW)
    assert await world.digests.send() == 1
    assert [chat for chat, _ in await delivered(world)] == [DAVE]


async def test_a_concern_of_ones_own_level_comes_before_the_others(world):
    """Senior staff answer for what has gone up to them; what the team holds comes after it."""
    await world.links("Grace Okoro", GRACE)
    await world.links("Dave Palmer", DAVE)
    rows = [await world.sends(chat, "cold") for chat in (ANN, BEN)]
    table = schema.concerns
    async with world.store.write() as conn:
        await conn.execute(update(table).where(table.c.id == rows[1].id).values(level=2))
    world.clock.move_to(TOMORROW)
    await world.digests.send()
    got = dict(await delivered(world))
    first, second = (got[GRACE].text.index(one.reference) for one in rows)
    assert second < first
    first, second = (got[DAVE].text.index(one.reference) for one in rows)
    assert first < second


async def test_a_digest_and_its_date_are_saved_together_or_not_at_all(world):
    await world.links("Dave Palmer", DAVE)
    world.clock.move_to(TOMORROW)
    careless = world.without_wording("digest.title")
    with pytest.raises(Exception, match=r"digest\.title"):
        await careless.digests.send()
    assert await world.count("digests", "outbox") == [0, 0]
    woken = world.woken
    assert await world.digests.send() == 1
    assert world.woken == woken + 1
    async with world.store.read() as conn:
        days = (await conn.execute(select(schema.digests.c.local_date))).scalars().all()
    assert days == ["2026-11-26"]


async def test_people_outside_all_teams_get_theirs_with_the_first_team(world):
    await world.links("Helen Marsh", HELEN)
    world.clock.move_to(TOMORROW)
    assert await world.digests.send() == 1


async def test_the_next_digest_is_the_soonest_of_anybodys(world):
    dave, sunil = await world.member("Dave Palmer"), await world.member("Sunil Mehta")
    at_ten = NOW
    assert next_digest(world.house, [dave, sunil], at_ten) == TOMORROW
    assert next_digest(world.house, [sunil], at_ten) == TOMORROW + HOUR / 2
    assert next_digest(world.house, [dave], TOMORROW) == TOMORROW + DAY
    assert next_digest(world.house, [], at_ten) is None
