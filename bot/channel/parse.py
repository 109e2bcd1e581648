"""From a raw update to an Arrival, each in its own guard: no update can stop the ones beside it."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update

from bot.channel.content import inputs_of, is_service, words_of
from bot.dialogue.inputs import (
    Edited,
    Elsewhere,
    Forged,
    Input,
    Left,
    OpenNews,
    Pressed,
    PressedAbout,
    PressedDraft,
    Returned,
    SetAside,
)
from bot.turns.arrival import Arrival, StaffTap

log = logging.getLogger(__name__)

WANTED: Final = (
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "my_chat_member",
)
"""The kinds that we ask Telegram for (`allowed_updates`)."""

IGNORED: Final = frozenset(
    {
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "managed_bot",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
    }
)
"""All other kinds of Bot API 10.1. They may still come: the choice of kinds does not reach back to
updates made before it. Nobody waits for an answer to them; their ids are remembered."""

BIGGEST: Final = 2**63 - 1
STEP: Final = re.compile(r"p:(0|[1-9][0-9]{0,8}):([A-Za-z0-9_.-]{1,48})")
ABOUT: Final = re.compile(r"a:([0-9a-f]{32}):([A-Za-z0-9_.-]{1,29})")
NEWS: Final = re.compile(r"n:([0-9a-f]{32})")
STAFF: Final = re.compile(r"s:([HD](?:-[0-9A-Z]{4}){2}):([a-z-]{1,16})")
DRAFT: Final = re.compile(r"d:([A-Za-z0-9_.-]{1,48})")

GONE: Final = frozenset({ChatMember.LEFT, ChatMember.BANNED})


@dataclass(frozen=True, slots=True)
class _Read:
    chat_id: int | None
    inputs: tuple[Input, ...] = ()
    callback_id: str | None = None
    message_id: int | None = None
    said: tuple[int, ...] = ()
    tap: StaffTap | None = None


def parse(raw: object) -> Arrival | None:
    """The arrival in one decoded update, or None for something that is not an update at all.

    Never raises: what cannot be understood comes back as SetAside, with the chat to answer if even
    that much could be read.
    """
    if not isinstance(raw, dict) or not _is_id(update_id := raw.get("update_id")):
        return None
    try:
        read = _read(raw)
    # Whatever is wrong with one update (the library and the mapping can fail in any way on what
    # they never met) must not keep the others waiting.
    except Exception as error:  # noqa: BLE001
        log.error("update set aside: %s", type(error).__name__)
        read = _Read(_dug_out(raw), (SetAside(),), _query_id(raw), said=_number(raw))
    return Arrival(
        update_id=update_id,
        chat_id=read.chat_id,
        inputs=read.inputs,
        raw=json.dumps(raw).encode(),
        callback_id=read.callback_id,
        message_id=read.message_id,
        said=read.said,
        tap=read.tap,
    )


def chat_of(raw: object) -> int | None:
    """The private chat that this update came from, read without trusting any of it."""
    return _dug_out(raw) if isinstance(raw, dict) else None


def _read(raw: dict[str, Any]) -> _Read:
    update = Update.de_json(raw, None)
    if update.callback_query:
        return _pressed(update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    if update.message:
        return _message(update.message)
    if update.edited_message:
        return _edited(update.edited_message)
    if update.channel_post:
        return _Read(_id_of(update.channel_post.chat), _elsewhere(update.channel_post))
    kinds = raw.keys() - {"update_id"}
    if not kinds <= IGNORED:
        # A kind newer than this program: worth knowing, not worth holding anybody up.
        log.warning("ignored an update of an unknown kind")
    return _Read(None)


def _message(message: Message) -> _Read:
    chat_id = _id_of(message.chat)
    if message.chat.type != Chat.PRIVATE:
        return _Read(chat_id, _elsewhere(message))
    _check(message)
    inputs = inputs_of(message)
    # An edit needs no such note: its message was noted when it was said, or is too old by now.
    said = (message.message_id,) if inputs and _is_id(message.message_id) else ()
    return _Read(chat_id, inputs, said=said)


def _edited(message: Message) -> _Read:
    """An edit without words is a moving location or a changed picture: nothing to answer."""
    chat_id = _id_of(message.chat)
    _check(message)
    words = words_of(message)
    if message.chat.type != Chat.PRIVATE or words is None:
        return _Read(chat_id)
    return _Read(chat_id, (Edited(words),))


def _pressed(query: CallbackQuery) -> _Read:
    """The message may be one that is too old to see; its id still is. Without any message the
    button was not ours, and the person is reached in their own chat."""
    if query.message is None:
        return _Read(_id_of(query.from_user), (Forged(),), query.id)
    chat_id = _id_of(query.message.chat)
    private = query.message.chat.type == Chat.PRIVATE
    answer = _button(query.data) if private else Elsewhere()
    tap = staff_tap(query.data) if private else None
    return _Read(chat_id, (answer,), query.id, query.message.message_id, tap=tap)


def staff_tap(data: str | None) -> StaffTap | None:
    """What a member of staff tapped; from anybody else it is a forged button."""
    found = STAFF.fullmatch(data or "")
    return StaffTap(found[1], found[2]) if found else None


def _button(data: str | None) -> Input:
    if found := STEP.fullmatch(data or ""):
        return Pressed(int(found[1]), found[2])
    if found := ABOUT.fullmatch(data or ""):
        return PressedAbout(found[1], found[2])
    if found := NEWS.fullmatch(data or ""):
        return OpenNews(found[1])
    if found := DRAFT.fullmatch(data or ""):
        return PressedDraft(found[1])
    return Forged()


def _membership(change: ChatMemberUpdated) -> _Read:
    chat_id = _id_of(change.chat)
    gone = change.new_chat_member.status in GONE
    if change.chat.type == Chat.PRIVATE:
        return _Read(chat_id, (Left() if gone else Returned(),))
    return _Read(chat_id, () if gone else (Elsewhere(),))


def _elsewhere(message: Message) -> tuple[Input, ...]:
    return () if is_service(message) else (Elsewhere(),)


def _check(message: Message) -> None:
    """The library checks no types. Half a surrogate pair could never be saved or sent."""
    for words in (message.text, message.caption):
        if words is not None:
            if not isinstance(words, str):
                raise TypeError("words that are not text")
            words.encode()


def _id_of(who: Any) -> int:
    if not _is_id(who.id):
        raise TypeError("an id that is not a number")
    return who.id


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= BIGGEST


def _dug_out(raw: dict[str, Any]) -> int | None:
    for kind in WANTED:
        body = raw.get(kind)
        if not isinstance(body, dict):
            continue
        message = body.get("message")
        holders = (body.get("chat"), isinstance(message, dict) and message.get("chat"))
        for holder in (*holders, body.get("from")):
            found = holder.get("id") if isinstance(holder, dict) else None
            # Groups and channels have negative ids; nobody there waits for us.
            if _is_id(found) and found > 0:
                return found
    return None


def _number(raw: dict[str, Any]) -> tuple[int, ...]:
    """Of a message that cannot be understood; a group, whose id is negative, is never cleared."""
    message = raw.get("message")
    found = message.get("message_id") if isinstance(message, dict) else None
    return (found,) if _is_id(found) and (_dug_out(raw) or 0) > 0 else ()


def _query_id(raw: dict[str, Any]) -> str | None:
    query = raw.get("callback_query")
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else None
