"""Polling: Telegram is the inbox, and hears of an update's arrival only after its commit."""

import asyncio
import logging

import pytest

from bot.channel.polling import Polling
from bot.channel.refusals import TokenRefused
from bot.dialogue.inputs import Said, SetAside
from storage.engine import Store


@pytest.fixture
def polling(bot, intake):
    return Polling(bot, intake, poll_seconds=5)


def words(ledger, chat=None):
    return [one.text for one in ledger.inputs(chat) if isinstance(one, Said)]


async def confirmed(people):
    """Wait until Telegram holds nothing more: the poll that confirms has come."""
    while people.pending:
        await asyncio.sleep(0.01)


async def test_what_was_committed_is_confirmed_and_its_buttons_are_thanked(
    people, polling, ledger, running, thanked
):
    [sam] = await people.new()
    running(polling)
    await people.say(sam, "They shouted at me.")
    await ledger.until(lambda: ledger.taken)
    await confirmed(people)
    assert words(ledger) == ["They shouted at me."]
    assert [done.update_id for done in thanked] == [ledger.taken[0].update_id]


async def test_nothing_is_confirmed_while_nothing_can_be_saved_and_all_comes_again(
    people, polling, ledger, running, url
):
    [sam] = await people.new()
    await ledger.store.close()
    running(polling)
    await people.say(sam, "first")
    await ledger.until(lambda: ledger.failures >= 2)
    await people.say(sam, "second")
    assert people.pending == 2
    ledger.store = await Store.open(url)
    await ledger.until(lambda: len(ledger.taken) == 2)
    await confirmed(people)
    assert words(ledger) == ["first", "second"]


async def test_a_stop_confirms_nothing_and_the_next_start_takes_nothing_twice(
    people, bot, intake, ledger, running
):
    [sam] = await people.new()
    first = Polling(bot, intake, poll_seconds=5)
    ledger.then = first.stop
    await people.say(sam, "before the stop")
    await first.run()
    assert people.pending == 1
    ledger.then = None
    running(Polling(bot, intake, poll_seconds=5))
    await people.say(sam, "after it")
    await ledger.until(lambda: len(ledger.taken) == 2)
    await confirmed(people)
    assert words(ledger) == ["before the stop", "after it"]


async def test_a_poisonous_update_stops_nobody_and_is_handed_on_to_be_set_aside(
    people, polling, ledger, running
):
    sam, kim = await people.new(2)
    await people.say(sam, "before")
    await people.update(message={"chat": {"id": sam, "type": "private"}, "text": "no id, no date"})
    await people.update(message="nothing at all")
    await people.update(hologram={"from": 5})
    await people.say(kim, "after")
    running(polling)
    await ledger.until(lambda: len(ledger.taken) == 5)
    await confirmed(people)
    assert words(ledger) == ["before", "after"]
    assert [(one.chat_id, one.inputs) for one in ledger.taken[1:4]] == [
        (sam, (SetAside(),)),
        (None, (SetAside(),)),
        (None, ()),
    ]


async def test_words_of_one_chat_stay_in_order_and_a_flood_leaves_room_for_others(
    people, polling, ledger, running
):
    flood, quiet = await people.new(2)
    for number in range(130):
        await people.say(flood, f"{number}")
    await people.say(quiet, "one word")
    running(polling)
    await ledger.until(lambda: len(ledger.taken) == 131)
    assert words(ledger, flood) == [f"{number}" for number in range(130)]
    assert words(ledger, quiet) == ["one word"]
    assert ledger.commits[:2] == [100, 31]


async def test_ids_that_jump_back_after_an_idle_week_are_taken(people, polling, ledger, running):
    [sam] = await people.new()
    running(polling)
    await people.say(sam, "high")
    await ledger.until(lambda: len(ledger.taken) == 1)
    await confirmed(people)
    await people.post("/control/update-id", next=17)
    await people.say(sam, "low")
    await ledger.until(lambda: len(ledger.taken) == 2)
    assert [arrival.update_id == 17 for arrival in ledger.taken] == [False, True]


async def test_an_update_that_comes_twice_is_one_arrival(people, polling, ledger, running):
    [sam] = await people.new()
    await people.post("/control/duplicates", count=1)
    await people.say(sam, "once")
    running(polling)
    await ledger.until(lambda: ledger.taken)
    assert ledger.commits == [1]


async def test_a_bad_hour_of_telegram_passes(people, polling, ledger, running):
    [sam] = await people.new()
    await people.fault(kind="status", method="getUpdates", status=502, count=1)
    await people.fault(kind="drop", method="getUpdates", count=1)
    await people.fault(kind="status", method="getUpdates", status=409, count=1,
                       description="Conflict: terminated by other getUpdates request")  # fmt: skip
    await people.say(sam, "still here")
    running(polling)
    await ledger.until(lambda: ledger.taken)
    assert words(ledger) == ["still here"]


async def test_a_second_poller_is_named_in_the_log(people, polling, ledger, running, caplog):
    [sam] = await people.new()
    await people.fault(kind="status", method="getUpdates", status=409, description="Conflict: x")
    await people.say(sam, "words")
    running(polling)
    await ledger.until(lambda: ledger.taken)
    assert "another program receives this bot's updates" in caplog.text


async def test_a_token_that_is_no_longer_known_ends_polling_clearly(people, polling):
    await people.fault(kind="status", method="getUpdates", status=401, description="Unauthorized")
    with pytest.raises(TokenRefused, match="HEARD_TELEGRAM_TOKEN"):
        await asyncio.wait_for(polling.run(), 10)


async def test_no_log_line_holds_words_a_chat_or_the_token(
    people, polling, ledger, running, url, caplog
):
    caplog.set_level(logging.DEBUG)
    [sam] = await people.new()
    await ledger.store.close()
    running(polling)
    await people.say(sam, "a secret sentence")
    await people.update(message={"chat": {"id": sam, "type": "private"}, "text": "secret poison"})
    await ledger.until(lambda: ledger.failures >= 1)
    ledger.store = await Store.open(url)
    await ledger.until(lambda: len(ledger.taken) == 2)
    # The sandbox's own server logs whom it served; that is not the bot.
    ours = [
        one for one in caplog.records if one.name.startswith(("bot.channel", "telegram", "aioh"))
    ]
    assert ours
    told = " ".join(record.getMessage() for record in ours)
    for secret in ("secret", str(sam), "sandbox-token"):
        assert secret not in told
