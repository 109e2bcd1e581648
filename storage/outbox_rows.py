"""What a waiting message is to its callers, and how it is sealed into its row and opened again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from storage.conversation_rows import open_chat_id
from storage.sealing import SealError, context, lock, pad, unlock, unpad
from storage.secrets import Purpose, Secrets
from storage.staff_rows import open_staff_chat

CONVERSATION, MEMBER = "c:", "s:"  # how a recipient begins; its row's id follows


class MessageState(StrEnum):
    """Where a message is; a delivered one is no row any more."""

    QUEUED = "queued"
    HELD = "held"  # waits until its recipient asks for it
    REFUSED = "refused"  # kept for people to look at; never sent again by itself


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be sent. `recipient` is "c:" and a conversation's id or "s:" and a staff id.

    `about` is the concern it tells of; `held_id` holds it until `release` is called with it.
    """

    recipient: str
    lane: int
    body: bytes = field(repr=False)
    replaceable: bool = False
    about: str | None = None
    held_id: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to send now. `damaged`: body or chat id does not open (then empty or 0)."""

    id: int
    recipient: str
    chat_id: int = field(repr=False)
    lane: int
    body: bytes = field(repr=False)
    attempts: int
    damaged: bool = False


def lock_body(secrets: Secrets, epoch: int, recipient: str, body: bytes) -> bytes:
    """Lock (and pad) a message under an epoch."""
    return lock(secrets.epoch_key(epoch), pad(body), context("outbox", "body", recipient))


def unlock_body(secrets: Secrets, epoch: int, recipient: str, blob: bytes) -> bytes:
    """Undo `lock_body`. Raises Damaged, or UnknownEpoch when the epoch's key is gone."""
    return unpad(unlock(secrets.epoch_key(epoch), blob, context("outbox", "body", recipient)))


def seal_about(secrets: Secrets, recipient: str, concern_id: str) -> bytes:
    """Seal which concern a message tells of, so that a list of chats shows no concerns."""
    where = context("outbox", "about", recipient)
    return lock(secrets.key(Purpose.ABOUT), concern_id.encode(), where)


def open_about(secrets: Secrets, recipient: str, blob: bytes) -> str:
    """Undo `seal_about`. Raises Damaged."""
    return unlock(secrets.key(Purpose.ABOUT), blob, context("outbox", "about", recipient)).decode()


def new_row(secrets: Secrets, message: NewMessage, epoch: int, now: datetime) -> dict[str, Any]:
    """The row of a message that is put into the outbox."""
    held, about = message.held_id is not None, message.about
    return {
        "recipient": message.recipient,
        "lane": message.lane,
        "replaceable": message.replaceable,
        "body": lock_body(secrets, epoch, message.recipient, message.body),
        "epoch": epoch,
        "about": None if about is None else seal_about(secrets, message.recipient, about),
        "state": MessageState.HELD if held else MessageState.QUEUED,
        "held_id": message.held_id,
        "attempts": 0,
        "due_at": message.due_at or now,
        "created_at": now,
    }


def opened(secrets: Secrets, chat_key: bytes, row: Row[Any]) -> Claimed:
    """A claimed row, opened; `chat_key` is the key for `Purpose.CHAT_ID`."""
    chat_id, body, damaged = 0, b"", False
    owner = row.recipient[len(CONVERSATION) :]
    try:
        if row.conversation_chat is not None:
            chat_id = open_chat_id(chat_key, owner, row.conversation_chat)
        else:
            chat_id = open_staff_chat(chat_key, owner, row.staff_chat)
    except SealError:
        damaged = True
    try:
        body = unlock_body(secrets, row.epoch, row.recipient, row.body)
    except SealError:
        damaged = True
    return Claimed(row.id, row.recipient, chat_id, row.lane, body, row.attempts, damaged)
