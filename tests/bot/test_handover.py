"""Handovers: one list for each person and time, and what nobody takes goes up, once each."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.casework.model import Act, Event, Level
from bot.digests.slots import latest
from bot.turns.handover import Handovers
from storage import schema
from storage.staff import set_memberships
from tests.turns.tapping import digest_at, tap

ANN, BEN = 501, 502
DAVE, RUTH, SUNIL, HELEN, GRACE = range(900, 905)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THRICE = (time(7, 30), time(13, 30), time(20, 30))


def at(hour, minute=30, day=26):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def with_handovers(world, *times, team="rowan", **changed):
    """The same trust, with other handovers for one team."""
    teams = tuple(
        replace(one, handover=times, **changed) if one.id == team else one
        for one in world.house.teams
    )
    return replace(world, house=replace(world.house, teams=teams))


@pytest.fixture
def ward(world):
    return with_handovers(world, *THRICE)


def lists(world, chat):
    return [one.text.splitlines()[0] for one in world.phones[chat] if "Concerns on" in one.text]


async def ticks(world, *, until, step=timedelta(minutes=30)):
    """Ticks come all the time, two at once."""
    while world.clock.now() < until:
        world.clock.move_to(min(until, world.clock.now() + step))
        await asyncio.gather(world.digests.send(), world.digests.send())
        await world.deliver()


async def counted(world, row):
    now = await world.row(row.reference)
    return now.unowned, now.level


async def test_there_is_a_list_at_each_handover_and_only_one(ward):
    await ward.links("Dave Palmer", DAVE)
    ward.clock.move_to(at(6, 0))
    await ticks(ward, until=at(6, 0, day=28))
    assert lists(ward, DAVE)[1:] == [  # the first is of yesterday evening
        f"Concerns on {day} November, {hour}"
        for day in ("Thursday 26", "Friday 27")
        for hour in ("07:30", "13:30", "20:30")
    ]


async def test_after_an_outage_only_the_newest_list_comes(ward):
    await ward.links("Dave Palmer", DAVE)
    await digest_at(ward, at(7))
    await digest_at(ward, at(21, 0))
    assert lists(ward, DAVE) == [
        "Concerns on Thursday 26 November, 07:30",
        "Concerns on Thursday 26 November, 20:30",
    ]


async def test_a_list_of_last_night_does_not_come_in_the_morning(ward):
    await ward.links("Dave Palmer", DAVE)
    late = with_handovers(ward, time(18, 30))
    await digest_at(late, at(6, 29))
    assert len(lists(ward, DAVE)) == 1
    await digest_at(late, at(6, 31, day=27))
    assert len(lists(ward, DAVE)) == 1


async def test_who_is_in_two_teams_gets_one_list_for_each_time(ward):
    both = (("rowan", "answerer"), ("north", "answerer"))
    async with ward.store.write() as conn:
        await set_memberships(conn, ward.ids["Dave Palmer"], both)
    two = with_handovers(ward, time(7, 30), time(9, 0), team="north")
    await two.links("Dave Palmer", DAVE)
    two.clock.move_to(at(6, 0))
    await two.digests.send()
    await two.deliver()
    await ticks(two, until=at(6, 0, day=27))
    assert [one.rpartition(" ")[2] for one in lists(two, DAVE)][1:] == [
        "07:30",
        "09:00",
        "13:30",
        "20:30",
    ]
    await digest_at(two, at(9, 15, day=27))
    assert lists(two, DAVE)[-1].endswith("Friday 27 November, 09:00")
    assert len(lists(two, DAVE)) == 6


async def test_half_past_eight_in_two_zones_are_two_handovers(world):
    teams = world.house.teams
    there = replace(teams[1], timezone=ZoneInfo("America/New_York"), handover=teams[0].handover)
    here = latest([teams[0]], at(8))
    late = latest([teams[0], there], at(13))
    assert (here.day, here.time) == (late.day, late.time)
    assert here.name != late.name
    assert late.at - here.at == 5 * HOUR


async def test_when_the_clocks_go_back_no_handover_comes_twice(world):
    night = with_handovers(world, time(0, 45), time(1, 15))
    await night.links("Dave Palmer", DAVE)
    night.clock.move_to(datetime(2027, 10, 30, 22, 0, tzinfo=UTC))
    await night.digests.send()
    await ticks(night, until=datetime(2027, 10, 31, 4, 0, tzinfo=UTC), step=HOUR / 4)
    assert [one.rpartition(" ")[2] for one in lists(night, DAVE)][-2:] == ["00:45", "01:15"]


async def test_nobodys_is_listed_then_the_leads_then_senior_staff_hear_of_it(ward):
    for name, chat in (("Dave Palmer", DAVE), ("Ruth Adeyemi", RUTH), ("Grace Okoro", GRACE)):
        await ward.links(name, chat)
    row = await ward.sends(ANN, "cold")
    said = f"{row.reference}: handovers have passed, and nobody has taken it."
    steps = []
    for moment in (at(13, 30, 25), at(20, 30, 25), at(9, 0), at(13), at(20)):
        await digest_at(ward, moment)
        told = [c for c in (DAVE, RUTH, GRACE) if any(said in x.text for x in ward.phones[c])]
        steps.append((*await counted(ward, row), told))
    assert steps == [
        (1, Level.TEAM, []),
        (2, Level.LEAD, []),  # at night no phone rings for it ...
        (3, Level.LEAD, [RUTH, GRACE]),
        (4, Level.LEAD, [RUTH, GRACE]),
        (5, Level.LEAD, [RUTH, GRACE]),
    ]
    assert await ward.reads(ANN) == []  # no promise was missed
    assert (await ward.row(row.reference)).due_at == row.due_at


async def test_however_often_ticks_run_a_handover_counts_once(ward):
    row = await ward.sends(ANN, "cold")
    ward.clock.move_to(at(13, 30, 25))
    for _ in range(3):
        await asyncio.gather(*(ward.digests.send() for _ in range(3)))
        ward.clock.move_to(ward.clock.now() + HOUR)
    assert await counted(ward, row) == (1, Level.TEAM)
    assert await ward.count("digests") == [0]  # nobody is linked: it counts all the same


async def test_a_late_tick_finds_what_a_timely_one_would_have(ward):
    early = await ward.sends(ANN, "cold")
    ward.clock.move_to(at(14, 0, 25))
    after = await ward.sends(BEN, "cold")
    ward.clock.move_to(at(15, 0, 25))
    await ward.digests.send()
    assert await counted(ward, early) == (1, Level.TEAM)
    assert await counted(ward, after) == (0, Level.TEAM)


async def test_counting_stops_nobody_who_is_writing_an_answer(ward):
    row = await ward.sends(ANN, "cold")
    opened = await ward.opens("Dave Palmer", row.reference)
    await digest_at(ward, at(13, 30, 25))
    assert (await ward.row(row.reference)).version == opened.concern.version
    member = await ward.member("Dave Palmer")
    event = Event(Act.ACKNOWLEDGE, member.id)
    acted = await ward.desk.act(member, row.reference, event, seen=opened.concern.version)
    assert acted.concern.unowned == 0


async def test_taken_and_not_opened_is_nobodys_at_the_next_handover(ward):
    await ward.links("Dave Palmer", DAVE)
    row = await ward.sends(ANN, "cold")
    await digest_at(ward, at(13, 30, 25))
    await tap(ward, DAVE, f"Take {row.reference[-4:]}")
    assert len(await ward.reads(ANN)) == 1
    await digest_at(ward, at(20, 30, 25))
    now = await ward.row(row.reference)
    assert (now.owner_id, now.taken_at, now.unowned) == (None, None, 1)
    assert "not taken" in ward.phones[DAVE][-1].text
    assert await ward.reads(ANN) == []  # by day
    ward.clock.move_to(at(9, 0))
    (told,) = await ward.reads(ANN)
    assert told.startswith(
        f"Someone had your concern {row.reference}, but they have not opened it."
    )
    assert "It is with the team again." in told
    async with ward.store.read() as conn:
        table = schema.audit
        noted = (await conn.execute(select(table).where(table.c.action == "taken-lapsed"))).one()
    assert (noted.concern_id, noted.detail) == (row.id, f"of:{ward.ids['Dave Palmer']}")


async def test_taken_and_opened_stays_theirs(ward):
    await ward.links("Dave Palmer", DAVE)
    row = await ward.sends(ANN, "cold")
    await digest_at(ward, at(13, 30, 25))
    await tap(ward, DAVE, f"Take {row.reference[-4:]}")
    opened = await ward.opens("Dave Palmer", row.reference)
    now = await ward.row(row.reference)
    assert (now.owner_opened_at, now.version) == (ward.clock.now(), opened.concern.version)
    for moment in (at(20, 30, 25), at(7), at(13)):
        await digest_at(ward, moment)
    assert (await ward.row(row.reference)).owner_id == ward.ids["Dave Palmer"]
    assert "taken by you" in ward.phones[DAVE][-1].text
    assert f"Take {row.reference[-4:]}" not in ward.phones[DAVE][-1].buttons


async def test_a_colleagues_opening_does_not_count_for_the_owner(ward):
    row = await ward.sends(ANN, "cold")
    table = schema.concerns
    async with ward.store.write() as conn:
        owned = {"owner_id": ward.ids["Dave Palmer"], "taken_at": ward.clock.now()}
        await conn.execute(update(table).where(table.c.id == row.id).values(owned))
    await ward.opens("Ruth Adeyemi", row.reference)
    assert (await ward.row(row.reference)).owner_opened_at is None


async def test_the_lead_who_is_left_out_is_passed_over(ward):
    for name, chat in (("Ruth Adeyemi", RUTH), ("Grace Okoro", GRACE)):
        await ward.links(name, chat)
    await ward.says(ANN, "cold")
    await ward.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await ward.says(ANN, "Ruth Adeyemi")
    await ward.taps(ANN, "Send it")
    (row,) = await ward.owned(ANN)
    for moment in (at(13, 30, 25), at(20, 30, 25), at(9, 0)):
        await digest_at(ward, moment)
    assert not any(row.reference in one.text for one in ward.phones[RUTH])
    assert any("nobody has taken it" in one.text for one in ward.phones[GRACE])
    last = next(one for one in reversed(ward.phones[RUTH]) if "Concerns on" in one.text)
    assert "Taken by nobody: 0." in last.text
    assert set(last.buttons) == {"Open"}


async def test_what_is_with_the_independent_goes_by_the_first_teams_hours(ward):
    await ward.links("Helen Marsh", HELEN)
    row = await ward.sends(ANN, "cold")
    table = schema.concerns
    async with ward.store.write() as conn:
        moved = {"team": "independent", "level": 3}
        await conn.execute(update(table).where(table.c.id == row.id).values(moved))
    await digest_at(ward, at(13, 30, 25))
    assert await counted(ward, row) == (1, Level.INDEPENDENT)


async def test_a_handover_that_fails_halfway_is_held_again(ward):
    row = await ward.sends(ANN, "cold")
    await digest_at(ward, at(13, 30, 25))
    careless = ward.without_wording("staff.unowned")
    await ward.links("Ruth Adeyemi", RUTH)
    ward.clock.move_to(at(20, 30, 25))
    with pytest.raises(Exception, match=r"staff\.unowned"):
        await careless.digests.send()
    assert await counted(ward, row) == (1, Level.TEAM)
    await ward.digests.send()
    assert await counted(ward, row) == (2, Level.LEAD)


async def test_a_handover_of_before_changes_nothing(ward):
    row = await ward.sends(ANN, "cold")
    handovers = Handovers(ward.store, ward.keys, ward.house)
    late, later = at(13, 30, 25), at(20, 30, 25)
    ward.clock.move_to(later)
    await handovers.hold("rowan", later, later)
    await handovers.hold("rowan", late, later)
    assert await counted(ward, row) == (1, Level.TEAM)
