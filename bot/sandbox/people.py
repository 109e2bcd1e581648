"""What people do with their phones, and the updates that their doing makes for the bot."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox import render, text
from bot.sandbox.attachments import attachment
from bot.sandbox.refusals import NotPossibleError
from bot.sandbox.world import Chat, Message, Person, World

Json = dict[str, Any]

COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@\w+)?")
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
"""What a ``t.me/<bot>?start=`` link can carry (Bot features, "Deep linking")."""


def say(world: World, person_id: int, asked: Json) -> Json:
    """Send words: ``text``, maybe ``reply_to`` (message id), ``forward_from`` (a name) or
    ``chat_id`` (a group).

    Longer than 4,096 characters goes as several messages, as the apps do it.
    """
    person, chat = _may_write(world, person_id, asked)
    words = str(asked["text"])
    if not words.strip() and not asked.get("raw"):
        raise NotPossibleError("an app sends no empty message")
    parts = [words[at : at + text.LONGEST] for at in range(0, len(words), text.LONGEST)] or [""]
    messages = []
    for part in parts:
        body: Json = {"text": part if asked.get("raw") else part.strip() or part}
        body |= _entities(body["text"]) | _forwarded(world, asked)
        messages.append(_sent(world, person, chat, body, asked.get("reply_to")))
    return {"message_id": messages[-1].id, "message_ids": [message.id for message in messages]}


def start(world: World, person_id: int, asked: Json) -> Json:
    """Open the bot for the first time, or again, maybe through a link with a ``payload``."""
    payload = str(asked.get("payload") or "")
    if not START_PAYLOAD.fullmatch(payload):
        raise NotPossibleError("a link carries at most 64 of A-Z a-z 0-9 _ -")
    if world.person(person_id).blocked:
        unblock(world, person_id, {})
    return say(world, person_id, {"text": f"/start {payload}".strip()})


def attach(world: World, person_id: int, asked: Json) -> Json:
    """Send something other than words: ``kind``, maybe ``caption``, ``reply_to``, ``chat_id``, and
    the file itself: its ``content`` in base64 or only its ``size``, and its ``name``.
    """
    person, chat = _may_write(world, person_id, asked)
    body = attachment(world.files, str(asked["kind"]), asked)
    body |= _forwarded(world, asked)
    return {"message_id": _sent(world, person, chat, body, asked.get("reply_to")).id}


def edit(world: World, person_id: int, asked: Json) -> Json:
    """Change the words of one's own ``message_id`` to ``text``."""
    _, chat = _may_write(world, person_id, asked)
    message = chat.messages.get(asked["message_id"])
    if message is None or message.deleted or message.sender != person_id or not message.text:
        raise NotPossibleError("one can edit only one's own text that is still there")
    words = str(asked["text"])
    message.body = {"text": words} | _entities(words)
    message.edited = world.unix()
    world.news.touch(chat.id)
    _update(world, chat, "edited_message", render.message(world, message))
    return {"message_id": message.id}


def tap(world: World, person_id: int, asked: Json) -> Json:
    """Tap the button ``data`` under ``message_id``; ``forge`` taps one that is not there."""
    _, chat = _may_write(world, person_id, asked)
    data = str(asked["data"])
    message = chat.messages.get(asked["message_id"])
    if message is None:
        message = Message(asked["message_id"], chat.id, world.bot_id, 0, {}, deleted=True)
    shown = [] if message.deleted or message.hidden else message.buttons
    if not asked.get("forge") and data not in [
        b.get("callback_data") for row in shown for b in row
    ]:
        raise NotPossibleError("there is no such button under that message")
    query = world.new_query(message, data)
    _update(world, chat, "callback_query", render.callback_query(world, query, person_id))
    return {"query_id": query.id}


def press(world: World, person_id: int, asked: Json) -> Json:
    """Press the reply-keyboard button that reads ``text``, which sends that text."""
    _, chat = _may_write(world, person_id, asked)
    rows = keyboard_rows(chat)
    if asked["text"] not in [label for row in rows for label in row]:
        raise NotPossibleError("the keyboard has no such button")
    markup = keyboard(chat)
    if markup is not None and markup.get("one_time_keyboard"):
        chat.keyboard_folded = True
    return say(world, person_id, {"text": asked["text"]})


def block(world: World, person_id: int, _asked: Json) -> Json:
    """Stop the bot from writing."""
    return _set_blocked(world, person_id, blocked=True)


def unblock(world: World, person_id: int, _asked: Json) -> Json:
    """Let the bot write again."""
    return _set_blocked(world, person_id, blocked=False)


def _set_blocked(world: World, person_id: int, *, blocked: bool) -> Json:
    person = world.person(person_id)
    chat = world.chats[person.id]
    if person.blocked != blocked:
        person.blocked = blocked
        world.news.touch(chat.id)
        told = render.bot_membership(world, chat, person.id, blocked=blocked)
        _update(world, chat, "my_chat_member", told)
    return {"blocked": person.blocked}


def clear(world: World, person_id: int, _asked: Json) -> Json:
    """Empty the chat on this phone; Telegram tells the bot nothing about it."""
    chat = world.chats[world.person(person_id).id]
    for message in chat.messages.values():
        message.hidden = True
    chat.keyboard_of = None
    world.news.touch(chat.id)
    return {}


def deactivate(world: World, person_id: int, _asked: Json) -> Json:
    """Delete the account."""
    world.person(person_id).deactivated = True
    world.news.touch(person_id)
    return {}


def keyboard(chat: Chat) -> Json | None:
    """The reply keyboard that lies open, if any."""
    brought = chat.messages.get(chat.keyboard_of) if chat.keyboard_of is not None else None
    return brought.markup if brought is not None and not chat.keyboard_folded else None


def keyboard_rows(chat: Chat) -> list[list[str]]:
    """Its labels, row by row."""
    rows = (keyboard(chat) or {}).get("keyboard", [])
    return [[b if isinstance(b, str) else b["text"] for b in row] for row in rows]


def _may_write(world: World, person_id: int, asked: Json) -> tuple[Person, Chat]:
    person = world.person(person_id)
    chat = world.chat(asked.get("chat_id") or person.id)
    if person.id not in chat.members:
        raise NotPossibleError("this person is not in that chat")
    if person.deactivated:
        raise NotPossibleError("this account is deleted")
    if person.blocked and chat.kind == "private":
        raise NotPossibleError("unblock the bot first")
    return person, chat


def _sent(world: World, person: Person, chat: Chat, body: Json, reply_to: int | None) -> Message:
    message = world.post(chat, person.id, body)
    message.reply_to = reply_to
    if chat.kind == "private":
        person.started = True
    kind = "channel_post" if chat.kind == "channel" else "message"
    _update(world, chat, kind, render.message(world, message))
    return message


def _update(world: World, chat: Chat, kind: str, about: Json) -> None:
    world.updates.add(kind, {kind: about}, chat.id, world.unix())


def _entities(words: str) -> Json:
    command = COMMAND.match(words)
    if command is None:
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": command.end()}]}


def _forwarded(world: World, asked: Json) -> Json:
    name = asked.get("forward_from")
    if not name:
        return {}
    origin = {"type": "hidden_user", "sender_user_name": str(name), "date": world.unix() - 60}
    return {"forward_origin": origin}


ACTIONS = {
    action.__name__: action
    for action in (say, start, attach, edit, tap, press, block, unblock, clear, deactivate)
}
