"""The sender: live answers first, every refusal by its kind, and no message dropped."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.channel.limits import Limits
from bot.channel.sender import IN_FLIGHT
from storage import outbox
from storage.engine import Store
from storage.outbox import NewMessage

LIVE, FEEDBACK = 0, 2


def body(text, *rows):
    return json.dumps({"text": text, "rows": rows}).encode()


async def test_a_message_reaches_its_phone_with_its_buttons_and_leaves_the_outbox(
    people, box, sender, running, emptied
):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    choice = [{"label": "Send", "data": "p:3:send"}]
    link = [{"label": "Open", "url": "https://example.org/x"}]
    running(sender)
    await box.put((line, LIVE, body("Saved, <not> *sent* yet.", choice, link)))
    sender.wake()
    await people.hears(1)
    *_, message = people.world.chats[sam].messages.values()
    assert message.text == "Saved, <not> *sent* yet."
    assert message.buttons == [
        [{"text": "Send", "callback_data": "p:3:send"}],
        [{"text": "Open", "url": "https://example.org/x"}],
    ]
    assert await emptied() == {}


async def test_a_chat_hears_its_messages_in_order_and_one_at_a_time(
    people, box, sender, running, emptied
):
    chats = await people.new(5)
    lines = await box.meet(chats)
    await people.post("/control/latency", ms=5)
    await box.put(*((line, LIVE, body(f"{n}")) for n in range(20) for line in lines))
    await people.fault(kind="status", method="sendMessage", status=500, count=3)
    running(sender)
    assert await emptied() == {}
    for chat in chats:
        assert people.told(chat) == [f"{n}" for n in range(20)]


async def test_a_live_answer_does_not_wait_behind_a_backlog(people, box, sender, running):
    chats = await people.new(1501)
    lines = await box.meet(chats)
    await box.put(*((line, FEEDBACK, body("news")) for line in lines[:-1]))
    await people.post("/control/latency", ms=20)
    running(sender)
    await people.hears(100)
    await box.put((lines[-1], LIVE, body("live")))
    before = len(people.world.sent)
    sender.wake()
    while "live" not in people.told():
        await people.hears(len(people.world.sent) + 1)
    # Those already in flight may arrive first, and those claimed by a look that had begun.
    assert people.told().index("live") <= before + 3 * IN_FLIGHT
    assert len(people.told()) < 1000


async def test_under_a_rate_little_is_claimed_ahead_of_a_live_answer(
    people, box, make_sender, running
):
    chats = await people.new(61)
    lines = await box.meet(chats)
    await box.put(*((line, FEEDBACK, body("news")) for line in lines[:-1]))
    sender = make_sender(Limits(40))
    running(sender)
    await people.hears(5)
    await box.put((lines[-1], LIVE, body("live")))
    before = len(people.world.sent)
    sender.wake()
    while "live" not in people.told():
        await people.hears(len(people.world.sent) + 1)
    assert people.told().index("live") <= before + 10


async def test_a_flooded_chat_takes_nobodys_turn(people, box, make_sender, running):
    flood, *quiet = await people.new(11)
    lines = await box.meet([flood, *quiet])
    await box.put(*((lines[0], LIVE, body(f"{n}")) for n in range(50)))
    await box.put(*((line, LIVE, body("hello")) for line in lines[1:]))
    running(make_sender(Limits(200)))
    while len([text for text in people.told() if text == "hello"]) < 10:
        await people.hears(len(people.world.sent) + 1)
    assert len(people.told(flood)) < 5


async def test_telegrams_own_limits_are_never_met(people, box, make_sender, running, caplog):
    await people.post("/control/limits", on=True)
    chats = await people.new(20)
    lines = await box.meet(chats)
    await box.put(*((line, LIVE, body(f"{n}")) for n in range(2) for line in lines))
    running(make_sender(Limits(28)))
    await people.hears(40)
    assert "Telegram asks everybody to wait" not in caplog.text


async def test_a_crash_between_sending_and_writing_it_down_means_at_most_one_copy_each(
    people, box, make_sender, limits, running, emptied, store
):
    chats = await people.new(30)
    lines = await box.meet(chats)
    await people.post("/control/latency", ms=30)
    await box.put(*((line, LIVE, body("receipt")) for line in lines))
    crashed = make_sender(limits, in_flight=10)
    task = asyncio.create_task(crashed.run())
    await people.hears(5)
    crashed._wind_down = _nothing  # no clean end, as with SIGKILL
    for one in [task, *crashed._tasks]:
        one.cancel()
    await asyncio.gather(task, *crashed._tasks, return_exceptions=True)
    async with store.write() as conn:
        await outbox.reset_claims(conn)
    running(make_sender(limits))
    assert await emptied() == {}
    copies = [people.told(chat).count("receipt") for chat in chats]
    assert min(copies) == 1
    assert max(copies) <= 2
    assert sum(copies) - 30 <= 10


async def _nothing():
    return


async def test_a_stop_finishes_what_is_in_flight_and_leaves_the_rest_for_the_next_start(
    people, box, make_sender, running, emptied
):
    chats = await people.new(60)
    lines = await box.meet(chats)
    await people.post("/control/latency", ms=30)
    await box.put(*((line, LIVE, body("x")) for line in lines))
    first = make_sender(Limits(100), in_flight=10)
    task = asyncio.create_task(first.run())
    await people.hears(5)
    await first.stop()
    await task
    left = (await box.waiting())[("queued", LIVE)]
    assert left == 60 - len(people.world.sent)
    running(make_sender(Limits(0)))
    assert await emptied() == {}
    assert sorted(one["chat_id"] for one in people.world.sent) == sorted(chats)


async def test_a_message_for_later_waits_for_its_time(people, box, sender, running, store, secrets):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    now = datetime.now(UTC)
    later = NewMessage(line, FEEDBACK, body("x"), due_at=now + timedelta(seconds=1))
    async with store.write() as conn:
        await outbox.put(conn, secrets, [later], now)
    running(sender)
    await people.hears(1)
    assert datetime.now(UTC) >= later.due_at


async def test_while_the_store_is_away_results_are_kept_and_written_later(
    people, box, sender, running, emptied, store, url, caplog
):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    await box.put((line, LIVE, body("once")))
    await people.post("/control/latency", ms=100)
    running(sender)
    while not sender._tasks:
        await asyncio.sleep(0.01)
    await store.close()
    while "outbox out of reach" not in caplog.text:
        await asyncio.sleep(0.02)
    box.store = await Store.open(url)
    sender._post = replace(sender._post, store=box.store)
    assert await emptied() == {}
    assert people.told() == ["once"]
    await sender.stop()
    await asyncio.wait(sender._tasks or [asyncio.create_task(_nothing())])
    await box.store.close()
