"""What each served Bot API method does to the world; receiving updates lives in ``intake``.

Refusals and their wording follow the open Bot API server (tdlib/telegram-bot-api, ``Client.cpp``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox import keyboards, render, text
from bot.sandbox.refusals import bad_request, forbidden
from bot.sandbox.world import Chat, Message, World

Json = dict[str, Any]

DELETABLE_SECONDS = 48 * 60 * 60
"""A bot may delete messages in private chats only for 48 hours (Bot API, ``deleteMessage``)."""

DICE_SECONDS = 24 * 60 * 60
"""A dice in a private chat can be deleted only after that (Bot API, ``deleteMessage``)."""

QUERY_SECONDS = 15 * 60
"""A tap can be answered for about this long; Telegram documents no number."""

TYPING_SECONDS = 5.0
"""A chat action shows for five seconds or less (Bot API, ``sendChatAction``)."""

MOST_DELETED = 100
CHAT_ACTIONS = frozenset(
    (
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note",
        "upload_video_note",
    )
)  # fmt: skip
NOT_SERVED = {
    "business_connection_id": "business connection not found",
    "inline_message_id": "MESSAGE_ID_INVALID",
    "message_thread_id": "message thread not found",
    "direct_messages_topic_id": "message thread not found",
    "suggested_post_parameters": "suggested posts are not served by the sandbox",
}


def open_chat(world: World, chat_id: object, *, to_write: bool = True) -> Chat:
    """The chat a call is about. Raises what Telegram answers for one the bot cannot reach."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        raise bad_request("chat not found")
    if chat.kind == "private":
        person = world.people[chat.id]
        if person.deactivated:
            raise forbidden("user is deactivated")
        if not person.started and not chat.messages:
            raise forbidden("bot can't initiate conversation with a user")
        if person.blocked and to_write:
            raise forbidden("bot was blocked by the user")
    return chat


def get_me(world: World, _arguments: Json) -> Json:
    """The bot itself."""
    return render.bot_user(world) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def send_message(world: World, arguments: Json) -> Json:
    """Post a text into a chat."""
    chat = open_chat(world, arguments["chat_id"])
    body = text.content(arguments)
    markup = keyboards.checked(arguments.get("reply_markup"))
    reply_to = _reply_target(chat, arguments.get("reply_parameters"))
    if "link_preview_options" in arguments:
        body["link_preview_options"] = arguments["link_preview_options"]
    if arguments.get("protect_content"):
        body["has_protected_content"] = True
    message = world.post(chat, world.bot_id, body)
    message.markup, message.reply_to = markup, reply_to
    _show_keyboard(chat, message)
    world.sent.append(
        {
            "chat_id": chat.id,
            "message_id": message.id,
            "text": message.text,
            "date": message.date,
            "silent": bool(arguments.get("disable_notification")),
        }
    )
    return render.message(world, message)


def _reply_target(chat: Chat, wanted: Json | None) -> int | None:
    if wanted is None:
        return None
    target = chat.messages.get(wanted["message_id"])
    if target is not None and not target.deleted:
        return target.id
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _show_keyboard(chat: Chat, message: Message) -> None:
    if message.markup and "keyboard" in message.markup:
        chat.keyboard_of, chat.keyboard_folded = message.id, False
    elif message.markup and "remove_keyboard" in message.markup:
        chat.keyboard_of = None


def edit_message_text(world: World, arguments: Json) -> Json:
    """Replace the words of the bot's own message; buttons not given again are gone."""
    message = _editable(world, arguments)
    body = text.content(arguments)
    if "link_preview_options" in arguments:
        body["link_preview_options"] = arguments["link_preview_options"]
    if message.body.get("has_protected_content"):
        body["has_protected_content"] = True
    return _edited(world, message, body, keyboards.checked(arguments.get("reply_markup")))


def edit_message_reply_markup(world: World, arguments: Json) -> Json:
    """Replace or remove the buttons of the bot's own message."""
    message = _editable(world, arguments)
    return _edited(world, message, message.body, keyboards.checked(arguments.get("reply_markup")))


def _editable(world: World, arguments: Json) -> Message:
    if "chat_id" not in arguments:
        raise bad_request("chat_id is empty")
    if "message_id" not in arguments:
        raise bad_request("message identifier is not specified")
    chat = open_chat(world, arguments["chat_id"])
    message = chat.messages.get(arguments["message_id"])
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    brought_keyboard = message.markup is not None and "inline_keyboard" not in message.markup
    if message.sender != world.bot_id or brought_keyboard:
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, message: Message, body: Json, markup: Json | None) -> Json:
    if (message.body, message.markup) == (body, markup):
        raise bad_request(
            "message is not modified: specified new message content and reply markup"
            " are exactly the same as a current content and reply markup of the message"
        )
    if message.body != body:
        message.edited = world.unix()
    message.body, message.markup = body, markup
    world.news.touch(message.chat_id)
    return render.message(world, message)


def answer_callback_query(world: World, arguments: Json) -> bool:
    """Stop the spinner on a tapped button, with or without a toast."""
    query = world.queries.get(arguments["callback_query_id"])
    if query is None or query.answered or query.date + QUERY_SECONDS < world.unix():
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(arguments.get("text", "")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answered = True
    chat = world.chats[query.chat_id]
    if arguments.get("text"):
        chat.toasts.append(
            {
                "number": len(chat.toasts) + 1,
                "text": arguments["text"],
                "alert": bool(arguments.get("show_alert")),
                "query_id": query.id,
            }
        )
    world.news.touch(query.chat_id)
    return True


def delete_message(world: World, arguments: Json) -> bool:
    """Remove one message on both sides."""
    chat = open_chat(world, arguments["chat_id"], to_write=False)
    message = chat.messages.get(arguments["message_id"])
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    _refuse_kept(world, chat, message)
    world.delete(chat, message)
    return True


def delete_messages(world: World, arguments: Json) -> bool:
    """Remove up to a hundred messages; those not found are skipped, as documented."""
    chat = open_chat(world, arguments["chat_id"], to_write=False)
    wanted = arguments["message_ids"]
    if not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    known = [chat.messages[number] for number in wanted if number in chat.messages]
    found = [message for message in known if not message.deleted]
    for message in found:
        _refuse_kept(world, chat, message)
    for message in found:
        world.delete(chat, message)
    return True


def _refuse_kept(world: World, chat: Chat, message: Message) -> None:
    age = world.unix() - message.date
    dice = chat.kind == "private" and "dice" in message.body
    if age > DELETABLE_SECONDS or (dice and age <= DICE_SECONDS):
        raise bad_request("message can't be deleted for everyone")


def send_chat_action(world: World, arguments: Json) -> bool:
    """Show "typing" for a moment."""
    if arguments["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = open_chat(world, arguments["chat_id"])
    chat.typing_until = world.now().timestamp() + TYPING_SECONDS
    world.news.touch(chat.id)
    return True


def get_file(world: World, arguments: Json) -> Json:
    """Where a file can be downloaded."""
    return world.files.find(arguments["file_id"])


Method = Callable[[World, Json], object]

METHODS: dict[str, Method] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "sendChatAction": send_chat_action,
    "getFile": get_file,
}


def refuse_unserved(arguments: Json) -> None:
    """A field that the sandbox knows but cannot honour is refused rather than ignored."""
    for name, reason in NOT_SERVED.items():
        if arguments.get(name):
            raise bad_request(reason)
