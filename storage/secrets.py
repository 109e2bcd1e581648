"""The keys that live in files beside the database, so that a stolen database opens nothing."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from storage.durable_files import make_private_folder, shred, sync_folder, write_new
from storage.sealing import (
    KEY_BYTES,
    PUBLIC_BYTES,
    SEED_BYTES,
    Damaged,
    key_pair_from_seed,
    recovery_code,
    subkey,
)

DELIVERY = "delivery.key"
DIRECTORY = "directory.key"
RECOVERY = "recovery.pub"
AUDIT = "audit.key"  # signs the heads of the audit; one that is missing is made (audit_key.py)
AUDIT_HEAD = "audit.head"  # the newest signed head, out of reach of who has the database alone
_SIZES = {DELIVERY: KEY_BYTES, DIRECTORY: KEY_BYTES, RECOVERY: PUBLIC_BYTES}
KEY_SIZES = {**_SIZES, AUDIT: KEY_BYTES}  # older backups have none
_EPOCH_NAME = re.compile(r"([1-9][0-9]{0,8})\.key")
_OTHERS = 0o077


class SecretsError(Exception):
    """The secrets folder is not as it must be; the text says what to do. Retrying does not help."""


class UnknownEpoch(Damaged):
    """No key is left for this epoch: what was locked under it is gone for good."""


class Purpose(StrEnum):
    """What a key is for. Each has its own key, so that no blob or tag fits another's place."""

    CHAT_ID = "chat id"
    CHAT_TAG = "chat tag"
    LINK_TAG = "link tag"
    RETURN_ADDRESS = "return address"
    OWN = "what a chat owns"
    ABOUT = "what a message is about"
    FILE_OWNER = "whose draft a file is in"
    STAFF_NAME = "staff name"
    STAFF_EMAIL = "staff email"
    STAFF_TAG = "staff tag"


# The console works with names alone and must not be able to open chat ids: two separate files.
_FROM_DIRECTORY = frozenset({Purpose.STAFF_NAME, Purpose.STAFF_EMAIL, Purpose.STAFF_TAG})


