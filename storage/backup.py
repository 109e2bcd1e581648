"""One sealed file that holds all it takes to go on elsewhere; only the recovery code opens it.

Inside the stream: four bytes of length, a JSON manifest with the secrets that are kept, then the
database. Epoch keys are never in it: what was deleted or not yet sent must not come back from it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import aiosqlite

from storage.connection import Conn, whole
from storage.durable_files import open_new, put_in_place
from storage.engine import FileInUse, Store, revision
from storage.file_lock import FileLock
from storage.sealing import Damaged, StreamReader, StreamWriter, Unsupported, context
from storage.secrets import KEY_SIZES, Secrets, keys_in, sizes

PURPOSE = context("backup file")
FORMAT = 1
_LENGTH_BYTES = 4
_READ_BYTES = 1024 * 1024
# The manifest holds three small secrets; more than this is no manifest of ours.
_MOST_MANIFEST = 64 * 1024


class BackupError(Exception):
    """A backup cannot be made or restored; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: database revision, and secrets by file name."""

    revision: str
    database_bytes: int
    secrets: dict[str, bytes] = field(repr=False)

    def encode(self) -> bytes:
        encoded = {name: base64.b64encode(one).decode() for name, one in self.secrets.items()}
        fields = {
            "format": FORMAT,
            "revision": self.revision,
            "database_bytes": self.database_bytes,
            "secrets": encoded,
        }
        raw = json.dumps(fields).encode()
        return len(raw).to_bytes(_LENGTH_BYTES, "big") + raw

    @classmethod
    def decode(cls, raw: bytes) -> Manifest:
        """Raises BackupError for a manifest that a later version wrote."""
        # Anyone who has the public half could have sealed it, so nothing in it is taken on trust.
        try:
            fields = json.loads(raw)
            if fields["format"] != FORMAT:
                raise BackupError("This backup was made by a newer Heard. Install that one first.")
            secrets = {name: base64.b64decode(one) for name, one in fields["secrets"].items()}
            return cls(str(fields["revision"]), int(fields["database_bytes"]), secrets)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BackupError("This is not a backup that Heard made.") from None


async def backup(store: Store, secrets: Secrets, file: Path) -> None:
    """Write a backup of a running or stopped database to `file` (0600), whole or not at all.

    It shows the database at one moment; nobody waits meanwhile. Raises BackupError when `file`
    exists, the disk refuses or the engine is not SQLite.
    """
    if not store.is_sqlite:
        raise BackupError(
            "Backups of PostgreSQL are made with its own tools. 'heard backup' is for SQLite."
        )
    _refuse_to_replace(file)
    async with store.read() as conn:
        database = await _path(conn)
    # Beside the database: a memory stick for backups shall never hold it unsealed.
    snapshot = database.with_name(f"{database.name}.snapshot")
    try:
        lock = FileLock.take(snapshot)
    except FileInUse:
        raise BackupError("Another backup is being made. Wait until it is done.") from None
    try:
        before = secrets.kept()
        async with store.read() as conn:
            found = await _take_snapshot(conn, snapshot)
        kept = _all_kept(before, secrets.kept())
        public = secrets.recovery_public
        await whole(asyncio.to_thread(_seal, _Found(found, kept, public), snapshot, file))
    finally:
        snapshot.unlink(missing_ok=True)
        lock.release()


@dataclass(frozen=True, slots=True)
class _Found:
    """What goes into a backup beside the database, and to whom it is sealed."""

    revision: str
    kept: dict[str, bytes] = field(repr=False)
    public: bytes = field(repr=False)


def _all_kept(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, bytes]:
    """What opens the snapshot, though a key was replaced while it was taken."""
    kept = {}
    for name, content in after.items():
        size = KEY_SIZES[name]
        newer, older = keys_in(content, size), keys_in(before.get(name, b""), size)
        keys = newer + [one for one in older if one not in newer]
        if len(content := b"".join(keys)) not in sizes(size):
            raise BackupError("Keys were replaced meanwhile. Make the backup again.")
        kept[name] = content
    return kept


def _refuse_to_replace(file: Path) -> None:
    if file.exists():
        raise BackupError(f"{file} is there already. Choose another name.")
    if not file.absolute().parent.is_dir():
        raise BackupError(f"There is no folder {file.absolute().parent}. Make it first.")


async def _driver(conn: Conn) -> aiosqlite.Connection:
    return cast("aiosqlite.Connection", (await conn.get_raw_connection()).driver_connection)


async def _path(conn: Conn) -> Path:
    async with (await _driver(conn)).execute("PRAGMA database_list") as rows:
        return Path(next(row[2] for row in await rows.fetchall() if row[1] == "main"))


async def _take_snapshot(conn: Conn, snapshot: Path) -> str:
    """Copy one moment of the database through a connection that only reads; tell its revision."""
    found = await revision(conn)
    open_new(snapshot).close()
    # The copy runs in the driver's own thread.
    target = sqlite3.connect(snapshot, check_same_thread=False)
    try:
        # A journal that a killed run left would be played back into this copy.
        target.execute("PRAGMA journal_mode=OFF")
        await whole((await _driver(conn)).backup(target))
    except sqlite3.Error as error:
        raise BackupError(f"The database could not be copied ({error}).") from None
    finally:
        target.close()
    return str(found)


def _seal(found: _Found, snapshot: Path, file: Path) -> None:
    manifest = Manifest(found.revision, snapshot.stat().st_size, found.kept)
    writer = StreamWriter(found.public, PURPOSE)
    half = file.with_name(f".{file.name}.half")
    try:
        with open_new(half) as out, snapshot.open("rb") as database:
            out.write(writer.feed(manifest.encode()))
            for piece in _pieces(database):
                out.write(writer.feed(piece))
            out.write(writer.finish())
            out.flush()
            os.fsync(out.fileno())
        put_in_place(half, file)
    except FileExistsError:
        raise BackupError(f"{file} is there already. Choose another name.") from None
    except OSError as error:
        raise BackupError(f"{file} could not be written ({error.strerror}).") from None
    finally:
        half.unlink(missing_ok=True)


def unseal(file: Path, private: bytes, database: Path) -> Manifest:
    """Open a backup into a new file `database` (0600) and return its manifest.

    Raises BackupError for a file that is no backup, is damaged or belongs to another recovery
    code; then no `database` is left behind.
    """
    try:
        with file.open("rb") as sealed, open_new(database) as out:
            manifest = _unseal(sealed, StreamReader(private, PURPOSE), out)
            out.flush()
            os.fsync(out.fileno())
            complete = out.tell() == manifest.database_bytes
    except BaseException as error:
        database.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise BackupError(f"{file} could not be restored ({error.strerror}).") from None
        if isinstance(error, Unsupported):
            raise BackupError(f"{file} is not a backup that this Heard can read.") from None
        if isinstance(error, Damaged):
            raise BackupError(
                f"{file} does not open. Either it is damaged, or the recovery code belongs to"
                " another installation. Nothing was changed."
            ) from None
        raise
    if not complete:
        database.unlink()
        raise BackupError(f"{file} holds a cut database. Nothing was changed.")
    return manifest


def _unseal(sealed: BinaryIO, reader: StreamReader, out: BinaryIO) -> Manifest:
    opened = bytearray()
    manifest = None
    for piece in _opened(sealed, reader):
        opened += piece
        if manifest is None:
            manifest = _cut_manifest(opened)
        if manifest is not None:
            out.write(opened)
            opened.clear()
    if manifest is None:
        raise Damaged("no manifest")
    return manifest


def _cut_manifest(opened: bytearray) -> Manifest | None:
    """Take the manifest off the front of what was opened so far, once it is all there."""
    length = int.from_bytes(opened[:_LENGTH_BYTES], "big")
    if length > _MOST_MANIFEST:
        raise Damaged("no manifest")
    if len(opened) < _LENGTH_BYTES + length:
        return None
    manifest = Manifest.decode(bytes(opened[_LENGTH_BYTES:][:length]))
    del opened[: _LENGTH_BYTES + length]
    return manifest


def _opened(sealed: BinaryIO, reader: StreamReader) -> Iterator[bytes]:
    for piece in _pieces(sealed):
        yield reader.feed(piece)
    yield reader.finish()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_READ_BYTES):
        yield piece
