"""Weeks of silence by staff: the person hears on every date, from whoever is next, by day."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from bot.casework.life import decide
from bot.casework.model import Act, Event, Result
from bot.turns.concern import as_concern
from bot.turns.time import AT_ONCE, NOT_KEPT
from storage import schema
from tests.turns.built import counted
from tests.turns.world import LONDON, NOW

ANN, BEN = 501, 502
DAYS = 60
LINKED = {"Dave Palmer": 900, "Ruth Adeyemi": 901, "Grace Okoro": 902, "Helen Marsh": 903}
# Sent on Wednesday 25 November: 3 working days, then 7 days, then every week.
MISSED = [
    date(2026, 11, 30),
    *(date(2026, 12, day) for day in (2, 9, 16, 23, 30)),
    *(date(2027, 1, day) for day in (6, 13, 20)),
]
NO_NEWS, WAYS = "We have no news for you", "PALS"


def here(moment):
    return moment.astimezone(ZoneInfo(LONDON))


def every_day(chance):
    """Ticks at random times, one of them each day between four and eight in the afternoon."""
    for day in range(DAYS):
        midnight = NOW.replace(hour=0) + timedelta(days=day)
        hours = [chance.uniform(0, 16), chance.uniform(0, 24), chance.uniform(16, 19.9)]
        yield from (midnight + timedelta(hours=one) for one in sorted(hours))


def now_and_then(chance):
    moment = NOW
    while moment < NOW + timedelta(days=DAYS):
        moment += chance.random() * timedelta(days=9)
        yield moment


async def live_through(world, ticks, chance):
    """What each phone gets when the clock's ticks come at these moments, some of them doubled."""
    heard = []
    for moment in ticks:
        if moment < world.clock.now():
            continue
        world.clock.move_to(moment)
        for _ in range(chance.choice((1, 1, 2, 3))):
            await world.promises.keep()
        for when in (moment, world.house.calendar.by_day(moment)):
            world.clock.move_to(when)
            before = {chat: len(seen) for chat, seen in world.phones.items()}
            await world.deliver()
            for chat, seen in world.phones.items():
                heard += [(when, chat, one) for one in seen[before.get(chat, 0) :]]
    return heard


def on_time(row, house, until):
    """The same silence with a tick on every date, by the table alone."""
    concern = as_concern(row)
    while concern.due is not None and concern.due.at <= until:
        at = concern.due.at
        concern = decide(concern, Event(Act.TIME), house.calendar, at, house.clocks).concern
    return concern


async def test_sixty_days_of_silence_are_owned_up_to_on_every_date(world):
    for name, chat in LINKED.items():
        await world.links(name, chat)
    row = await world.sends(ANN, "cold")
    chance = random.Random(1)
    heard = await live_through(world, every_day(chance), chance)
    notices = [(here(at), one) for at, chat, one in heard if chat == ANN]
    assert [at.date() for at, _ in notices] == MISSED
    assert all(16 <= at.hour < 20 for at, _ in notices)
    assert {one.text for _, one in notices} == {"We said that you would hear from us. Tap to read."}
    told = await world.reads(ANN)
    assert [NO_NEWS in one for one in told] == [True] * len(MISSED)
    assert [WAYS in one for one in told] == [False, True] * 4 + [False]
    assert "leads the team" in told[0]
    assert "senior staff" in told[1]
    assert all("independent people" in one for one in told[2:3])
    assert all("last people" in one for one in told[3:])
    page = {"Open": f"{world.house.console_url}/concerns/{row.reference}"}
    lines = [(here(at).date(), chat) for at, chat, one in heard if one.buttons == page]
    assert lines == [(MISSED[0], 901), (MISSED[1], 902), *((day, 903) for day in MISSED[2:])]
    assert as_concern(await world.row(row.reference)).due.at > world.clock.now()


@pytest.mark.parametrize("seed", range(3))
async def test_ticks_that_come_late_say_it_once_and_never_at_night(world, seed):
    row = await world.sends(ANN, "cold")
    chance = random.Random(seed)
    heard = await live_through(world, now_and_then(chance), chance)
    times = [here(at) for at, chat, _ in heard if chat == ANN]
    assert 3 < len(times) <= len(MISSED)
    assert all(9 <= at.hour < 20 for at in times)
    after = as_concern(await world.row(row.reference))
    expected = on_time(row, world.house, world.clock.now())
    assert (after.due, after.level, after.missed) == (
        expected.due,
        expected.level,
        expected.missed,
    )
    told = await world.reads(ANN)
    assert all(one.count(NO_NEWS) == 1 and one.count(WAYS) <= 1 for one in told)


