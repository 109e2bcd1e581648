"""How one conversation is sealed into its row and opened again; no query is made here but one.

Bodies are bound to their table, column and row, so that bytes moved elsewhere do not open.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from storage.chunks import chunks
from storage.columns import hour_of
from storage.connection import Conn
from storage.errors import BadRow, StoreConflict
from storage.schema import conversations
from storage.schema import draft_parts as stored_parts
from storage.sealing import (
    KEY_BYTES,
    SealError,
    context,
    lock,
    pad,
    tag,
    unlock,
    unlock_any,
    unpad,
)
from storage.secrets import Purpose, Secrets

YOUNG = "young_messages"  # a column that a query may add


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is stored. `damaged` means that something of it did not open.

    What did not open is empty (chat id: 0); what did is there. Save a damaged one with `new_key`.
    """

    id: str
    chat_id: int
    version: int
    talk: bytes = field(repr=False)
    own: bytes = field(repr=False)
    unreachable: bool
    due_at: datetime | None
    due_kind: str | None
    damaged: bool = False
    updated_at: datetime | None = None  # the hour of its last turn, which only its person begins
    began_at: datetime | None = None  # the hour of the first; None if that was before it was noted
    messages: int = 0  # of its chat, since the time that was asked for
    wants_changes: bool = False  # asked to be told what changed


@dataclass(frozen=True, slots=True)
class ConversationChange:
    """A conversation as it shall be. `version` is the one that was loaded, 0 for a new one.

    `new_key` makes all older stored parts unreadable, so they are dropped with it.
    """

    id: str
    chat_id: int
    version: int
    talk: bytes = field(repr=False)
    own: bytes = field(repr=False)
    unreachable: bool = False
    due_at: datetime | None = None
    due_kind: str | None = None
    new_key: bool = False
    add_parts: tuple[bytes, ...] = field(default=(), repr=False)
    drop_parts: bool = False
    wants_changes: bool = False


def lock_key(secrets: Secrets, epoch: int, conversation_id: str, key: bytes) -> bytes:
    """Lock a conversation's own key under an epoch."""
    return lock(secrets.epoch_key(epoch), key, context("conversations", "key", conversation_id))


def unlock_key(secrets: Secrets, epoch: int, conversation_id: str, blob: bytes) -> bytes:
    """Undo `lock_key`. Raises Damaged, or UnknownEpoch when the epoch's key is gone."""
    return unlock(secrets.epoch_key(epoch), blob, context("conversations", "key", conversation_id))


def chat_tag(key: bytes, chat_id: int) -> bytes:
    """What a chat is looked up by, with a key for `Purpose.CHAT_TAG`: chat ids are few enough to
    guess, so never a bare hash."""
    return tag(key, "conversations", str(chat_id))


def seal_chat_id(key: bytes, conversation_id: str, chat_id: int) -> bytes:
    """Seal the chat id of a row, with the key for `Purpose.CHAT_ID`."""
    return lock(key, str(chat_id).encode(), context("conversations", "chat", conversation_id))


def open_chat_id(keys: Sequence[bytes], conversation_id: str, blob: bytes) -> int:
    """The chat id of a row, with the keys for `Purpose.CHAT_ID`. Raises Damaged."""
    return int(unlock_any(keys, blob, context("conversations", "chat", conversation_id)))


