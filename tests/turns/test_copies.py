"""A copy that only staff can make: owed by a day, sent with one button, and never forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.casework.model import Act, NotAllowed
from storage import data_requests
from tests.turns.world import NOW

ANN, DAVE, RITA, RUTH, GRACE = 1001, 1002, 1003, 1004, 1005
DAY = timedelta(days=1)
DUE = datetime(2026, 12, 25, 12, tzinfo=UTC)


async def asked(world, *said, kept_out=None):
    """A concern whose person asked for a copy of it."""
    if kept_out is None:
        row = await world.sends(ANN, *said)
    else:
        await world.says(ANN, *said)
        await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
        await world.says(ANN, kept_out)
        await world.taps(ANN, "Send it")
        row = (await world.owned(ANN))[-1]
    await world.commands(ANN, "mydata")
    await world.taps(ANN, "Get my data")
    return row


async def sends(world, name, row):
    await world.opens(name, row.reference)
    await world.copies.send(await world.member(name), await world.private(name), row.reference)


async def listed(world, name):
    found = await world.desk.listing(await world.member(name))
    return [(one.reference, str(one.data_due)) for one in found if one.data_due]


async def test_the_copy_holds_all_that_they_wrote_and_were_told_in_order(world):
    row = await asked(world, "The night nurse shouted.", "Twice.")
    await world.opens("Dave Palmer", row.reference)
    await world.acts("Dave Palmer", row.reference, Act.ACKNOWLEDGE)
    world.clock.move_to(NOW + timedelta(hours=1))
    await world.acts("Dave Palmer", row.reference, Act.ANSWER, "I asked her. Thank you.")
    await world.reads(ANN)
    await sends(world, "Dave Palmer", row)
    world.phones[ANN].clear()
    await world.reads(ANN)
    notice, file = world.phones[ANN]
    assert notice.text == "There is news for you. Tap to read it."
    said = ("The night nurse shouted.", "Twice.", "Staff told you that they have it", "I asked her")
    places = [file.file.index(one) for one in said]
    assert places == sorted(places)
    assert row.reference in file.file


async def test_it_is_sent_once_and_marked(world):
    row = await asked(world, "The night nurse shouted.")
    await sends(world, "Dave Palmer", row)
    with pytest.raises(NotAllowed):
        await sends(world, "Ruth Adeyemi", row)
    assert (await world.row(row.reference)).data_due is None
    assert sum(bool(one.file) for _, one in await world.queued()) == 1
    assert any("copy-sent" in one for one in (await world.everything())["audit"])


async def test_what_staff_only_noted_and_who_was_kept_out_is_not_in_it(world):
    row = await asked(world, "He shouted.", kept_out="Sunil Mehta")
    await sends(world, "Dave Palmer", row)
    await world.reads(ANN)
    assert "Sunil" not in world.phones[ANN][-1].file


@pytest.mark.parametrize("name", ["Rita Reed", "Sunil Mehta"])
async def test_who_may_not_answer_neither_sees_the_request_nor_can_send(world, name):
    row = await asked(world, "The night nurse shouted.")
    assert await listed(world, "Dave Palmer") == [(row.reference, "2026-12-25")]
    assert await listed(world, name) == []
    with pytest.raises(NotAllowed):
        await sends(world, name, row)


@pytest.mark.parametrize("name", ["Dave Palmer", "Ruth Adeyemi", "Grace Okoro", "Helen Marsh"])
async def test_whoever_is_kept_out_hears_nothing_of_it(world, name):
    await world.links(name, DAVE)
    row = await asked(world, "They shouted.", kept_out=name)
    assert await listed(world, name) == []
    with pytest.raises(NotAllowed):
        await sends(world, name, row)
    for day in range(20, 40):
        world.clock.move_to(NOW + day * DAY)
        await world.copies.remind()
        await world.digests.send()
        await world.deliver()
    assert not any(row.reference in one.text for one in world.phones[DAVE])
    assert not any("Copies of" in one.text for one in world.phones[DAVE])


async def test_those_who_answer_are_reminded_a_week_before_and_the_level_above_on_the_day(world):
    await world.links("Dave Palmer", DAVE)
    await world.links("Ruth Adeyemi", RUTH)
    await world.links("Grace Okoro", GRACE)
    await asked(world, "The night nurse shouted.")
    before = {chat: len(world.phones[chat]) for chat in (DAVE, RUTH, GRACE)}
    days: dict[int, list[int]] = {DAVE: [], RUTH: [], GRACE: []}
    for offset in range(-9, 4):
        world.clock.move_to(DUE + offset * DAY)
        await world.copies.remind()
        await world.copies.remind()
        await world.deliver()
        for chat, seen in before.items():
            new = world.phones[chat][seen:]
            days[chat] += [offset] * len(new)
            before[chat] = len(world.phones[chat])
    assert days == {DAVE: [-7], RUTH: [-7, 0], GRACE: []}


async def test_the_day_after_the_person_is_told_that_it_is_late(world):
    await asked(world, "The night nurse shouted.")
    world.clock.move_to(DUE + DAY)
    await world.copies.remind()
    [late] = await world.reads(ANN)
    assert late.startswith("Staff had until Friday 25 December")
    world.clock.move_to(DUE + 2 * DAY)
    await world.copies.remind()
    assert await world.reads(ANN) == []


async def test_nobody_is_reminded_of_a_copy_that_was_sent_or_at_night(world):
    await world.links("Dave Palmer", DAVE)
    row = await asked(world, "The night nurse shouted.")
    world.clock.move_to(DUE - 7 * DAY + timedelta(hours=11))
    assert await world.copies.remind() == 0
    world.clock.move_to(DUE - 6 * DAY)
    await sends(world, "Dave Palmer", row)
    assert await world.copies.remind() == 0


async def test_the_digest_counts_it_also_for_one_that_is_closed(world):
    await world.links("Dave Palmer", DAVE)
    await world.links("Rita Reed", RITA)
    row = await asked(world, "The night nurse shouted.")
    await world.answers("Dave Palmer", row.reference)
    await world.reads(ANN)
    await world.taps(ANN, "Yes, it did")
    world.clock.move_to(NOW + DAY)
    await world.digests.send()
    await world.deliver()
    line = "Copies of people's words to send: 1. The first by Friday 25 December."
    assert line in world.phones[DAVE][-1].text
    assert "Copies of" not in world.phones[RITA][-1].text


async def test_a_copy_of_a_taken_back_one_can_still_be_sent(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    await world.taps(ANN, "Take it back", "Yes, take it back")
    await world.commands(ANN, "mydata")
    await world.taps(ANN, "Get my data")
    await sends(world, "Dave Palmer", row)
    await world.reads(ANN)
    assert "The night nurse shouted." in world.phones[ANN][-1].file


async def test_a_second_request_after_an_answer_begins_again(world):
    row = await asked(world, "The night nurse shouted.")
    await sends(world, "Dave Palmer", row)
    world.clock.move_to(NOW + 40 * DAY)
    await world.commands(ANN, "mydata")
    await world.taps(ANN, "Get my data")
    assert (await world.row(row.reference)).data_due == "2027-02-04"
    async with world.store.read() as conn:
        assert await data_requests.asked_on(conn, row.id) == world.clock.now().date()