@dataclass(frozen=True, slots=True)
class Secrets:
    """All keys of one running bot. Printing it shows no key."""

    folder: Path
    roots: dict[str, list[bytes]] = field(repr=False)  # by file; two while one is replaced
    epochs: dict[int, bytes] = field(repr=False)

    @classmethod
    def create(cls, folder: Path) -> tuple[Secrets, str]:
        """Make a new folder of secrets; return it with the recovery code, which is kept nowhere.

        Raises SecretsError when anything is there already.
        """
        seed = os.urandom(SEED_BYTES)
        files = {
            DELIVERY: os.urandom(KEY_BYTES),
            DIRECTORY: os.urandom(KEY_BYTES),
            RECOVERY: key_pair_from_seed(seed).public,
            AUDIT: os.urandom(KEY_BYTES),
        }
        return cls.put_back(folder, files, first_epoch=1), recovery_code(seed)

    @classmethod
    def put_back(cls, folder: Path, files: Mapping[str, bytes], first_epoch: int) -> Secrets:
        """Make a folder from what a backup kept (see `kept`), with a fresh epoch key.

        `first_epoch` must be above every epoch that the database names. Raises SecretsError when
        anything is there already or `files` is not what `kept` returned.
        """
        if files.keys() not in (_SIZES.keys(), KEY_SIZES.keys()) or any(
            len(content) not in sizes(KEY_SIZES[name]) for name, content in files.items()
        ):
            raise SecretsError("These are not the secrets of a backup.")
        make_private_folder(folder)
        if any(folder.iterdir()):
            raise SecretsError(
                f"{folder} is not empty. Secrets are never overwritten: choose another folder, or,"
                " if an earlier start was interrupted and nothing runs on it yet, empty it first."
            )
        make_private_folder(folder / "epochs")
        write_new(_epoch_path(folder, first_epoch), os.urandom(KEY_BYTES))
        for name, content in files.items():
            write_new(folder / name, content)
        sync_folder(folder.absolute().parent)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Secrets:
        """Read a folder of secrets. Raises SecretsError for one missing, open to others or cut."""
        problems = check_modes(folder)
        if problems:
            raise SecretsError(" ".join(problems))
        roots = {name: read_keys(folder / name, size) for name, size in _SIZES.items()}
        epochs = {
            number: _read(path, (KEY_BYTES,))
            for number, path in sorted(_epoch_files(folder).items())
        }
        if not epochs:
            raise SecretsError(
                f"{folder / 'epochs'} holds no key. Put the newest one back; if it is lost, restore"
                " a backup, which keeps all that was sent but no drafts."
            )
        return cls(folder, roots, epochs)

    @property
    def recovery_public(self) -> bytes:
        """What backups, and every concern's key, are sealed to."""
        return self.roots[RECOVERY][0]

    def key(self, purpose: Purpose) -> bytes:
        """The 32-byte key of one purpose (HKDF of the file's key with the purpose as its label)."""
        return self.keys(purpose)[0]

    def keys(self, purpose: Purpose) -> tuple[bytes, ...]:
        """The keys that open what is there, the newest first: two while one is being replaced."""
        roots = self.roots[DIRECTORY if purpose in _FROM_DIRECTORY else DELIVERY]
        return tuple(subkey(root, purpose) for root in roots)

    def epoch_key(self, number: int) -> bytes:
        """The key that locks drafts and waiting texts of an epoch. Raises UnknownEpoch."""
        try:
            return self.epochs[number]
        except KeyError:
            raise UnknownEpoch(f"the key of epoch {number} is gone") from None

    def newest_epoch(self) -> int:
        """The epoch that new rows are locked under."""
        return max(self.epochs)

    def new_epoch(self) -> int:
        """Begin an epoch; its key is on disk for good before this returns."""
        number = self.newest_epoch() + 1
        key = os.urandom(KEY_BYTES)
        write_new(_epoch_path(self.folder, number), key)
        self.epochs[number] = key
        return number

    def destroy_epochs(self, below: int) -> None:
        """Destroy the keys of all epochs before `below`: nothing under them ever opens again."""
        if below > self.newest_epoch():
            raise ValueError("the newest epoch is never destroyed")
        for stray in (self.folder / "epochs").glob(".*.half"):
            shred(stray)
        for number, path in _epoch_files(self.folder).items():
            if number < below:
                shred(path)
                self.epochs.pop(number, None)

    def epoch_made_at(self, number: int) -> datetime:
        """When an epoch began (UTC), from its file. Raises UnknownEpoch."""
        try:
            made = _epoch_path(self.folder, number).stat().st_mtime
        except FileNotFoundError:
            raise UnknownEpoch(f"the key of epoch {number} is gone") from None
        return datetime.fromtimestamp(made, UTC)

    def kept(self) -> dict[str, bytes]:
        """What a backup holds, by file name: never an epoch key."""
        audit = self.folder / AUDIT
        return {
            **{name: b"".join(roots) for name, roots in self.roots.items()},
            **({AUDIT: b"".join(read_keys(audit, KEY_BYTES))} if audit.exists() else {}),
        }


def check_modes(folder: Path) -> list[str]:
    """What to do about every secret that others could read or that is missing; empty is good."""
    if not folder.is_dir():
        return [f"There is no secrets folder {folder}. Run 'heard init', or set HEARD_SECRETS."]
    problems = []
    paths = [folder, folder / "epochs", *(folder / name for name in _SIZES)]
    paths += [path for name in (AUDIT, AUDIT_HEAD) if (path := folder / name).exists()]
    for path in [*paths, *_epoch_files(folder).values()]:
        if not path.exists():
            problems.append(f"{path} is missing. Put it back, or restore a backup.")
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            wanted = "700" if path.is_dir() else "600"
            problems.append(f"{path} is open to others (mode {mode:o}). Run: chmod {wanted} {path}")
    return problems


def _epoch_path(folder: Path, number: int) -> Path:
    return folder / "epochs" / f"{number}.key"


def _epoch_files(folder: Path) -> dict[int, Path]:
    files = {}
    for path in (folder / "epochs").glob("*.key"):
        named = _EPOCH_NAME.fullmatch(path.name)
        if named:
            files[int(named[1])] = path
    return files


def sizes(size: int) -> tuple[int, int]:
    """How long a file may be whose keys have `size` bytes: it holds one, or two, the newest first,
    while one is being replaced."""
    return size, 2 * size


def read_keys(path: Path, size: int) -> list[bytes]:
    """The keys in a file, the newest first. Raises SecretsError."""
    return keys_in(_read(path, sizes(size)), size)


def keys_in(content: bytes, size: int) -> list[bytes]:
    """The keys that the content of a file holds, the newest first."""
    return [content[at : at + size] for at in range(0, len(content), size)]


def _read(path: Path, sizes: tuple[int, ...]) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SecretsError(f"{path} cannot be read ({error.strerror}).") from None
    if len(content) not in sizes:
        raise SecretsError(
            f"{path} has {len(content)} bytes instead of {sizes[0]}: it is damaged. Put it back"
            " from where you keep it, or restore a backup."
        )
    return content
