"""What people do reaches the bot as Telegram would tell it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest


@pytest.fixture
async def person(people, take_all):
    person = await people.new("Sam")
    await take_all()
    return person


@pytest.fixture
async def sent(bot, person):
    return await bot.send_message(
        person,
        "Choose",
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]]),
    )


async def test_a_deep_link_starts_the_bot_with_its_payload(people, take_all):
    person = await people.new("Sam", started=False)
    await people.post(f"/people/{person}/start", payload="ward-7")
    message = (await take_all())[0].message
    assert (message.text, message.from_user.first_name) == ("/start ward-7", "Sam")
    assert message.entities[0].type == "bot_command"
    assert 10**8 <= message.chat.id < 10**10


async def test_words_edits_replies_and_forwards(people, person, take_all):
    first = (await people.post(f"/people/{person}/say", text="teh"))["message_id"]
    await people.post(f"/people/{person}/edit", message_id=first, text="the")
    await people.post(f"/people/{person}/say", text="and", reply_to=first, forward_from="Alex")
    said, edited, replied = await take_all()
    assert said.message.text == "teh"
    assert (edited.edited_message.text, edited.edited_message.message_id) == ("the", first)
    assert replied.message.reply_to_message.text == "the"
    assert replied.message.forward_origin.sender_user_name == "Alex"


async def test_long_words_go_as_several_messages(people, person, take_all):
    await people.post(f"/people/{person}/say", text="x" * 9000)
    assert [len(u.message.text) for u in await take_all()] == [4096, 4096, 808]


@pytest.mark.parametrize(
    "kind",
    ["sticker", "photo", "voice", "audio", "video", "video_note", "animation", "document",
     "location", "contact", "dice", "poll"],
)  # fmt: skip
async def test_every_kind_of_attachment_is_understood_by_the_library(
    people, person, take_all, kind
):
    await people.post(f"/people/{person}/attach", kind=kind, caption="see")
    message = (await take_all())[0].message
    assert message.effective_attachment


async def test_a_tap_is_answered_once_with_a_toast(people, person, sent, take_all):
    await people.post(f"/people/{person}/tap", message_id=sent.message_id, data="a")
    query = (await take_all())[0].callback_query
    assert (query.data, query.message.text) == ("a", "Choose")
    assert (await people.chat(person))["messages"][-1]["buttons"][0][0]["waiting"]
    await query.answer("Noted", show_alert=True)
    view = await people.chat(person)
    assert not view["messages"][-1]["buttons"][0][0]["waiting"]
    assert [(t["text"], t["alert"]) for t in view["toasts"]] == [("Noted", True)]
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
        await query.answer()


async def test_a_tap_cannot_be_answered_a_quarter_of_an_hour_later(
    people, person, sent, take_all, clock
):
    await people.post(f"/people/{person}/tap", message_id=sent.message_id, data="a")
    query = (await take_all())[0].callback_query
    clock.time += timedelta(minutes=15, seconds=1)
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()


async def test_only_a_forged_tap_can_name_a_button_that_is_not_there(
    people, person, sent, take_all
):
    path = f"/people/{person}/tap"
    assert (await people.try_post(path, message_id=sent.message_id, data="b"))[0] == 409
    await people.post(path, message_id=sent.message_id, data="b", forge=True)
    await people.post(path, message_id=99_999, data="\N{BOMB}", forge=True)
    shown, gone = (update.callback_query for update in await take_all())
    assert (shown.data, shown.message.is_accessible) == ("b", True)
    assert (gone.data, gone.message.is_accessible) == ("\N{BOMB}", False)


async def test_blocking_and_coming_back_is_told_once_each(people, person, take_all):
    for action in ("block", "block", "unblock"):
        await people.post(f"/people/{person}/{action}")
    changes = [update.my_chat_member for update in await take_all()]
    assert [c.new_chat_member.status for c in changes] == ["kicked", "member"]
    assert [c.old_chat_member.status for c in changes] == ["member", "kicked"]


async def test_who_blocks_the_bot_cannot_write_to_it(people, person):
    await people.post(f"/people/{person}/block")
    status, answer = await people.try_post(f"/people/{person}/say", text="x")
    assert (status, answer) == (409, {"error": "unblock the bot first"})


async def test_clearing_a_chat_is_hidden_from_the_bot(people, person, sent, take_all):
    await people.post(f"/people/{person}/clear")
    assert (await people.chat(person))["messages"] == []
    assert await take_all() == []
    await sent.edit_text("Still there for the bot")


async def test_groups_and_channels_reach_the_bot(bot, people, person, take_all):
    group = await people.post("/groups", title="Ward", kind="supergroup", members=[person])
    channel = await people.post("/groups", title="News", kind="channel", members=[person])
    await people.post(f"/people/{person}/say", text="in group", chat_id=group["id"])
    await people.post(f"/people/{person}/say", text="in channel", chat_id=channel["id"])
    said, posted = await take_all()
    assert (said.message.chat.type, said.message.text) == ("supergroup", "in group")
    assert (posted.channel_post.chat.type, posted.channel_post.from_user) == ("channel", None)
    assert (await bot.send_message(group["id"], "hello")).chat.title == "Ward"


async def test_news_waits_for_one_chat_and_ignores_others(bot, people, person):
    other = await people.new("Other")
    since = (await people.get("/news"))["counter"]
    waiting = asyncio.create_task(people.get("/news", since=since, person=person, timeout=30))
    await people.post(f"/people/{other}/say", text="not this")
    await asyncio.wait({waiting}, timeout=0.05)
    assert not waiting.done()
    await bot.send_message(person, "this")
    assert (await waiting)["changed"] == [person]


async def test_many_act_in_one_call(people, take_all):
    crowd = (await people.post("/people", names=["A", "B"]))["people"]
    await people.post(
        "/batch",
        actions=[{"person": p["id"], "do": "say", "text": f"I am {p['name']}"} for p in crowd],
    )
    assert [u.message.text for u in await take_all()] == ["I am A", "I am B"]


async def test_malformed_calls_are_told_so(people, person):
    assert (await people.try_post(f"/people/{person}/say"))[0] == 400
    assert (await people.try_post(f"/people/{person}/say", text="\ud83d"))[0] == 400
    assert (await people.try_post(f"/people/{person}/fly"))[0] == 409
    assert (await people.try_post("/people/5/say", text="x"))[0] == 409
