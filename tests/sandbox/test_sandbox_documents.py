"""Files that the bot sends: what Telegram refuses is refused, what works opens on the phone."""

from __future__ import annotations

import pytest
from telegram import InputFile
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError


@pytest.fixture
async def person(people):
    return await people.new()


def text(content, name="my-data.txt"):
    return InputFile(content.encode(), filename=name)


async def opens(people, path):
    async with people.session.get(path) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_a_document_stands_in_the_chat_and_opens(bot, people, person):
    message = await bot.send_document(person, text("Hello"), caption="Here", protect_content=False)
    assert (message.document.file_name, message.caption) == ("my-data.txt", "Here")
    assert message.document.file_size == 5
    *_, shown = (await people.chat(person))["messages"]
    assert (shown["text"], shown["file_name"]) == ("Here", "my-data.txt")
    status, content, headers = await opens(people, shown["file"])
    assert (status, content) == (200, b"Hello")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    *_, noted = await people.sent()
    assert (noted["text"], noted["document"]) == ("Here", "my-data.txt")


async def test_a_deleted_or_foreign_document_does_not_open(bot, people, person):
    other = await people.new("Other")
    message = await bot.send_document(person, text("Hello"))
    path = f"/people/{person}/files/{message.message_id}"
    assert (await opens(people, f"/people/{other}/files/{message.message_id}"))[0] == 404
    assert (await opens(people, "/people/1/files/1"))[0] == 404
    await bot.delete_message(person, message.message_id)
    assert (await opens(people, path))[0] == 404


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"caption": "x" * 1025}, "caption is too long"),
        ({"caption": "<b>x", "parse_mode": "HTML"}, "an't parse entities"),
        ({"api_kwargs": {"txet": "x"}}, "nknown field"),
        ({"message_thread_id": 5}, "thread not found"),
    ],
)
async def test_what_telegram_refuses_is_refused(bot, people, person, fields, why):
    with pytest.raises(BadRequest, match=why):
        await bot.send_document(person, text("Hello"), **fields)
    assert await people.sent() == []


async def test_an_empty_file_and_an_unknown_id_are_refused(bot, person):
    with pytest.raises(BadRequest, match="non-empty"):
        await bot.send_document(person, text(""))
    with pytest.raises(BadRequest, match="rong file identifier"):
        await bot.send_document(person, "BQACnothing")


async def test_more_than_a_bot_can_send_is_refused(bot, person):
    with pytest.raises((NetworkError, TelegramError), match="Too Large"):
        await bot.send_document(person, InputFile(bytes(50 * 1024 * 1024 + 1), "big.txt"))


async def test_nobody_who_blocked_the_bot_gets_a_file(bot, people, person):
    await people.post(f"/people/{person}/block")
    with pytest.raises(Forbidden):
        await bot.send_document(person, text("Hello"))
