"""What one person sees on their phone, as JSON for the page and for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.sandbox import people, profile
from bot.sandbox.attachments import KINDS
from bot.sandbox.world import Chat, Message, World

Json = dict[str, Any]

SPINNER_SECONDS = 30
NAMED = frozenset({"document", "audio"})


def chat_view(world: World, person_id: int) -> Json:
    """The chat with the bot: messages oldest first, reply keyboard, typing, toasts, and what was
    deleted.
    """
    person = world.person(person_id)
    chat = world.chats[person.id]
    markup = people.keyboard(chat)
    waiting = _waiting_taps(world, chat)
    seen = [message for message in chat.messages.values() if not message.hidden]
    return {
        "counter": world.news.counter,
        "person": {"id": person.id, "name": person.name, "blocked": person.blocked},
        "started": person.started,
        "messages": [
            _message(world, chat, message, waiting) for message in seen if not message.deleted
        ],
        "deleted": [message.id for message in seen if message.deleted],
        "keyboard": people.keyboard_rows(chat),
        "placeholder": (markup or {}).get("input_field_placeholder", ""),
        "typing_seconds": max(0.0, chat.typing_until - world.now().timestamp()),
        "toasts": chat.toasts,
        "acts": chat.acts,
        "description": world.profile["description"].get("", ""),
        "commands": _commands(world),
    }


def _commands(world: World) -> list[Json]:
    """What the menu offers: the commands for private chats, else the default ones."""
    kept = world.profile["commands"]
    for scope in ("all_private_chats", "default"):
        commands: list[Json] = kept.get(profile.scope_key({"type": scope}), [])
        if commands:
            return commands
    return []


def _waiting_taps(world: World, chat: Chat) -> set[tuple[int, str]]:
    """Taps of the last half minute without an answer; the apps' spinners stop by then, too."""
    since = world.unix() - SPINNER_SECONDS
    taps = [world.queries[query_id] for query_id in chat.taps]
    return {(tap.message_id, tap.data) for tap in taps if not tap.answered and tap.date >= since}


def _message(world: World, chat: Chat, message: Message, waiting: set[tuple[int, str]]) -> Json:
    replied = chat.messages.get(message.reply_to) if message.reply_to is not None else None
    kind = next((kind for kind in sorted(KINDS) if kind in message.body), None)
    return {
        "id": message.id,
        "from": "bot" if message.sender == world.bot_id else "person",
        "text": message.text or message.body.get("caption", ""),
        "entities": message.body.get("entities", []),
        "date": datetime.fromtimestamp(message.date, UTC).isoformat(),
        "edited": message.edited is not None,
        "attachment": kind,
        "file_name": message.body[kind].get("file_name", "") if kind in NAMED else "",
        "file": f"/people/{chat.id}/files/{message.id}" if kind == "document" else None,
        "forwarded_from": message.body.get("forward_origin", {}).get("sender_user_name"),
        "reply_to": replied.text[:80] if replied is not None else None,
        "buttons": [
            [_button(message, button, waiting) for button in row] for row in message.buttons
        ],
    }


def _button(message: Message, button: Json, waiting: set[tuple[int, str]]) -> Json:
    data = button.get("callback_data")
    return {
        "text": button["text"],
        "data": data,
        "url": button.get("url"),
        "waiting": (message.id, data) in waiting,
    }
