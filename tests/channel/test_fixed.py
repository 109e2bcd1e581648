"""When nothing can be saved, people are told so: once, outside the outbox, and never "received"."""

import asyncio

import pytest

from bot.channel.polling import Polling
from storage.engine import Store

TEXT = "It cannot be saved just now."


async def test_everyone_who_waits_is_told_once_and_nobody_loses_a_word(
    people, bot, intake, ledger, running, url
):
    sam, kim = await people.new(2)
    await ledger.store.close()
    running(Polling(bot, intake, poll_seconds=5))
    await people.say(sam, "one")
    await people.say(sam, "two")
    await people.say(kim, "three")
    await people.hears(2)
    failures = ledger.failures
    await ledger.until(lambda: ledger.failures >= failures + 2)
    assert sorted(one["chat_id"] for one in people.world.sent) == sorted([sam, kim])
    assert people.told() == [TEXT, TEXT]
    ledger.store = await Store.open(url)
    await ledger.until(lambda: len(ledger.taken) == 3)


async def test_a_second_bad_time_within_the_hour_tells_nobody_again(people, fixed):
    sam, kim = await people.new(2)
    fixed.waiting([sam])
    await people.hears(1)
    fixed.saved()
    fixed.waiting([sam, kim])
    await people.hears(2)
    assert people.told(sam) == people.told(kim) == [TEXT]


async def test_those_who_write_later_in_a_bad_time_are_told_at_once(people, fixed):
    sam, kim = await people.new(2)
    fixed.waiting([sam])
    await people.hears(1)
    fixed.waiting([sam, kim])
    await people.hears(2)
    assert people.told(kim) == [TEXT]


async def test_a_short_trouble_is_not_worth_a_message(people, bot, limits, fixed):
    [sam] = await people.new()
    fixed.waiting([sam])
    fixed.saved()
    await asyncio.sleep(0.3)  # longer than its patience
    assert people.told() == []


async def test_groups_are_not_told(people, fixed):
    [sam] = await people.new()
    fixed.waiting([-100200, sam])
    await people.hears(1)
    assert [one["chat_id"] for one in people.world.sent] == [sam]


@pytest.mark.parametrize("fault", [{"kind": "drop"}, {"kind": "status", "status": 500}])
async def test_a_message_that_did_not_go_is_tried_when_the_next_one_waits(people, fixed, fault):
    sam, kim = await people.new(2)
    await people.fault(method="sendMessage", count=1, **fault)
    fixed.waiting([sam])
    while not fixed._telling:
        await asyncio.sleep(0.01)
    await fixed._telling
    assert people.told() == []
    fixed.waiting([kim])
    await people.hears(2)
    assert people.told(sam) == people.told(kim) == [TEXT]


async def test_someone_who_blocked_the_bot_keeps_nobody_from_being_told(people, fixed):
    sam, kim = await people.new(2)
    await people.post(f"/people/{sam}/block")
    fixed.waiting([sam, kim])
    await people.hears(1)
    assert people.told(kim) == [TEXT]
