"""getUpdates confirms, keeps, filters and forgets as Telegram does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict


async def texts(bot, **asked):
    return [update.message.text for update in await bot.get_updates(**asked)]


@pytest.fixture
async def person(people):
    person = await people.new()
    for words in ("one", "two", "three"):
        await people.post(f"/people/{person}/say", text=words)
    return person


async def test_updates_come_again_until_an_offset_confirms_them(bot, person):
    first = await bot.get_updates()
    assert [u.message.text for u in first] == ["/start", "one", "two", "three"]
    assert await bot.get_updates() == first
    assert await texts(bot, offset=first[1].update_id + 1) == ["two", "three"]
    assert await texts(bot) == ["two", "three"]


async def test_the_limit_bounds_an_answer(bot, person):
    assert await texts(bot, limit=2) == ["/start", "one"]


async def test_a_negative_offset_forgets_all_but_the_last(bot, person):
    assert await texts(bot, offset=-1) == ["three"]
    assert await texts(bot) == ["three"]


async def test_an_offset_far_in_the_future_confirms_nothing(bot, person):
    newest = (await bot.get_updates())[-1].update_id
    assert len(await bot.get_updates(offset=newest + 1_000)) == 4


async def test_ids_can_jump_back_after_a_quiet_week_without_losing_updates(
    bot, people, person, take_all
):
    old = (await take_all())[-1].update_id
    await people.post("/control/update-id", next=old - 50_000_000)
    await people.post(f"/people/{person}/say", text="after the week")
    assert await texts(bot, offset=old + 1) == ["after the week"]


async def test_a_long_poll_ends_when_something_arrives(bot, people, person, take_all):
    newest = (await take_all())[-1].update_id
    poll = asyncio.create_task(bot.get_updates(offset=newest + 1, timeout=30))
    await asyncio.wait({poll}, timeout=0.05)
    await people.post(f"/people/{person}/say", text="here")
    assert [u.message.text for u in await poll] == ["here"]


async def test_a_second_poll_ends_the_first(sandbox, bot, person, take_all):
    newest = (await take_all())[-1].update_id
    first = asyncio.create_task(bot.get_updates(offset=newest + 1, timeout=30))
    while not sandbox.polled:
        await asyncio.sleep(0)
    async with Bot(bot.token, base_url=f"{sandbox.url}/bot") as second:
        await second.get_updates(offset=newest + 1)
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_polling_is_refused_while_a_webhook_is_set(bot):
    await bot.set_webhook("http://127.0.0.1:9/nowhere")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_kinds_asked_for_are_remembered_and_others_never_queued(bot, people, person):
    await bot.get_updates(allowed_updates=["edited_message"])
    await people.post(f"/people/{person}/say", text="unwanted")
    sent = await people.post(f"/people/{person}/say", text="teh")
    await people.post(f"/people/{person}/edit", message_id=sent["message_id"], text="the")
    kinds = [u.edited_message.text for u in await bot.get_updates() if u.edited_message]
    waiting = (await people.get("/control/state"))["pending"]
    assert (kinds, waiting) == (["the"], 5)


async def test_updates_are_forgotten_after_a_day(bot, clock, person):
    clock.time += timedelta(hours=23, minutes=59)
    assert len(await bot.get_updates()) == 4
    clock.time += timedelta(minutes=1)
    assert await bot.get_updates() == ()


async def test_duplicates_come_with_the_same_id(bot, people, person, take_all):
    await take_all()
    await people.post("/control/duplicates", count=1)
    await people.post(f"/people/{person}/say", text="twice")
    await people.post(f"/people/{person}/say", text="once")
    updates = await bot.get_updates()
    assert [u.message.text for u in updates] == ["twice", "twice", "once"]
    assert updates[0].update_id == updates[1].update_id != updates[2].update_id


async def test_any_object_can_be_made_an_update(sandbox, people):
    await people.post("/control/update", update={"message": {"poison": [None]}})
    answer = await people.get(f"/bot{sandbox.world.bot_id}:sandbox-token/getUpdates")
    update = answer["result"][0]
    assert update == {"update_id": update["update_id"], "message": {"poison": [None]}}


async def test_ill_typed_fields_of_get_updates_are_refused(bot):
    with pytest.raises(BadRequest, match='"allowed_updates" must be an array'):
        await bot.get_updates(api_kwargs={"allowed_updates": {"message": True}})
