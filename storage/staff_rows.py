"""What a member of staff is to callers, and how names, keys and chats are sealed into the row."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from storage.sealing import (
    Argon2Cost,
    WrongPassphrase,
    context,
    lock,
    lock_with_passphrase,
    new_key_pair,
    pad,
    tag,
    unlock_any,
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
    mailed: bool = False  # has an e-mail address, and this Heard sends mail


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


def lock_again(staff_id: str, passphrase: str, private: bytes) -> bytes:
    """The same private half under another passphrase; as slow as `new_keys`."""
    return lock_with_passphrase(passphrase, private, _private(staff_id))


def unlock_private(row: StaffRow, passphrase: str) -> bytes:
    """A member's private half; as slow as `new_keys`. Raises WrongPassphrase, Damaged.

    Whoever was invited and has not come yet has nothing that any passphrase opens.
    """
    if not row.private_locked:
        raise WrongPassphrase("there is nothing to open yet")
    return unlock_with_passphrase(passphrase, row.private_locked, _private(row.id))


def spelled(name: str) -> str:
    """A name as it is shown: composed (NFC), with single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_tag(key: bytes, name: str) -> bytes:
    """What a name is looked up by, whatever its capitals and spaces; with a key for
    `Purpose.STAFF_TAG`."""
    folded = unicodedata.normalize("NFKC", spelled(name).casefold())
    return tag(key, "staff", "name", folded)


def name_tags(secrets: Secrets, name: str) -> list[bytes]:
    """Every tag that a name may be kept by: two while the key is being replaced."""
    return [name_tag(key, name) for key in secrets.keys(Purpose.STAFF_TAG)]


def seal_name(secrets: Secrets, staff_id: str, name: str) -> bytes:
    """Seal a name under the directory key."""
    where = context("staff", "name", staff_id)
    return lock(secrets.key(Purpose.STAFF_NAME), pad(spelled(name).encode()), where)


def open_name(keys: Sequence[bytes], staff_id: str, blob: bytes) -> str:
    """A name, opened with the keys for `Purpose.STAFF_NAME`. Raises Damaged."""
    return unpad(unlock_any(keys, blob, context("staff", "name", staff_id))).decode()


def seal_email(secrets: Secrets, staff_id: str, address: str) -> bytes:
    """Seal an e-mail address under the directory key."""
    where = context("staff", "email", staff_id)
    return lock(secrets.key(Purpose.STAFF_EMAIL), pad(address.encode()), where)


def open_email(keys: Sequence[bytes], staff_id: str, blob: bytes) -> str:
    """An e-mail address, opened with the keys for `Purpose.STAFF_EMAIL`. Raises Damaged."""
    return unpad(unlock_any(keys, blob, context("staff", "email", staff_id))).decode()


def staff_chat_tag(key: bytes, chat_id: int) -> bytes:
    """What a member's chat is looked up by, with a key for `Purpose.CHAT_TAG`."""
    return tag(key, "staff", str(chat_id))


def staff_chat_tags(secrets: Secrets, chat_id: int) -> list[bytes]:
    """Every tag that a member's chat may be kept by, the one for a new row first."""
    return [staff_chat_tag(key, chat_id) for key in secrets.keys(Purpose.CHAT_TAG)]


def seal_staff_chat(secrets: Secrets, staff_id: str, chat_id: int) -> bytes:
    """Seal a member's chat id under the delivery key."""
    where = context("staff", "chat", staff_id)
    return lock(secrets.key(Purpose.CHAT_ID), str(chat_id).encode(), where)


def open_staff_chat(keys: Sequence[bytes], staff_id: str, blob: bytes) -> int:
    """A member's chat id, opened with the keys for `Purpose.CHAT_ID`. Raises Damaged."""
    return int(unlock_any(keys, blob, context("staff", "chat", staff_id)))


def link_tags(secrets: Secrets, code: str) -> list[bytes]:
    """Every tag that a one-time code may be kept by, the one for a new row first; how it was typed
    does not matter."""
    typed = "".join(code.split()).casefold()
    return [tag(key, "staff", "link", typed) for key in secrets.keys(Purpose.LINK_TAG)]


def _private(staff_id: str) -> bytes:
    return context("staff", "private", staff_id)
