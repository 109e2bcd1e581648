"""What a waiting message is to its callers, and how it is sealed into its row and opened again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from storage.columns import hour_of
from storage.conversation_rows import open_chat_id
from storage.sealing import SealError, context, lock, pad, unlock, unlock_any, unpad
from storage.secrets import Purpose, Secrets
from storage.staff_rows import open_staff_chat

# How a recipient begins; its row's id follows. A member of staff has a chat, or an e-mail address.
CONVERSATION, MEMBER, MAILED = "c:", "s:", "e:"
MARK_BYTES = 16


class MessageState(StrEnum):
    """Where a message is; a delivered one is no row any more."""

    QUEUED = "queued"
    HELD = "held"  # waits until its recipient asks for it
    REFUSED = "refused"  # kept for people to look at; never sent again by itself


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be sent. `recipient` is "c:" and a conversation's id, or "s:" (by chat)
    or "e:" (by e-mail) and a staff id.

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
    """A message to send now. `damaged`: body or chat id does not open (then empty or 0); a chat id
    is there again once its person writes, a body never.
    """

    id: int
    recipient: str
    chat_id: int = field(repr=False)
    lane: int
    body: bytes = field(repr=False)
    attempts: int
    damaged: bool = False
    version: int = 0  # of its person's conversation when it was given out; 0 for staff
    kind: str | None = None  # what its person's conversation is due for


def unlock_body(secrets: Secrets, row: Row[Any]) -> bytes:
    """The body of a row. Raises Damaged, or UnknownEpoch when the epoch's key is gone."""
    where = _place("body", row.recipient, row.mark, row.held_id)
    return unpad(unlock(secrets.epoch_key(row.epoch), row.body, where))


def relock_body(secrets: Secrets, epoch: int, row: Row[Any]) -> bytes:
    """The body of a row, locked under another epoch. Raises what `unlock_body` raises."""
    where = _place("body", row.recipient, row.mark, row.held_id)
    return lock(secrets.epoch_key(epoch), pad(unlock_body(secrets, row)), where)


def locked_body(secrets: Secrets, row: Row[Any], body: bytes) -> dict[str, Any]:
    """What a row's columns become when its body is replaced by this one."""
    epoch = secrets.newest_epoch()
    where = _place("body", row.recipient, row.mark, row.held_id)
    return {"body": lock(secrets.epoch_key(epoch), pad(body), where), "epoch": epoch}


def open_about(secrets: Secrets, row: Row[Any]) -> str:
    """Which concern a row tells of. Raises Damaged."""
    return open_about_with(secrets.keys(Purpose.ABOUT), row)


def open_about_with(keys: Sequence[bytes], row: Row[Any]) -> str:
    """`open_about` with the keys for `Purpose.ABOUT`."""
    where = _place("about", row.recipient, row.mark, row.held_id)
    return unlock_any(keys, row.about, where).decode()


def seal_about(key: bytes, row: Row[Any], concern_id: str) -> bytes:
    """Which concern a row tells of, sealed with the key for `Purpose.ABOUT`."""
    where = _place("about", row.recipient, row.mark, row.held_id)
    return lock(key, concern_id.encode(), where)


def new_row(secrets: Secrets, message: NewMessage, epoch: int, now: datetime) -> dict[str, Any]:
    """The row of a message that is put into the outbox: the words under an epoch, and the concern
    they tell of under a key of its own, so that a list of chats shows no concerns. What is due now
    carries its hour alone: it may wait for weeks, and the news it brings has its exact moment.
    """
    held, mark = message.held_id is not None, os.urandom(MARK_BYTES)
    later = message.due_at is not None and message.due_at > now

    def place(column: str) -> bytes:
        return _place(column, message.recipient, mark, message.held_id)

    about = None
    if message.about is not None:
        about = lock(secrets.key(Purpose.ABOUT), message.about.encode(), place("about"))
    return {
        "recipient": message.recipient,
        "lane": message.lane,
        "replaceable": message.replaceable,
        "mark": mark,
        "body": lock(secrets.epoch_key(epoch), pad(message.body), place("body")),
        "epoch": epoch,
        "about": about,
        "state": MessageState.HELD if held else MessageState.QUEUED,
        "held_id": message.held_id,
        "attempts": 0,
        "due_at": message.due_at if later else hour_of(now),
        "created_at": hour_of(now),
    }


def opened(secrets: Secrets, chat_keys: Sequence[bytes], row: Row[Any]) -> Claimed:
    """A claimed row, opened; `chat_keys` are those for `Purpose.CHAT_ID`."""
    chat_id, body, damaged = 0, b"", False
    owner = row.recipient[len(CONVERSATION) :]
    try:
        if row.conversation_chat is not None:
            chat_id = open_chat_id(chat_keys, owner, row.conversation_chat)
        else:
            chat_id = open_staff_chat(chat_keys, owner, row.staff_chat)
    except SealError:
        damaged = True
    try:
        body = unlock_body(secrets, row)
    except SealError:
        damaged = True
    version = row.conversation_version or 0
    return Claimed(
        row.id,
        row.recipient,
        chat_id,
        row.lane,
        body,
        row.attempts,
        damaged,
        version,
        row.conversation_kind,
    )


def _place(column: str, recipient: str, mark: bytes, held_id: str | None) -> bytes:
    """A row's number is not known before it is there, so each carries a random mark; and words that
    wait to be asked for open nowhere else, so that no lock screen ever shows them.
    """
    return context("outbox", column, recipient, mark, held_id or "")
