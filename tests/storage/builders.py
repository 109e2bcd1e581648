"""Rows to test with, where only what a test is about is said."""

from __future__ import annotations

import secrets as chance
from datetime import UTC, datetime, timedelta

from storage import concerns, conversations
from storage.sealing import Argon2Cost

NOW = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHEAP = Argon2Cost(memory_kib=8, passes=1, lanes=1)


def new_id() -> str:
    return chance.token_hex(16)


def new_chat(chat_id: int, **other) -> conversations.ConversationChange:
    given = {"talk": b"talk", "own": b"own"} | other
    return conversations.ConversationChange(new_id(), chat_id, 0, **given)


def new_concern(readers, *words: bytes, excluded=(), **other) -> concerns.NewConcern:
    concern_id = new_id()
    parts = tuple(
        concerns.NewPart(new_id(), concern_id, "words", None, NOW, each) for each in words
    )
    given = {
        "reference": chance.token_hex(4),
        "team": "north",
        "state": "sent",
        "level": 0,
        "sent_at": NOW,
        "due_at": NOW + HOUR,
        "due_kind": "acknowledge",
        "conversation_id": new_id(),
    } | other
    return concerns.NewConcern(
        concern_id,
        parts=parts,
        excluded=frozenset(excluded),
        readers=frozenset(readers),
        **given,
    )
