"""Files on their way: sent as documents in their place, opened on the phone; and the last words to
somebody who is forgotten, after which nothing of them is left."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from storage import conversations, forgetting, outbox, schema
from storage.conversations import ConversationChange
from tests.channel.test_sender import LIVE, body

CAPTION = "Here is the file."
ROW = [[{"label": "Read it", "data": "n:1"}]]


def document(text, caption=CAPTION, rows=()):
    said = {"document": {"name": "my-data.txt", "text": text}, "text": caption, "rows": rows}
    return json.dumps(said, ensure_ascii=False).encode()


@pytest.fixture
def deliver(box, make_sender, limits, emptied, running):
    """Put these bodies into somebody's line and wait until all are out."""

    async def send(line, *bodies):
        sender = make_sender(limits)
        running(sender)
        await box.put(*((line, LIVE, one) for one in bodies))
        sender.wake()
        await emptied()
        await sender.stop()

    return send


@pytest.fixture
async def sam(people, box):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    return sam, line


async def shown(people, chat):
    async with people.session.get(f"/people/{chat}/chat") as answer:
        found = (await answer.json())["messages"]
    return [one for one in found if one["from"] == "bot"]


async def content(people, message):
    async with people.session.get(message["file"]) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        return (await answer.read()).decode()


async def test_a_file_stands_between_the_messages_before_and_after_it(people, sam, deliver):
    chat, line = sam
    text = "What I can open\n\nمرحبا, ŵyf, 🙂\n"
    await deliver(line, body("before"), document(text, rows=ROW), body("after"))
    before, file, after = await shown(people, chat)
    assert (before["text"], file["text"], after["text"]) == ("before", CAPTION, "after")
    assert (file["attachment"], file["file_name"]) == ("document", "my-data.txt")
    assert file["buttons"][0][0]["text"] == "Read it"
    assert await content(people, file) == text


async def test_five_megabytes_of_words_go_as_one_file(people, sam, deliver):
    chat, line = sam
    text = "The night nurse shouted. é\n" * (5 * 1024 * 1024 // 28 + 1)
    assert len(text.encode()) > 5_000_000
    await deliver(line, document(text))
    [file] = await shown(people, chat)
    assert await content(people, file) == text


async def test_a_file_waits_sealed_like_all_else(box, sam):
    _, line = sam
    await box.put((line, LIVE, document("The night nurse shouted.")))
    async with box.store.read() as conn:
        [row] = (await conn.execute(select(schema.outbox))).all()
    assert b"night nurse" not in row.body
    assert b"my-data" not in row.body


async def test_a_file_that_met_a_bad_day_goes_later(people, sam, deliver):
    chat, line = sam
    await people.fault(kind="status", method="sendDocument", status=502, count=1)
    await deliver(line, document("words"))
    assert [one["text"] for one in await shown(people, chat)] == [CAPTION]


async def test_buttons_that_telegram_refuses_cost_the_buttons_not_the_file(people, sam, deliver):
    chat, line = sam
    await deliver(line, document("words", rows=[[{"label": "x" * 9, "data": "y" * 99}]]))
    [file] = await shown(people, chat)
    assert file["buttons"] == []
    assert await content(people, file) == "words"


# ---- the last words ------------------------------------------------------------------------------


@pytest.fixture
async def leaving(box, sam):
    """Somebody who is forgotten, but for their last words."""
    chat, line = sam
    async with box.store.write() as conn:
        known = schema.conversations.c.id == line[2:]
        await conn.execute(
            update(schema.conversations).where(known).values(due_kind=forgetting.LEAVING)
        )
    return chat, line


async def left(box):
    async with box.store.read() as conn:
        return [
            len((await conn.execute(select(table))).all())
            for table in (schema.conversations, schema.outbox, schema.chat_messages)
        ]


async def test_with_the_last_words_the_address_goes(people, box, leaving, deliver):
    chat, line = leaving
    await deliver(line, body("goodbye"))
    assert people.told(chat) == ["goodbye"]
    assert await left(box) == [0, 0, 0]


async def test_whoever_blocked_us_is_gone_with_words_that_cannot_reach_them(
    people, box, leaving, make_sender, limits, running
):
    chat, line = leaving
    await people.post(f"/people/{chat}/block")
    sender = make_sender(limits)
    running(sender)
    await box.put((line, LIVE, body("goodbye")))
    sender.wake()
    async with asyncio.timeout(20):
        while await left(box) != [0, 0, 0]:
            await asyncio.sleep(0.02)
    await sender.stop()
    assert people.told(chat) == []


async def test_last_words_that_a_dead_process_had_claimed_are_said_by_the_next_and_all_is_gone(
    people, box, leaving, deliver
):
    chat, line = leaving
    await box.put((line, LIVE, body("goodbye")))
    async with box.store.write() as conn:
        now = datetime.now(UTC)
        [given] = await outbox.claim(conn, box.secrets, now, timedelta(minutes=5), 5)
    assert given.kind == forgetting.LEAVING
    async with box.store.write() as conn:
        await outbox.reset_claims(conn)
    await deliver(line)
    assert people.told(chat) == ["goodbye"]
    assert await left(box) == [0, 0, 0]


async def test_whoever_writes_before_their_last_words_stays(people, box, leaving, deliver):
    chat, line = leaving
    async with box.store.write() as conn:
        known = (await conversations.load(conn, box.secrets, [chat]))[chat]
        back = ConversationChange(known.id, chat, known.version, known.talk, known.own)
        await conversations.save(conn, box.secrets, [back], datetime.now(UTC))
    await deliver(line, body("goodbye"))
    assert people.told(chat) == ["goodbye"]
    assert (await left(box))[0] == 1
