"""Sending, editing, deleting and answering: what works shows on the phone, what Telegram refuses
is refused.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden

from bot.sandbox.limits import Limits
from bot.sandbox.refusals import RefusedError


def buttons(*data):
    return InlineKeyboardMarkup([[InlineKeyboardButton(d, callback_data=d) for d in data]])


@pytest.fixture
async def person(people):
    return await people.new()


@pytest.fixture
async def sent(bot, person):
    return await bot.send_message(person, "Choose", reply_markup=buttons("yes", "no"))


async def test_the_bot_knows_itself(bot):
    assert (bot.id, bot.bot.is_bot, bot.username) == (1000001, True, "heard_sandbox_bot")


async def test_a_message_shows_on_the_phone_with_its_buttons(people, person, sent):
    shown = (await people.chat(person))["messages"][-1]
    assert (shown["from"], shown["text"]) == ("bot", "Choose")
    assert [[b["data"] for b in row] for row in shown["buttons"]] == [["yes", "no"]]


async def test_html_becomes_entities_with_utf16_offsets(bot, people, person):
    await bot.send_message(person, "  🙂 <b>a &amp; b</b> <a href='https://nhs.uk'>x</a>", "HTML")
    shown = (await people.chat(person))["messages"][-1]
    assert shown["text"] == "🙂 a & b x"
    assert shown["entities"] == [
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "text_link", "offset": 9, "length": 1, "url": "https://nhs.uk"},
    ]


@pytest.mark.parametrize(
    ("words", "mode", "complaint"),
    [
        ("<h1>x</h1>", "HTML", 'unsupported start tag "h1"'),
        ("<b>x", "HTML", 'can\'t find end tag "b"'),
        ("x</i>", "HTML", 'unmatched end tag "i"'),
        ("*x*", "MarkdownV2", "not served by the sandbox"),
        ("x", "rtf", "unsupported parse_mode"),
    ],
)
async def test_broken_formatting_is_refused(bot, person, words, mode, complaint):
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.send_message(person, words, mode)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "Message text is empty"),
        (" \n ", "Message text is empty"),
        ("x" * 4097, "Message is too long"),
    ],
)
async def test_texts_of_no_or_too_many_characters_are_refused(bot, person, words, complaint):
    with pytest.raises(BadRequest, match=complaint):
        await bot.send_message(person, words)


async def test_4096_characters_pass_after_trimming(bot, person):
    assert len((await bot.send_message(person, "  " + "🙂" * 4096)).text) == 4096


async def test_callback_data_is_counted_in_bytes(bot, person):
    await bot.send_message(person, "x", reply_markup=buttons("é" * 32))
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(person, "x", reply_markup=buttons("é" * 32 + "a"))


async def test_inline_buttons_need_something_to_do_and_links_a_host(bot, person):
    for button, complaint in (
        (InlineKeyboardButton("x"), "text buttons are unallowed"),
        (InlineKeyboardButton("x", url="http://nowhere"), "Wrong HTTP URL"),
    ):
        with pytest.raises(BadRequest, match=f"(?i){complaint}"):
            await bot.send_message(person, "x", reply_markup=InlineKeyboardMarkup([[button]]))


async def test_a_reply_keyboard_lies_open_until_removed(bot, people, person):
    await bot.send_message(person, "Pick", reply_markup=ReplyKeyboardMarkup([["A", "B"]]))
    assert (await people.chat(person))["keyboard"] == [["A", "B"]]
    await people.post(f"/people/{person}/press", text="B")
    assert (await people.chat(person))["messages"][-1]["text"] == "B"
    await bot.send_message(person, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert (await people.chat(person))["keyboard"] == []


async def test_a_message_that_brought_a_reply_keyboard_cannot_be_edited(bot, person):
    sent = await bot.send_message(person, "Pick", reply_markup=ReplyKeyboardMarkup([["A"]]))
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await sent.edit_text("Other")


async def test_an_edit_is_marked_and_drops_buttons_not_given_again(people, person, sent):
    await sent.edit_text("Chosen")
    shown = (await people.chat(person))["messages"][-1]
    assert (shown["text"], shown["edited"], shown["buttons"]) == ("Chosen", True, [])


async def test_buttons_can_be_taken_away_alone(people, person, sent):
    await sent.edit_reply_markup(None)
    shown = (await people.chat(person))["messages"][-1]
    assert (shown["text"], shown["edited"], shown["buttons"]) == ("Choose", False, [])


async def test_edits_that_change_nothing_are_refused(bot, sent):
    with pytest.raises(BadRequest, match=r"Message is not modified: specified new message content"):
        await sent.edit_text(" Choose ", reply_markup=buttons("yes", "no"))
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_reply_markup(buttons("yes", "no"))


async def test_what_is_not_there_or_not_the_bots_cannot_be_edited(bot, people, person, sent):
    theirs = await people.post(f"/people/{person}/say", text="mine")
    for number, complaint in (
        (1, "Message to edit not found"),
        (theirs["message_id"], "can't be edited"),
    ):
        with pytest.raises(BadRequest, match=complaint):
            await bot.edit_message_text("x", person, number)


async def test_messages_of_both_sides_are_deleted_once(bot, people, person, sent):
    theirs = (await people.post(f"/people/{person}/say", text="mine"))["message_id"]
    assert await bot.delete_message(person, theirs)
    assert await bot.delete_messages(person, [sent.message_id, 5])
    assert (await people.chat(person))["deleted"] == [sent.message_id, theirs]
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(person, theirs)


async def test_nothing_older_than_two_days_can_be_deleted(bot, clock, person, sent):
    clock.time += timedelta(hours=48, seconds=1)
    for call in (
        bot.delete_message(person, sent.message_id),
        bot.delete_messages(person, [sent.message_id]),
    ):
        with pytest.raises(BadRequest, match="can't be deleted for everyone"):
            await call


async def test_a_reply_names_a_message_that_exists(bot, person, sent):
    reply = await bot.send_message(person, "x", reply_parameters=ReplyParameters(sent.message_id))
    assert reply.reply_to_message.text == "Choose"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(person, "x", reply_parameters=ReplyParameters(7))


async def test_every_option_the_library_can_send_is_understood(bot, person):
    sent = await bot.send_message(
        person,
        "https://nhs.uk",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
        disable_notification=True,
    )
    assert sent.link_preview_options.is_disabled
    assert sent.has_protected_content


async def test_typing_shows_until_the_message_comes(bot, people, person):
    await bot.send_chat_action(person, "typing")
    assert (await people.chat(person))["typing_seconds"] == 5
    await bot.send_message(person, "done")
    assert (await people.chat(person))["typing_seconds"] == 0
    with pytest.raises(BadRequest, match="rong parameter action"):
        await bot.send_chat_action(person, "thinking")


async def test_unreachable_people_are_refused_each_in_their_own_way(bot, people):
    stranger = await people.new(started=False)
    blocker, leaver = await people.new(), await people.new()
    await people.post(f"/people/{blocker}/block")
    await people.post(f"/people/{leaver}/deactivate")
    for chat, kind, complaint in (
        (5, BadRequest, "Chat not found"),
        (stranger, Forbidden, "bot can't initiate conversation with a user"),
        (blocker, Forbidden, "bot was blocked by the user"),
        (leaver, Forbidden, "user is deactivated"),
    ):
        with pytest.raises(kind, match=complaint):
            await bot.send_message(chat, "x")


async def test_commands_and_descriptions_are_kept_and_bounded(bot):
    await bot.set_my_commands([BotCommand("help", "Help")], BotCommandScopeAllPrivateChats())
    assert await bot.get_my_commands() == ()
    assert (await bot.get_my_commands(BotCommandScopeAllPrivateChats()))[0].command == "help"
    await bot.set_my_description("Long"), await bot.set_my_short_description("Short", "cy")
    assert (await bot.get_my_description()).description == "Long"
    assert (await bot.get_my_short_description("cy")).short_description == "Short"
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Get Help", "x")])
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_description("x" * 513)


async def test_a_flood_is_held_back_and_counts_for_nothing(people, person):
    answers = [await people.api("sendMessage", chat_id=person, text="x") for _ in range(4)]
    assert [status for status, _ in answers] == [200, 200, 200, 429]
    assert answers[-1][1] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert len(await people.sent()) == 3
    await people.post("/control/limits", on=False)
    assert (await people.api("sendMessage", chat_id=person, text="x"))[0] == 200


def test_many_chats_share_one_limit():
    now = 100.0
    limits = Limits(lambda: now, on=True)
    for chat in range(30):
        limits.spend(chat)
    with pytest.raises(RefusedError, match="Too Many Requests: retry after 1"):
        limits.spend(31)
    now += 1 / 30
    limits.spend(31)
    with pytest.raises(RefusedError):
        limits.spend(32)


def test_one_chat_gets_one_message_a_second_after_its_burst():
    now = 100.0
    limits = Limits(lambda: now, on=True)
    for _ in range(3):
        limits.spend(1)
    now += 0.9
    with pytest.raises(RefusedError):
        limits.spend(1)
    now += 0.1
    limits.spend(1)


async def test_a_dice_can_be_deleted_only_after_a_day(bot, clock, people, person):
    thrown = (await people.post(f"/people/{person}/attach", kind="dice"))["message_id"]
    said = (await people.post(f"/people/{person}/say", text="mine"))["message_id"]
    with pytest.raises(BadRequest, match="can't be deleted for everyone"):
        await bot.delete_messages(person, [said, thrown])
    assert (await people.chat(person))["deleted"] == []
    clock.time += timedelta(hours=24, seconds=1)
    assert await bot.delete_messages(person, [said, thrown])
    clock.time += timedelta(hours=24)
    assert await bot.delete_messages(person, [said, thrown])  # gone, so their age is no matter