class Opener:
    """Opens rows with keys that are derived once for a whole set."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._chat = secrets.keys(Purpose.CHAT_ID)
        self._own = secrets.keys(Purpose.OWN)
        self._keys: dict[str, bytes] = {}

    def conversation(self, row: Row[Any]) -> Conversation:
        chat_id, talk, own, damaged = 0, b"", b"", False
        try:
            chat_id = open_chat_id(self._chat, row.id, row.chat_sealed)
        except SealError:
            damaged = True
        try:
            own = unpad(unlock_any(self._own, row.own, own_place(row.id)))
        except SealError:
            damaged = True
        try:
            key = unlock_key(self._secrets, row.epoch, row.id, row.key_locked)
            talk = unpad(unlock(key, row.talk, _talk(row.id)))
        except SealError:
            damaged = True
        return Conversation(
            row.id,
            chat_id,
            row.version,
            talk,
            own,
            row.unreachable,
            row.due_at,
            row.due_kind,
            damaged,
            row.updated_at,
            row.began_at,
            getattr(row, YOUNG, 0),
            row.wants_changes,
        )

    def part(self, row: Row[Any]) -> bytes:
        owner = row.conversation_id
        key = self._keys.get(owner)
        if key is None:
            key = unlock_key(self._secrets, row.epoch, owner, row.key_locked)
            self._keys[owner] = key
        return unpad(unlock(key, row.body, _part(owner, row.seq)))


class Writer:
    """Makes the rows of one save; each conversation has one key and one run of part numbers."""

    def __init__(self, secrets: Secrets, now: datetime) -> None:
        self._secrets = secrets
        self._hour = hour_of(now)
        self._epoch = secrets.newest_epoch()
        self._chat = secrets.key(Purpose.CHAT_ID)
        self._tag = secrets.key(Purpose.CHAT_TAG)
        self._own = secrets.key(Purpose.OWN)
        self._keys: dict[str, bytes] = {}
        self._last_part: dict[str, int] = {}

    async def read_keys(self, conn: Conn, changes: Sequence[ConversationChange]) -> None:
        last = (
            select(func.max(stored_parts.c.seq))
            .where(stored_parts.c.conversation_id == conversations.c.id)
            .scalar_subquery()
        )
        columns = (conversations.c.id, conversations.c.key_locked, conversations.c.epoch)
        for some in chunks(change.id for change in changes):
            rows = await conn.execute(
                select(*columns, last.label("last_part")).where(conversations.c.id.in_(some))
            )
            for row in rows:
                try:
                    key = unlock_key(self._secrets, row.epoch, row.id, row.key_locked)
                except SealError:
                    raise BadRow("a damaged conversation is saved without a new key") from None
                self._keys[row.id] = key
                self._last_part[row.id] = row.last_part or 0

    def kept_row(self, change: ConversationChange) -> dict[str, Any]:
        if change.id not in self._keys:
            raise StoreConflict("a conversation is gone")
        row = self._row(change)
        if change.chat_id:
            row |= self._chat_row(change)  # it may be what was damaged
        return row | {"row_id": change.id, "expected": change.version}

    def fresh_row(self, change: ConversationChange) -> dict[str, Any]:
        row = self._key_row(change) | self._row(change)
        if change.chat_id:
            row |= self._chat_row(change)  # it may be what was damaged
        return row | {"row_id": change.id, "expected": change.version}

    def new_row(self, change: ConversationChange) -> dict[str, Any]:
        row = self._key_row(change) | self._row(change) | self._chat_row(change)
        row |= {"id": change.id, "chat_tag": chat_tag(self._tag, change.chat_id)}
        return row | {"began_at": self._hour}

    def part_rows(self, change: ConversationChange) -> list[dict[str, Any]]:
        key, first = self._keys[change.id], self._last_part.get(change.id, 0) + 1
        return [
            {
                "conversation_id": change.id,
                "seq": seq,
                "body": lock(key, pad(words), _part(change.id, seq)),
                "at": self._hour,
            }
            for seq, words in enumerate(change.add_parts, first)
        ]

    def _key_row(self, change: ConversationChange) -> dict[str, Any]:
        key = self._keys[change.id] = os.urandom(KEY_BYTES)
        return {
            "key_locked": lock_key(self._secrets, self._epoch, change.id, key),
            "epoch": self._epoch,
        }

    def _chat_row(self, change: ConversationChange) -> dict[str, Any]:
        return {"chat_sealed": seal_chat_id(self._chat, change.id, change.chat_id)}

    def _row(self, change: ConversationChange) -> dict[str, Any]:
        return {
            "talk": lock(self._keys[change.id], pad(change.talk), _talk(change.id)),
            "own": lock(self._own, pad(change.own), own_place(change.id)),
            "version": change.version + 1,
            "unreachable": change.unreachable,
            "due_at": change.due_at,
            "due_kind": change.due_kind,
            "updated_at": self._hour,
            "wants_changes": change.wants_changes,
        }


def _talk(conversation_id: str) -> bytes:
    return context("conversations", "talk", conversation_id)


def own_place(conversation_id: str) -> bytes:
    """What the memory of a chat is bound to."""
    return context("conversations", "own", conversation_id)


def _part(conversation_id: str, seq: int) -> bytes:
    return context("draft_parts", "body", conversation_id, str(seq))
