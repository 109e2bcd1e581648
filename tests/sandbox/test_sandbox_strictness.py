"""Calls that Telegram would not understand are refused whatever way they come in."""

from __future__ import annotations

import json

import aiohttp
import pytest


@pytest.fixture
async def person(people):
    return await people.new()


@pytest.fixture
def call(people):
    async def post(method, token="1000001:sandbox-token", **how):
        async with people.session.post(f"/bot{token}/{method}", **how) as answer:
            return answer.status, await answer.json()

    return post


async def test_wrong_tokens_and_unknown_methods(call):
    assert await call("getMe", token="1000001:other") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    missing = {"ok": False, "error_code": 404, "description": "Not Found"}
    assert await call("getMe", token="nonsense") == (404, missing)
    assert await call("sendPigeon") == (404, missing)
    assert (await call("GETME"))[0] == 200


async def test_forms_multipart_and_json_say_the_same(call, person):
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}
    in_form = {"chat_id": str(person), "text": "hi", "protect_content": "True",
               "reply_markup": json.dumps(markup)}  # fmt: skip
    parts = aiohttp.FormData(in_form, default_to_multipart=True)
    in_json = {"chat_id": person, "text": "hi", "protect_content": True, "reply_markup": markup}
    answers = [await call("sendMessage", **how)
               for how in ({"data": in_form}, {"data": parts}, {"json": in_json})]  # fmt: skip
    for status, answer in answers:
        assert status == 200
        assert answer["result"]["reply_markup"] == markup
        assert answer["result"]["has_protected_content"] is True


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"text": None}, "message text is empty"),
        ({"chat_id": None}, "chat_id is empty"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"text": "half a \ud83d"}, "strings must be encoded in UTF-8"),
        ({"colour": "red"}, 'unknown field "colour" in sendMessage'),
        ({"protect_content": "perhaps"}, 'field "protect_content" must be of type Boolean'),
        ({"message_thread_id": "x"}, 'field "message_thread_id" must be of type Integer'),
        ({"message_thread_id": "3"}, "message thread not found"),
        ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"reply_markup": {"inline_keyboard": [{}]}},
         'field "reply_markup.inline_keyboard[0]" must be an Array'),
        ({"reply_markup": {"inline_keyboard": [[{"text": "a", "data": "a"}]]}},
         'unknown field "reply_markup.inline_keyboard[0][0].data" of InlineKeyboardButton'),
        ({"reply_markup": {"inline_keyboard": [[{"callback_data": "a"}]]}},
         'can\'t find field "reply_markup.inline_keyboard[0][0].text" of InlineKeyboardButton'),
        ({"entities": [{"type": "bold", "offset": "0", "length": 1}]},
         'field "entities[0].offset" must be of type Integer'),
    ],
)  # fmt: skip
async def test_ill_formed_fields_are_refused_with_a_reason(call, person, fields, complaint):
    asked = {"chat_id": person, "text": "hi"} | fields
    asked = {name: value for name, value in asked.items() if value is not None}
    status, answer = await call("sendMessage", json=asked)
    assert (status, answer["description"]) == (400, f"Bad Request: {complaint}")


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff"])
async def test_bodies_that_are_no_object_are_refused(call, body):
    headers = {"Content-Type": "application/json"}
    assert (await call("getMe", data=body, headers=headers))[0] == 400


async def test_a_foreign_host_name_reaches_nothing(people):
    async with people.session.get("/people", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 400


async def test_a_plain_form_cannot_act_for_people(people, person):
    async with people.session.post(f"/people/{person}/say", data={"text": "x"}) as answer:
        assert answer.status == 400
