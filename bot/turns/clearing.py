"""Clearing a chat that others may look into: which messages Telegram still lets us delete, and the
one row of the outbox that deletes them and then tells what was done."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from bot.dialogue.effects import Button, Tell
from bot.dialogue.inputs import Attached, Edited, Said, Unreadable
from bot.turns.arrival import Arrival
from bot.turns.house import LANE_LIVE
from storage import chat_messages
from storage.conversations import Conversation
from storage.engine import Conn
from storage.outbox import NewMessage

DELETABLE: Final = timedelta(hours=48)
"""For how long a bot may delete a message in a private chat (Bot API, deleteMessage)."""

MARGIN: Final = timedelta(minutes=10)
"""Taken off that, for clocks that differ and for the way to Telegram."""

AWAY: Final = timedelta(days=1)

_WORDS: Final = (Said, Edited, Attached, Unreadable)

_HELP: Final = ((Button("button.help", "help"),),)  # heard under a message of any age


@dataclass(slots=True)
class Visit:
    """What a set needs to know of a chat beside its talk: how many of its messages can still be
    deleted, whether there may be older ones, and whether its person comes back after a day or
    more; then which messages they add, whether they do more than tap, and whether they want to be
    told what changed."""

    clearable: int = 0
    too_old: bool = False
    away: bool = False
    said: list[int] = field(default_factory=list)
    pressed: list[int] = field(default_factory=list)
    spoke: bool = False
    wants_changes: bool = False

    def met(self, arrival: Arrival) -> None:
        self.said += arrival.said
        self.pressed += [arrival.message_id] if arrival.message_id is not None else []
        self.clearable += len(arrival.said)
        self.spoke |= any(isinstance(given, _WORDS) for given in arrival.inputs)

    def wants(self, changes: bool) -> None:
        self.wants_changes = changes


@dataclass(frozen=True, slots=True)
class Clear:
    """A chat to be cleared, and the bodies of what is told then: all is gone, or something stays
    that only its person can delete."""

    cleared: bytes
    partly: bytes

    @classmethod
    def of(cls, message: Callable[[Tell], NewMessage], reference: str | None) -> Self:
        """With the reference, if there is one, and the way to help in both."""
        keys = ("talk.cleared", "talk.cleared-some")
        if reference is None:
            cleared, partly = (Tell(f"{key}.no-reference", rows=_HELP) for key in keys)
        else:
            cleared, partly = (Tell(key, {"reference": reference}, rows=_HELP) for key in keys)
        return cls(message(cleared).body, message(partly).body)


def deletable_since(now: datetime) -> datetime:
    """The oldest moment whose messages can still be deleted."""
    return now - DELETABLE + MARGIN


def visit_of(known: Conversation | None, now: datetime) -> Visit:
    """A chat as it was loaded, with its messages counted from `deletable_since`."""
    if known is None:
        return Visit()
    return Visit(
        known.messages,
        known.began_at is None or known.began_at < deletable_since(now),
        known.updated_at is not None and now - known.updated_at >= AWAY,
        wants_changes=known.wants_changes,
    )


async def clearing(
    conn: Conn, conversation_id: str, clear: Clear, visit: Visit, now: datetime
) -> NewMessage:
    """The row that clears this chat of all that was noted of it so far, and of the message whose
    button was just pressed, which may not be noted yet."""
    noted = await chat_messages.numbers(conn, conversation_id, deletable_since(now))
    ids = sorted({*noted, *visit.pressed})
    if not ids:
        body = clear.partly if visit.too_old else clear.cleared
    else:
        cleared, partly = json.loads(clear.cleared), json.loads(clear.partly)
        row = {"ids": ids, "kept": visit.too_old, "cleared": cleared, "partly": partly}
        body = json.dumps({"clear": row}, ensure_ascii=False).encode()
    return NewMessage(f"c:{conversation_id}", LANE_LIVE, body)
