"""Clearing a chat: both sides' messages in batches, what cannot be deleted is told, and no kill in
between loses the telling or goes round for ever."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.channel.clearing import Clearer, Clearing
from bot.channel.delivery import Delivery
from bot.channel.sender import Post, Sender
from bot.turns.clearing import Clear, Visit, clearing
from storage import chat_messages, conversations, outbox
from storage.engine import Store
from tests.channel.test_sender import LIVE, body

CLEARED, PARTLY = "Our chat is cleared.", "Some may be here."
LEASE = timedelta(minutes=5)


@pytest.fixture
def chatted(people, box, make_sender, limits, emptied, running):
    """Somebody who said things and was told things; their line and all numbers in their chat."""

    async def chat(said, told, dice=0):
        [sam] = await people.new()
        [line] = await box.meet([sam])
        before = set(people.world.chats[sam].messages)
        acts = [{"person": sam, "do": "say", "text": f"words {n}"} for n in range(said - dice)]
        await people.post("/batch", actions=acts)
        for _ in range(dice):
            await people.post(f"/people/{sam}/attach", kind="dice")
        said_ids = set(people.world.chats[sam].messages) - before
        async with box.store.write() as conn:
            notes = [(line[2:], one) for one in said_ids]
            await chat_messages.remember(conn, notes, datetime.now(UTC))
        sender = make_sender(limits)
        running(sender)
        await box.put(*((line, LIVE, body(f"told {n}")) for n in range(told)))
        sender.wake()
        await emptied()
        await sender.stop()
        return sam, line, set(people.world.chats[sam].messages) - before

    return chat


@pytest.fixture
def ask(box):
    """What the turn does when a person taps "Clear"."""

    async def clear(line, *, too_old=False):
        told = Clear(body(CLEARED), body(PARTLY))
        async with box.store.write() as conn:
            visit = Visit(too_old=too_old)
            row = await clearing(conn, line[2:], told, visit, datetime.now(UTC))
            await outbox.put(conn, box.secrets, [row], datetime.now(UTC))
        return row

    return clear


def left_in(people, chat, numbers):
    messages = people.world.chats[chat].messages
    return {one for one in numbers if not messages[one].deleted}


async def noted(box, line):
    async with box.store.read() as conn:
        return await chat_messages.numbers(conn, line[2:], datetime.fromtimestamp(0, UTC))


async def test_250_messages_go_and_the_two_that_cannot_are_told(
    people, box, chatted, ask, make_sender, limits, running, emptied
):
    sam, line, all_of_it = await chatted(said=130, told=120, dice=2)
    assert len(all_of_it) == 250
    await ask(line)
    await box.put((line, LIVE, body("And now?")))
    running(make_sender(limits))
    assert await emptied() == {}
    kept = left_in(people, sam, all_of_it)
    assert len(kept) == 2
    assert all("dice" in people.world.chats[sam].messages[one].body for one in kept)
    assert people.told(sam)[-2:] == [PARTLY, "And now?"]
    newest = [one["message_id"] for one in people.world.sent[-2:]]
    assert await noted(box, line) == sorted([*kept, *newest])


async def test_250_messages_are_three_calls(people, bot, box, limits, chatted, ask):
    sam, line, all_of_it = await chatted(said=130, told=120)
    left = Clearing.read((await ask(line)).body)
    calls = []
    while left.ids:
        done = await Clearer(bot, limits, sam).go(left)
        calls.append(len(done.gone))
        left = done.left
    assert calls == [100, 100, 50]
    assert json.loads(left.body())["text"] == CLEARED
    assert not left_in(people, sam, all_of_it)


async def test_what_is_older_than_telegram_allows_is_said_to_be_left(
    people, box, chatted, ask, make_sender, limits, running, emptied
):
    sam, line, all_of_it = await chatted(said=2, told=1)
    await ask(line, too_old=True)
    running(make_sender(limits))
    await emptied()
    assert not left_in(people, sam, all_of_it)
    assert people.told(sam)[-1] == PARTLY


@pytest.mark.parametrize("killed_after", range(5))
async def test_a_kill_between_telegrams_answer_and_our_note_of_it(
    people, bot, box, limits, chatted, ask, url, running, emptied, killed_after
):
    """250 messages in three goes and the telling: a kill in each of them, and one after all."""
    sam, line, all_of_it = await chatted(said=125, told=125)
    told_before = len(people.told(sam))
    await ask(line)
    delivery = Delivery(bot, limits)
    sender = Sender(Post(box.store, box.secrets, lambda: datetime.now(UTC)), delivery, limits)
    for go in range(killed_after + 1):
        now = datetime.now(UTC)
        async with box.store.write() as conn:
            rows = await outbox.claim(conn, box.secrets, now, LEASE, 9)
        outcomes = [await delivery.deliver(row) for row in rows]
        if go < killed_after:
            async with box.store.write() as conn:
                await sender._record(conn, outcomes, now)
    await box.store.close()
    box.store = await Store.open(url)  # the next process, which takes back what was given out
    async with box.store.write() as conn:
        await outbox.reset_claims(conn)
    running(Sender(Post(box.store, box.secrets, lambda: datetime.now(UTC)), delivery, limits))
    assert await emptied() == {}
    assert not left_in(people, sam, all_of_it)
    # Only the telling itself can come twice, as any message can that is sent when the kill comes.
    assert people.told(sam)[told_before:] == [CLEARED] * (2 if killed_after == 3 else 1)
    await box.store.close()


async def test_what_the_person_deleted_before_is_no_failure(
    people, box, chatted, ask, make_sender, limits, running, emptied
):
    sam, line, all_of_it = await chatted(said=30, told=2, dice=1)
    chat = people.world.chats[sam]
    for one in sorted(all_of_it)[:5]:
        people.world.delete(chat, chat.messages[one])
    await ask(line)
    running(make_sender(limits))
    await emptied()
    assert len(left_in(people, sam, all_of_it)) == 1
    assert people.told(sam)[-1] == PARTLY


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "method": "deleteMessages", "status": 500},
        {"kind": "cut", "method": "deleteMessages", "after": True},
        {"kind": "status", "method": "deleteMessage", "status": 429, "retry_after": 1},
        {"kind": "cut", "method": "deleteMessage", "after": True},
    ],
)
async def test_a_bad_moment_is_gone_on_from(
    people, box, chatted, ask, make_sender, limits, running, emptied, fault
):
    sam, line, all_of_it = await chatted(said=40, told=70, dice=2)
    await people.fault(**fault)
    await ask(line)
    running(make_sender(limits))
    await emptied()
    assert len(left_in(people, sam, all_of_it)) == 2
    assert people.told(sam)[-1] == PARTLY


async def test_whoever_blocks_the_bot_meanwhile_is_told_when_they_return(
    people, box, chatted, ask, make_sender, limits, running, emptied
):
    sam, line, all_of_it = await chatted(said=3, told=3)
    gone = {"status": 403, "description": "Forbidden: bot was blocked by the user"}
    await people.fault(kind="status", method="deleteMessages", **gone)
    await ask(line)
    sender = make_sender(limits)
    running(sender)
    async with asyncio.timeout(30):
        while not await unreachable(box, line):
            sender.wake()
    assert len(left_in(people, sam, all_of_it)) == 6
    async with box.store.write() as conn:
        await conversations.set_unreachable(conn, line[2:], False)
    sender.wake()
    await emptied()
    assert not left_in(people, sam, all_of_it)
    assert people.told(sam)[-1] == CLEARED


async def unreachable(box, line):
    async with box.store.read() as conn:
        return (await conversations.load_ids(conn, box.secrets, [line[2:]]))[line[2:]].unreachable


async def test_a_chat_of_which_nothing_is_known_is_only_told_of(people, box, ask, limits):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    assert (await ask(line)).body == body(CLEARED)
    assert (await ask(line, too_old=True)).body == body(PARTLY)


async def test_a_clearing_that_nobody_can_read_is_kept_with_an_alarm(
    people, box, make_sender, limits, running, emptied
):
    [sam] = await people.new()
    [line] = await box.meet([sam])
    await box.put((line, LIVE, b'{"clear": {"ids": ["x"], "kept": false}}'))
    running(make_sender(limits))
    assert await emptied() == {"refused": 1}
