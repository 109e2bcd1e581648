"""Every kind of refusal by Telegram, and of row that cannot be sent, is met as what it is."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.channel.limits import Limits
from bot.channel.refusals import TokenRefused
from storage import alarms, conversations, staff
from storage.conversations import ConversationChange
from storage.schema import conversations as table
from storage.sealing import Argon2Cost

LIVE, FEEDBACK = 0, 2


def body(text, *rows):
    return json.dumps({"text": text, "rows": rows}).encode()


async def alarm_kinds(store):
    async with store.read() as conn:
        return [alarm.kind for alarm in await alarms.unseen(conn)]


@pytest.mark.parametrize("gone", ["block", "deactivate"])
async def test_someone_who_left_keeps_their_messages_until_they_return(
    people, box, sender, running, store, secrets, gone
):
    sam, kim = await people.new(2)
    lines = await box.meet([sam, kim])
    await people.post(f"/people/{sam}/{gone}")
    await box.put((lines[0], FEEDBACK, body("first")), (lines[0], FEEDBACK, body("second")))
    await box.put((lines[1], FEEDBACK, body("hello")))
    running(sender)
    await people.hears(1)
    await _until_unreachable(store, secrets, lines[0])
    assert people.told() == ["hello"]
    while await box.waiting() != {("queued", FEEDBACK): 2}:  # its sending is noted a moment later
        await asyncio.sleep(0.02)
    people.world.people[sam].blocked = people.world.people[sam].deactivated = False
    async with store.write() as conn:
        await conversations.set_unreachable(conn, lines[0][2:], False)
    sender.wake()
    await people.hears(3)
    assert people.told(sam) == ["first", "second"]
    assert await alarm_kinds(store) == []


async def _until_unreachable(store, secrets, line):
    while True:
        async with store.read() as conn:
            found = await conversations.load_ids(conn, secrets, [line[2:]])
        if found[line[2:]].unreachable:
            return
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 400, "description": "Bad Request: chat not found"},
        {"status": 403, "description": "Forbidden: user is deactivated"},
    ],
)
async def test_a_chat_that_cannot_be_reached_holds_its_line_back(
    people, box, sender, running, store, secrets, fault
):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    await people.fault(kind="status", method="sendMessage", count=1, **fault)
    await box.put((line, LIVE, body("x")))
    running(sender)
    await _until_unreachable(store, secrets, line)
    assert await box.waiting() == {("queued", LIVE): 1}


# The library's own deprecation, met where it builds its error.
@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_too_many_requests_makes_everybody_wait_and_nothing_is_lost(
    people, box, make_sender, running, emptied
):
    chats = await people.new(10)
    lines = await box.meet(chats)
    await people.fault(kind="status", method="sendMessage", status=429, retry_after=1, count=1)
    await box.put(*((line, LIVE, body("x")) for line in lines))
    limits = Limits(0)
    running(make_sender(limits, in_flight=1))
    while not limits.halted:
        await asyncio.sleep(0.01)
    assert people.told() == []
    assert await emptied() == {}
    assert sorted(one["chat_id"] for one in people.world.sent) == sorted(chats)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502, "description": "Bad Gateway"},
        {"kind": "drop"},
    ],
)
async def test_a_bad_day_of_telegram_costs_time_and_no_message(
    people, box, sender, running, emptied, store, fault
):
    chats = await people.new(8)
    lines = await box.meet(chats)
    await people.fault(method="sendMessage", count=10, **fault)
    await box.put(*((line, LIVE, body("x")) for line in lines))
    running(sender)
    assert await emptied() == {}
    assert sorted(one["chat_id"] for one in people.world.sent) == sorted(chats)
    assert await alarm_kinds(store) == []


async def test_an_answer_that_is_lost_means_one_more_copy_and_no_more(
    people, box, sender, running, emptied
):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    await people.fault(kind="drop", method="sendMessage", count=1, after=True)
    await box.put((line, LIVE, body("receipt")))
    running(sender)
    assert await emptied() == {}
    assert people.told() == ["receipt", "receipt"]


async def test_our_own_bug_goes_out_as_plain_words_with_an_alarm(
    people, box, sender, running, emptied, store
):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    too_long = [{"label": "Send", "data": "x" * 65}]
    await box.put((line, LIVE, body("the words count", too_long)))
    running(sender)
    assert await emptied() == {}
    assert people.told() == ["the words count"]
    assert await alarm_kinds(store) == ["sent-plain"]


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (body("x" * 4097), "malformed"),
        (body(""), "malformed"),
        (b"not json", "unreadable"),
        (b'{"words": 1}', "unreadable"),
        (b'{"text": "x", "rows": [[{"data": "no label"}]]}', "unreadable"),
    ],
)
async def test_what_can_never_be_sent_is_kept_with_an_alarm_and_its_line_goes_on(
    people, box, sender, running, emptied, store, bad, kind
):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    await box.put((line, LIVE, bad), (line, LIVE, body("next")))
    running(sender)
    assert await emptied() == {"refused": 1}
    assert people.told() == ["next"]
    assert await alarm_kinds(store) == [kind]


async def test_a_damaged_row_is_kept_with_an_alarm_and_harms_no_other(
    people, box, sender, running, emptied, store, tmp_path
):
    sam, kim = await people.new(2)
    lines = await box.meet([sam, kim])
    await box.put((lines[0], LIVE, body("damaged")), (lines[1], LIVE, body("whole")))
    await box.damage(lines[0])
    running(sender)
    assert await emptied() == {"refused": 1}
    assert people.told() == ["whole"]
    assert await alarm_kinds(store) == ["damaged"]


async def test_a_member_of_staff_whose_chat_is_lost_is_noticed(
    people, box, sender, running, store, secrets
):
    [dave] = await people.new()
    keys = staff.new_keys("d" * 32, "a passphrase", Argon2Cost(memory_kib=8, passes=1, lanes=1))
    row = staff.StaffRow("d" * 32, "Dave", keys.public, keys.private_locked, True, False, ())
    now = datetime.now(UTC)
    async with store.write() as conn:
        await staff.add_with_keys(conn, secrets, row, now)
        await staff.start_link(conn, secrets, row.id, "code", now + timedelta(hours=1))
        await staff.finish_link(conn, secrets, "code", dave, now)
    await people.post(f"/people/{dave}/block")
    await box.put((f"s:{row.id}", FEEDBACK, body("overdue")))
    running(sender)
    while await alarm_kinds(store) != ["staff-chat-lost"]:
        await asyncio.sleep(0.02)
    async with store.read() as conn:
        assert [one.linked for one in await staff.everyone(conn, secrets)] == [False]
    assert await box.waiting() == {("queued", FEEDBACK): 1}


async def test_a_row_that_breaks_the_delivery_is_tried_later_with_an_alarm(
    people, box, sender, running, store
):
    [sam, kim] = await people.new(2)
    lines = await box.meet([sam, kim])
    await box.put((lines[0], LIVE, b"[" * 100_000))  # too deep for any reader
    running(sender)
    while await alarm_kinds(store) != ["delivery-broke"]:
        await asyncio.sleep(0.02)
    await box.put((lines[1], LIVE, body("whole")))
    sender.wake()
    await people.hears(1)
    assert people.told() == ["whole"]
    while await box.waiting() != {("queued", LIVE): 1}:
        await asyncio.sleep(0.02)


async def test_words_whose_chat_id_does_not_open_wait_until_their_person_writes(
    people, box, sender, running, store, secrets
):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    await box.put((line, FEEDBACK, body("an answer")))
    async with store.write() as conn:
        mine = table.c.id == line[2:]
        await conn.execute(update(table).where(mine).values(chat_sealed=b"spoilt"))
    running(sender)
    await _until_unreachable(store, secrets, line)
    assert await alarm_kinds(store) == ["address-damaged"]
    async with store.write() as conn:
        known = (await conversations.load(conn, secrets, [sam]))[sam]
        change = ConversationChange(known.id, sam, known.version, b"", b"", new_key=True)
        await conversations.save(conn, secrets, [change], datetime.now(UTC))
    sender.wake()
    await people.hears(1)
    assert people.told(sam) == ["an answer"]


async def test_a_refused_token_stops_the_sender_with_an_alarm_and_keeps_the_message(
    people, box, sender, store
):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    await people.fault(
        kind="status", method="sendMessage", status=401, description="Unauthorized", count=1
    )
    await box.put((line, LIVE, body("x")))
    with pytest.raises(TokenRefused):
        await asyncio.wait_for(sender.run(), 10)
    assert await alarm_kinds(store) == ["token-refused"]
    assert await box.waiting() == {("queued", LIVE): 1}