async def test_a_tick_that_comes_early_or_twice_changes_nothing(world):
    row = await world.sends(ANN, "cold")
    world.clock.move_to(row.due_at - timedelta(microseconds=1))
    before = await world.everything()
    assert await world.promises.keep() == 0
    assert await world.everything() == before
    world.clock.move_to(row.due_at)
    assert await world.promises.keep() == 1
    before = await world.everything()
    assert await world.promises.keep() == 0
    assert await world.everything() == before


async def test_the_sender_is_woken_only_when_there_is_news(world):
    row = await world.sends(ANN, "cold")
    woken = world.woken
    await world.promises.keep()
    assert world.woken == woken
    world.clock.move_to(row.due_at)
    await world.promises.keep()
    assert world.woken == woken + 1


async def test_four_in_the_afternoon_stays_so_when_the_clocks_change(world):
    world.clock.move_to(datetime(2027, 3, 24, 10, tzinfo=UTC))  # summer time begins on the 28th
    row = await world.sends(ANN, "cold")
    assert here(row.due_at).isoformat() == "2027-03-31T16:00:00+01:00"  # Easter is on the 28th


async def test_an_outcome_without_a_reply_is_asked_about_once_then_closed_and_told(world):
    row = await world.sends(ANN, "cold")
    await world.answers("Dave Palmer", row.reference)
    await world.reads(ANN)
    heard = await live_through(world, every_day(random.Random(4)), random.Random(4))
    days = [here(at).date() for at, chat, _ in heard if chat == ANN]
    assert days == [date(2026, 12, 2), date(2026, 12, 23)]
    reminded, closed = await world.reads(ANN)
    assert row.reference in reminded and row.reference in closed
    assert (await world.row(row.reference)).state == "closed"
    await world.taps(ANN, "Open it again")
    assert (await world.row(row.reference)).state == "reopened"


async def test_a_promised_change_that_did_not_come_is_owned_up_to(world):
    row = await world.sends(ANN, "cold")
    await world.opens("Dave Palmer", row.reference)
    change = Event(
        Act.RECORD_OUTCOME, world.ids["Dave Palmer"], Result.WILL_CHANGE, date(2026, 12, 16)
    )
    await world.acts("Dave Palmer", row.reference, change, "New boilers.")
    await world.reads(ANN)
    await live_through(world, every_day(random.Random(5)), random.Random(5))
    told = await world.reads(ANN)
    assert any("16 December" in one for one in told)
    assert (await world.row(row.reference)).missed > 0


async def copies(world, row, count, **changed):
    """As many more rows of the same kind, which the clock finds first."""
    table = schema.concerns
    async with world.store.write() as conn:
        one = dict((await conn.execute(select(table).where(table.c.id == row.id))).one()._mapping)
        early = {"due_at": row.due_at - timedelta(hours=1)}
        rows = [
            one | early | changed | {"id": f"{number:032x}", "reference": f"H-0000-{number:04d}"}
            for number in range(count)
        ]
        await conn.execute(insert(table), rows)


async def test_concerns_that_no_rule_knows_stop_none_of_the_others(world):
    row = await world.sends(ANN, "cold")
    await copies(world, row, 2 * AT_ONCE + 50, state="limbo")
    world.clock.move_to(row.due_at)
    assert await world.promises.keep() == 1
    assert (await world.row(row.reference)).missed == 1
    assert (await world.alarms()).count(NOT_KEPT) == 2 * AT_ONCE + 50
    assert await world.promises.keep() == 0
    assert (await world.alarms()).count(NOT_KEPT) == 2 * AT_ONCE + 50


async def test_many_dates_on_one_day_are_kept_in_a_few_transactions(world):
    row = await world.sends(ANN, "cold")
    await copies(world, row, 2 * AT_ONCE)
    world.clock.move_to(row.due_at)
    with counted(world.store) as statements:
        assert await world.promises.keep() == 2 * AT_ONCE + 1
    assert statements.count("COMMIT") == 3
    table = schema.concerns
    async with world.store.read() as conn:
        assert set((await conn.execute(select(table.c.missed))).scalars()) == {1}


async def test_who_left_the_trust_is_told_nothing(world):
    await world.links("Ruth Adeyemi", 901)
    row = await world.sends(ANN, "cold")
    async with world.store.write() as conn:
        gone = update(schema.staff).where(schema.staff.c.id == world.ids["Ruth Adeyemi"])
        await conn.execute(gone.values(active=False))
    world.clock.move_to(row.due_at)
    await world.promises.keep()
    assert not any(one.recipient.startswith("s:") for one, _ in await world.queued())
    (told,) = await world.reads(ANN)
    assert "leads the team" not in told
