"""Replacing a key file while Heard runs: both keys open until nothing is left under the old one.

1. The file holds the new key and the old one, from one moment to the next. 2. What the old key
locked is moved. 3. The file holds the new key alone, and the old bytes are overwritten. After a
crash anywhere the file says where it was, and the next run does the rest.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import TextClause, text

from storage.connection import OURS
from storage.durable_files import clear_gone, replace_and_shred
from storage.engine import Store
from storage.errors import FileInUse
from storage.file_lock import FileLock
from storage.sealing import KEY_BYTES
from storage.secrets import AUDIT, Secrets, read_keys

PATIENCE: Final = 10.0  # seconds for transactions that began earlier to end
GOING: Final = 2.0  # seconds for the connections of a process that just ended to go
_LOOK_EVERY: Final = 0.05

# Views of PostgreSQL's own: https://www.postgresql.org/docs/current/monitoring-stats.html
_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND starts_with(application_name, :ours)"
    " AND application_name <> current_setting('application_name')"
)
_OLDER: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND xact_start < :at AND pid <> pg_backend_pid()"
)
_NOW: Final = text("SELECT clock_timestamp()")


class Busy(Exception):
    """It cannot be done at this moment; the text says what to do. Nothing was changed."""


@asynccontextmanager
async def alone(store: Store, secrets: Secrets, name: str) -> AsyncIterator[None]:
    """Nobody else replaces this key meanwhile, and no other process uses the database with keys of
    its own in memory. Raises Busy."""
    try:
        lock = FileLock.take(secrets.folder / name)
    except FileInUse:
        raise Busy("This key is being replaced already. Wait until that is done.") from None
    try:
        if not store.is_sqlite and not await _gone(store, _OTHERS, {"ours": OURS}, GOING):
            raise Busy(
                "Another process of Heard uses this database, and would not know the new key."
                " Stop all but one of them, and try again."
            )
        yield
    finally:
        lock.release()


def halfway(secrets: Secrets, name: str) -> bool:
    """Whether a replacement of this key has begun and is not finished."""
    return len(_keys(secrets, name)) > 1


def made_at(secrets: Secrets, name: str) -> datetime | None:
    """Since when this key is in use; None for an audit key that was never made."""
    path = secrets.folder / name
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None


async def begin(store: Store, secrets: Secrets, name: str, new: bytes = b"") -> None:
    """From here on the new key (a random one if none is given) locks what is new, and both open.
    Does nothing when it was begun before. Returns when no transaction is left that began earlier.
    """
    keys = _keys(secrets, name)
    path = secrets.folder / name
    if len(keys) == 1:
        clear_gone(path)
        fresh = new or os.urandom(KEY_BYTES)
        # Between transactions: each has either key from its beginning to its end.
        async with store.write():
            replace_and_shred(path, fresh + keys[0])
            if name in secrets.roots:
                secrets.roots[name].insert(0, fresh)
    await settled(store)


async def settled(store: Store) -> None:
    """Return when no transaction is left that began before this. SQLite has one writer, so there
    whoever writes next comes after all of them. Raises Busy."""
    if store.is_sqlite:
        return
    async with store.read() as conn:
        at = (await conn.execute(_NOW)).scalar()
    if not await _gone(store, _OLDER, {"at": at}, PATIENCE):
        raise Busy("The database is too busy. Try again: what was begun goes on from there.")


def finish(secrets: Secrets, name: str) -> None:
    """Destroy the old key. Nothing may be left under it."""
    keys = _keys(secrets, name)
    path = secrets.folder / name
    if len(keys) > 1:
        replace_and_shred(path, keys[0])
        if name in secrets.roots:
            del secrets.roots[name][1:]
    clear_gone(path)


def sweep(secrets: Secrets) -> None:
    """Overwrite what a crash in the last step of a replacement left of an old key."""
    for name in (*secrets.roots, AUDIT):
        try:
            lock = FileLock.take(secrets.folder / name)
        except FileInUse:
            continue
        try:
            clear_gone(secrets.folder / name)
        finally:
            lock.release()


def _keys(secrets: Secrets, name: str) -> list[bytes]:
    if name == AUDIT:
        path = secrets.folder / AUDIT
        return read_keys(path, KEY_BYTES) if path.exists() else []
    return secrets.roots[name]


async def _gone(store: Store, question: TextClause, given: dict[str, Any], patience: float) -> bool:
    """Whether, in time, the answer is none."""
    for _ in range(round(patience / _LOOK_EVERY)):
        async with store.read() as conn:
            if not (await conn.execute(question, given)).scalar():
                return True
        await asyncio.sleep(_LOOK_EVERY)
    return False
