"""From one message in a private chat to what its person did: words, a command, a file, or something
else that is not words. Nothing that was said is dropped: a caption comes before its file."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from telegram import Message

from bot.dialogue.inputs import Attached, Commanded, Input, Said, Unreadable

COMMANDS: Final = frozenset(
    {"start", "help", "stop", "link", "concerns", "language", "mydata", "forget", "changes"}
)
ENDING: Final = frozenset({"stop", "forget"})
"""Commands that put an end to something: with more words after one, all of it are words."""

NOT_WORDS: Final = (
    "sticker",
    "photo",
    "voice",
    "video_note",
    "video",
    "animation",  # also fills `document`, so it is asked first
    "document",
    "audio",
    "venue",  # also fills `location`
    "location",
    "contact",
    "poll",
    "dice",
    "game",
    "story",
    "paid_media",
    "checklist",
    "invoice",
    "giveaway",
    "gift",
    "unique_gift",
    "passport_data",
    "users_shared",
    "chat_shared",
    "web_app_data",
)
"""Content that a person can send and that is not words, as the Bot API names it."""

FILES: Final = frozenset(
    {"photo", "voice", "video_note", "video", "animation", "document", "audio"}
)
"""Those of them that are kept. Stickers and places are not: nobody needs them to be heard."""

NOTHING_SAID: Final = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "connected_website",
    "successful_payment",
    "refunded_payment",
    "proximity_alert_triggered",
    "boost_added",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "giveaway_created",
    "giveaway_winners",
    "giveaway_completed",
)
"""Service messages: Telegram reports a change, nobody said anything, so nobody is answered."""

BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that Unicode does not call spaces or controls and that show as nothing."""

COMMAND: Final = re.compile(r"/([A-Za-z]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
DEEP_LINK: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What `t.me/<bot>?start=` can carry (Bot features, "Deep linking")."""


def inputs_of(message: Message) -> tuple[Input, ...]:
    """What this message says; empty for a service message."""
    if is_service(message):
        return ()
    kind = next((name for name in NOT_WORDS if getattr(message, name)), None)
    if kind is not None:
        told = _attached(kind, getattr(message, kind)) if kind in FILES else Unreadable(kind)
        return (*_worded(message.caption), told)
    if message.text is None:
        return (*_worded(message.caption), Unreadable("unknown"))
    return _command(message.text) or _worded(message.text) or (Unreadable("empty"),)


def is_service(message: Message) -> bool:
    """Whether Telegram reports a change here, instead of passing on what somebody said."""
    return any(getattr(message, name) for name in NOTHING_SAID)


def words_of(message: Message) -> str | None:
    """The text or caption, if it shows anything at all."""
    words = message.text if message.text is not None else message.caption
    return words if words is not None and _visible(words) else None


def _attached(kind: str, sent: Any) -> Input:
    """A photo comes in several sizes, the largest last (Bot API, PhotoSize); its size in bytes is
    optional for every kind."""
    file = max(sent, key=lambda one: one.width * one.height) if kind == "photo" else sent
    ticket, size = file.file_id, file.file_size
    if not isinstance(ticket, str) or not isinstance(size, int | None):
        raise TypeError("a file without an id")
    ticket.encode()
    return Attached(kind, ticket, size)


def _worded(words: str | None) -> tuple[Input, ...]:
    return (Said(words),) if words is not None and _visible(words) else ()


def _command(text: str) -> tuple[Input, ...]:
    """A slash command of ours. Words typed after one that takes none are words to keep."""
    found = COMMAND.fullmatch(text.strip())
    name = found[1].lower() if found else ""
    if found is None or name not in COMMANDS:
        return ()
    payload = (found[2] or "").strip()
    if not payload or name == "link" or (name == "start" and DEEP_LINK.fullmatch(payload)):
        return (Commanded(name, payload),)
    return (Said(text),) if name in ENDING else (Commanded(name), Said(payload))


def _visible(words: str) -> bool:
    return any(
        not char.isspace()
        and char not in BLANK
        and unicodedata.category(char) not in ("Cc", "Cf", "Mn")
        for char in words
    )
