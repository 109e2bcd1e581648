"""Politenesses after a commit: tried once, worth no row, and no harm when refused."""

import asyncio

import pytest

from bot.channel.courtesy import KEPT, Courtesy
from bot.turns.arrival import Answered

BUTTONS = {"inline_keyboard": [[{"text": "Send", "callback_data": "p:1:send"}]]}


@pytest.fixture
async def tapped(people, bot):
    """A button of ours that somebody has tapped: chat, message, callback."""
    [sam] = await people.new()
    sent = await bot.do_api_request(
        "send_Message", {"chat_id": sam, "text": "Shall it go?", "reply_markup": BUTTONS}
    )
    tap = {"message_id": sent["message_id"], "data": "p:1:send"}
    query = (await people.post(f"/people/{sam}/tap", **tap))["query_id"]
    return sam, sent["message_id"], query


async def done(people, sam, message, query):
    while people.world.chats[sam].messages[message].buttons or not answered(people, query):
        await asyncio.sleep(0.01)


def answered(people, query):
    return query not in people.world.queries or people.world.queries[query].answered


async def test_a_spinner_stops_and_used_buttons_go(people, bot, limits, running, tapped):
    sam, message, query = tapped
    courtesy = Courtesy(bot, limits)
    running(courtesy)
    courtesy.offer([Answered(1, query, (sam, message))])
    async with asyncio.timeout(10):
        await done(people, sam, message, query)
    assert answered(people, query)
    assert not people.world.chats[sam].messages[message].buttons


async def test_refusals_are_forgotten_and_the_next_is_served(
    people, bot, limits, running, tapped, caplog
):
    sam, message, query = tapped
    courtesy = Courtesy(bot, limits)
    running(courtesy)
    courtesy.offer([Answered(1, "12345", (sam, 999_999)), Answered(2, None, (sam + 1, 1))])
    await people.fault(kind="status", method="answerCallbackQuery", status=500, count=1)
    courtesy.offer([Answered(3, "12346")])
    courtesy.offer([Answered(4, query, (sam, message))])
    await done(people, sam, message, query)
    courtesy.offer([Answered(5, None, (sam, message))])  # nothing left to strip: not modified
    assert str(sam) not in caplog.text


async def test_the_queue_is_bounded_and_drops_the_oldest(people, bot, limits, running, tapped):
    sam, message, query = tapped
    courtesy = Courtesy(bot, limits)
    courtesy.offer([Answered(number, f"{number}") for number in range(KEPT + 50)])
    courtesy.offer([Answered(1, query, (sam, message))])
    assert len(courtesy._calls) == KEPT
    running(courtesy)
    await done(people, sam, message, query)
