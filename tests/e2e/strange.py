"""What no script foresees: messages of every kind, and updates that are none."""

from __future__ import annotations

from typing import Any

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\U0001f1ec\U0001f1e7"

# Own words in every shape; each must come to staff exactly as it was sent.
WORDS = {
    "longest": "wind " * 819 + "w",
    "no spaces": "w" * 4096,
    "astral": "\U0001f32b" * 2048,
    "emoji": f"They took my phone {FAMILY} \U0001f62d\U0001f3fd",
    "arabic": "\u0623\u062e\u0630\u0648\u0627 \u0647\u0627\u062a\u0641\u064a",
    "hebrew": "\u05d0\u05e3 \u05d0\u05d7\u05d3 \u05dc\u05d0 \u05d1\u05d0",
    "overridden": "\u202eneppah ti\u202c and back",
    "zero-width": "no\u200bbody \u2060came\ufeff",
    "stacked": "Z\u0351\u036b\u0343a\u0323\u0321lgo came",
    "lines": "one\n\n\n\ttwo\r\nthree",
    "markup": "<b>&amp;</b> *bold* [x](tg://user?id=1) {reference} %s {{x}}",
    "a query": "'; DROP TABLE concerns; --",
    "a button": "p:0:send",
    "a command": "/unknown is what they call me",
    "half a command": "/stop it please they hold me down",
    "a digit": "7",
}

# Nothing to read in them, and what the person hears then.
BLANK = "I cannot hear or see this."
KEPT = "I will keep this with your words."
NOT_KEPT = "I cannot take a location"
SILENT: dict[str, tuple[dict[str, Any], str]] = {
    "empty": ({"do": "say", "text": "", "raw": True}, BLANK),
    "spaces": ({"do": "say", "text": " \n\t ", "raw": True}, BLANK),
    "invisible": ({"do": "say", "text": "\u200b\u200d\u2060\ufeff", "raw": True}, BLANK),
    "hangul filler": ({"do": "say", "text": "\u3164", "raw": True}, BLANK),
    "right-to-left mark": ({"do": "say", "text": "\u200f\u202e", "raw": True}, BLANK),
    **{kind: ({"do": "attach", "kind": kind}, BLANK) for kind in ("sticker", "dice", "poll")},
    **{
        kind: ({"do": "attach", "kind": kind}, KEPT)
        for kind in ("photo", "voice", "audio", "video", "video_note", "animation", "document")
    },
    "location": ({"do": "attach", "kind": "location"}, NOT_KEPT),
    "contact": ({"do": "attach", "kind": "contact"}, NOT_KEPT),
}

FORGED = (
    "",
    "p",
    "p:0:send",
    "p:1:delete",
    "p:-1:send",
    "p:99999999999:send",
    "p:0:" + "x" * 60,
    "a:" + "0" * 32 + ":take-back",
    "a:" + "g" * 32 + ":yes",
    "n:" + "0" * 32,
    "\U0001f4a3" * 16,
    "x" * 64,
)


def poison(person: int) -> list[dict[str, Any]]:
    """Updates with something of the wrong type in them; a chat can be dug out of each."""
    chat = {"id": person, "type": "private"}
    who = {"id": person, "is_bot": False, "first_name": "P"}
    message = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "from": who}
    return [
        {"message": message | {"text": ["quietly", "swallowed"]}},
        {"message": message | {"text": {"quietly": "swallowed"}}},
        {"message": message | {"date": "yesterday", "text": "quietly swallowed"}},
        {"message": message | {"date": 10**18, "text": "quietly swallowed"}},
        {"message": message | {"from": "quietly swallowed", "text": "quietly swallowed"}},
        {"message": message | {"photo": "quietly swallowed", "caption": 7}},
        {"message": {"chat": chat, "text": "quietly swallowed"}},
        {"message": message | {"entities": [[]], "text": "quietly swallowed"}},
        {"message": message | {"reply_to_message": nested(90), "text": "quietly swallowed"}},
        {"edited_message": message | {"text": 7}},
        {"callback_query": {"id": "1", "from": who, "message": "quietly swallowed", "data": 7}},
        {"my_chat_member": {"chat": chat, "from": who, "date": 1}},
    ]


# Kinds that we ignore by name, and those of a later Bot API: their ids are remembered, no more.
NOBODY_ASKS: tuple[dict[str, Any], ...] = (
    {},
    {"a_kind_from_next_year": {"words": "quietly swallowed"}},
)


def homeless() -> list[dict[str, Any]]:
    """Updates that belong to nobody who could be answered."""
    return [
        *NOBODY_ASKS,
        {"message": "quietly swallowed"},
        {"message": {}},
        {"message": []},
        {"message": {"chat": {"id": "quietly swallowed"}, "text": "x"}},
        {"message": {"chat": {"id": 2**70, "type": "private"}, "text": "x"}},
        {"callback_query": {"id": 7}},
        {"message": nested(200)},
        {"message": {"text": "quietly swallowed " * 50_000}},
    ]


def nested(depth: int) -> dict[str, Any]:
    """A message that answers a message, and so on; the last one is no message."""
    inside: dict[str, Any] = {"deep": True}
    for _ in range(depth):
        inside = {"reply_to_message": inside}
    return inside
