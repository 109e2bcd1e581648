"""How the world looks through the Bot API: users, chats and messages as Telegram's JSON objects."""

from __future__ import annotations

from typing import Any

from bot.sandbox.world import BOT_NAME, BOT_USERNAME, Chat, Message, Query, World

Json = dict[str, Any]


def bot_user(world: World) -> Json:
    """The bot as a User."""
    return {
        "id": world.bot_id,
        "is_bot": True,
        "first_name": BOT_NAME,
        "username": BOT_USERNAME,
    }


def user(world: World, user_id: int) -> Json:
    """A person, or the bot, as a User."""
    if user_id == world.bot_id:
        return bot_user(world)
    person = world.people[user_id]
    shown: Json = {
        "id": person.id,
        "is_bot": False,
        "first_name": person.name,
        "language_code": person.language_code,
    }
    if person.username:
        shown["username"] = person.username
    return shown


def chat_of(world: World, chat: Chat) -> Json:
    """A Chat."""
    if chat.kind != "private":
        return {"id": chat.id, "type": chat.kind, "title": chat.title}
    person = world.people[chat.id]
    shown: Json = {"id": chat.id, "type": "private", "first_name": person.name}
    if person.username:
        shown["username"] = person.username
    return shown


def message(world: World, one: Message, *, with_reply: bool = True) -> Json:
    """A Message, with the one it replies to but not that one's own."""
    chat = world.chats[one.chat_id]
    shown: Json = {
        "message_id": one.id,
        "date": one.date,
        "chat": chat_of(world, chat),
    }
    if chat.kind == "channel":
        shown["sender_chat"] = shown["chat"]
    else:
        shown["from"] = user(world, one.sender)
    if one.edited is not None:
        shown["edit_date"] = one.edited
    replied = chat.messages.get(one.reply_to) if one.reply_to is not None else None
    if with_reply and replied is not None and not replied.deleted:
        shown["reply_to_message"] = message(world, replied, with_reply=False)
    if one.markup and "inline_keyboard" in one.markup:
        shown["reply_markup"] = one.markup
    return shown | one.body


def callback_query(world: World, query: Query, tapper: int) -> Json:
    """A CallbackQuery; a message that is gone shows as an InaccessibleMessage, whose date is 0."""
    chat = world.chats[query.chat_id]
    tapped = chat.messages.get(query.message_id)
    if tapped is None or tapped.deleted:
        about: Json = {"chat": chat_of(world, chat), "message_id": query.message_id, "date": 0}
    else:
        about = message(world, tapped)
    return {
        "id": query.id,
        "from": user(world, tapper),
        "message": about,
        "chat_instance": str(abs(chat.id) * 7919 + world.bot_id),
        "data": query.data,
    }


def bot_membership(world: World, chat: Chat, by: int, *, blocked: bool) -> Json:
    """The ChatMemberUpdated that tells the bot it was blocked or let back in."""
    states: list[Json] = [
        {"user": bot_user(world), "status": "member"},
        {"user": bot_user(world), "status": "kicked", "until_date": 0},
    ]
    old, new = states if blocked else reversed(states)
    return {
        "chat": chat_of(world, chat),
        "from": user(world, by),
        "date": world.unix(),
        "old_chat_member": old,
        "new_chat_member": new,
    }
