"""What a member of staff is to callers, and how names, keys and chats are sealed into the row."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from storage.sealing import (
    Argon2Cost,
    context,
    lock,
    lock_with_passphrase,
    new_key_pair,
    pad,
    tag,
    unlock,
    unlock_with_passphrase,
    unpad,
)
from storage.secrets import Purpose, Secrets

Memberships = tuple[tuple[str, str], ...]  # (team, role)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff. `damaged`: the name does not open and is empty."""

    id: str
    name: str = field(repr=False)
    public_key: bytes = field(repr=False)
    private_locked: bytes = field(repr=False)
    active: bool
    linked: bool
    memberships: Memberships
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class StaffKeys:
    """A member's key pair, its private half locked under their passphrase."""

    public: bytes = field(repr=False)
    private_locked: bytes = field(repr=False)


def new_keys(staff_id: str, passphrase: str, cost: Argon2Cost | None = None) -> StaffKeys:
    """Make a member's keys. Takes about half a second of processor time: run it in a thread."""
    pair = new_key_pair()
    locked = lock_with_passphrase(passphrase, pair.private, _private(staff_id), cost)
    return StaffKeys(pair.public, locked)


def unlock_private(row: StaffRow, passphrase: str) -> bytes:
    """A member's private half; as slow as `new_keys`. Raises WrongPassphrase, Damaged."""
    return unlock_with_passphrase(passphrase, row.private_locked, _private(row.id))


def spelled(name: str) -> str:
    """A name as it is shown: composed (NFC), with single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_tag(secrets: Secrets, name: str) -> bytes:
    """What a name is looked up by, whatever its capitals and spaces."""
    folded = unicodedata.normalize("NFKC", spelled(name).casefold())
    return tag(secrets.key(Purpose.STAFF_TAG), "staff", "name", folded)


def seal_name(secrets: Secrets, staff_id: str, name: str) -> bytes:
    """Seal a name under the directory key."""
    where = context("staff", "name", staff_id)
    return lock(secrets.key(Purpose.STAFF_NAME), pad(spelled(name).encode()), where)


def open_name(key: bytes, staff_id: str, blob: bytes) -> str:
    """A name, opened with the key for `Purpose.STAFF_NAME`. Raises Damaged."""
    return unpad(unlock(key, blob, context("staff", "name", staff_id))).decode()


def staff_chat_tag(secrets: Secrets, chat_id: int) -> bytes:
    """What a member's chat is looked up by."""
    return tag(secrets.key(Purpose.CHAT_TAG), "staff", str(chat_id))


def seal_staff_chat(secrets: Secrets, staff_id: str, chat_id: int) -> bytes:
    """Seal a member's chat id under the delivery key."""
    where = context("staff", "chat", staff_id)
    return lock(secrets.key(Purpose.CHAT_ID), str(chat_id).encode(), where)


def open_staff_chat(key: bytes, staff_id: str, blob: bytes) -> int:
    """A member's chat id, opened with the key for `Purpose.CHAT_ID`. Raises Damaged."""
    return int(unlock(key, blob, context("staff", "chat", staff_id)))


def link_tag(secrets: Secrets, code: str) -> bytes:
    """What a one-time code is looked up by; how it was typed does not matter."""
    return tag(secrets.key(Purpose.LINK_TAG), "staff", "link", "".join(code.split()).casefold())


def _private(staff_id: str) -> bytes:
    return context("staff", "private", staff_id)
