"""The one way to the database: who may write, when, and what a failure means.

On SQLite one connection writes and checkpoints and all others only read, because two connections
that checkpoint can corrupt a write-ahead log before SQLite 3.51.3 (https://sqlite.org/wal.html,
"The WAL-Reset Bug"), and one process owns the file. On PostgreSQL every transaction is its own
connection.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

from sqlalchemy import literal_column, select, table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.connection import Conn, postgresql_engine, sqlite_engine, sqlite_path, whole
from storage.errors import (
    BadRow,
    FileInUse,
    NotMigrated,
    StorageError,
    StoreConflict,
    StoreUnavailable,
    translate,
)
from storage.file_lock import FileLock
from storage.schema import HEAD

__all__ = [
    "BadRow",
    "Conn",
    "FileInUse",
    "NotMigrated",
    "StorageError",
    "Store",
    "StoreConflict",
    "StoreUnavailable",
    "revision",
]


class Store:
    """An open database. Belongs to the event loop that opened it."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, lock: FileLock | None) -> None:
        self.is_sqlite = lock is not None
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._writing = asyncio.Lock()
        self._closed = False

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open the database at an SQLAlchemy URL (`sqlite+aiosqlite`, `postgresql+psycopg`).

        Raises FileInUse, NotMigrated, or StoreUnavailable. Never creates or changes a database.
        """
        path = sqlite_path(url)
        if path is None:
            engine = postgresql_engine(url)
            return await _checked(cls(engine, engine, None))
        if not path.exists():
            raise NotMigrated(f"There is no database {path}. Run 'heard init' first.")
        lock = FileLock.take(path)
        writer = sqlite_engine(url, reading=False)
        return await _checked(cls(writer, sqlite_engine(url, reading=True), lock))

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Conn]:
        """One transaction that may write; committed when the block ends without an exception.

        After any StorageError from a statement the transaction is spent: nothing of it is saved,
        even if the block goes on. On SQLite writers take turns in the order of asking.
        """
        if not self.is_sqlite:
            async with self._transaction(self._writer, reading=False) as conn:
                yield conn
            return
        async with self._writing, self._transaction(self._writer, reading=False) as conn:
            yield conn

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Conn]:
        """One transaction that sees a single moment of the database and cannot change it."""
        async with self._transaction(self._reader, reading=True) as conn:
            yield conn

    async def checkpoint(self) -> None:
        """Move the write-ahead log into the file and empty it, so that no old bytes stay in it.

        Does nothing on PostgreSQL. Raises StoreUnavailable when a reader would not let go in time.
        """
        if not self.is_sqlite:
            return
        async with self._writing:
            await whole(self._truncate_log())

    async def close(self) -> None:
        """Let go of all connections and of the file. May be called twice."""
        self._closed = True
        # The last connection to close checkpoints, and that must be the writer.
        await whole(self._reader.dispose())
        async with self._writing:
            await whole(self._writer.dispose())
        if self._lock is not None:
            self._lock.release()

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine, reading: bool) -> AsyncIterator[Conn]:
        if self._closed:
            raise StoreUnavailable("the database was closed")
        conn = Conn(engine, reading=reading, unbroken=self.is_sqlite)
        try:
            await conn.open()
            yield conn
            await conn.finish()
        except (SQLAlchemyError, OSError) as error:
            raise translate(error, reading) from error
        finally:
            # Closing rolls back whatever was not committed.
            await conn.let_go()

    async def _truncate_log(self) -> None:
        try:
            async with self._writer.connect() as conn:
                # Below SQLAlchemy, which would begin a transaction, and that forbids it.
                driver: Any = (await conn.get_raw_connection()).driver_connection
                cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                busy, _, _ = await cursor.fetchone()
                await cursor.close()
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise translate(error, reading=False) from error
        if busy:
            raise StoreUnavailable("a reader holds the write-ahead log")


S = TypeVar("S", bound=Store)


async def _checked(store: S) -> S:
    try:
        await _check_revision(store)
    except BaseException:
        await store.close()
        raise
    return store


async def _check_revision(store: Store) -> None:
    try:
        async with store.read() as conn:
            found = await revision(conn)
    except BadRow:  # not even the table of revisions
        found = None
    if found is None:
        raise NotMigrated("The database is empty. Run 'heard init' first.")
    if found != HEAD:
        raise NotMigrated(
            f"The database is at revision {found}, this program needs {HEAD}."
            " Make a backup, then run 'heard init --upgrade'."
        )


async def revision(conn: Conn) -> str | None:
    """The revision of the database. Raises BadRow for a database that was never migrated."""
    found = await conn.execute(
        select(literal_column("version_num")).select_from(table("alembic_version"))
    )
    number: str | None = found.scalar()
    return number
