"""How one connection behaves: how it begins, what it may do, and that it is never half-done."""

from __future__ import annotations

import asyncio
import secrets as chance
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import StorageError, translate

T = TypeVar("T")
Row = Mapping[str, Any]

READERS = 4
BUSY_SECONDS = 5.0
# How long a PostgreSQL transaction may wait for a row that another one holds; and no bitmap scans:
# without fresh statistics they make the planner read and sort all waiting messages for each claim
# (measured with 100,000: 1 s instead of a few ms). All our queries are look-ups by index.
OURS = "heard "  # how every process of ours begins its name; a random rest tells them apart
PG_OPTIONS = "-c lock_timeout=10s -c enable_bitmapscan=off"

_SQLITE_ALWAYS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL may lose the last commits when the power fails
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
)
_SQLITE_READING = ("PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0")


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end even if the caller is cancelled meanwhile; the cancellation follows.

    A driver thread cannot be stopped in the middle of a statement, so going away early would leave
    a transaction open on the one connection that writes.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # seen, so that nothing is reported as never retrieved
        raise cancelled
    return task.result()


class Conn(AsyncConnection):
    """A connection inside one transaction. Every error it raises is a StorageError."""

    def __init__(self, engine: AsyncEngine, reading: bool, unbroken: bool) -> None:
        super().__init__(engine)
        self._reading = reading
        self._unbroken = unbroken
        self._failure: StorageError | None = None

    async def execute(
        self,
        statement: Executable,
        parameters: Row | Sequence[Row] | None = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[Any]:
        """Run one statement; a sequence of parameters runs it once for each, as one call.

        After a failure every further call raises the same error: on PostgreSQL the transaction is
        dead, and on SQLite a full disk may already have rolled it back.
        """
        if self._failure is not None:
            raise self._failure
        call = super().execute(statement, parameters, execution_options=execution_options)
        try:
            return await (whole(call) if self._unbroken else call)
        except (SQLAlchemyError, OSError, OverflowError, ValueError) as error:
            self._failure = translate(error, self._reading)
            raise self._failure from error

    async def open(self) -> None:
        """Connect and begin."""
        await self._run(self._start())

    async def finish(self) -> None:
        """Commit; raises the failure of an earlier statement instead, if there was one."""
        if self._failure is not None:
            raise self._failure
        await self._run(self.rollback() if self._reading else self._commit())

    async def let_go(self) -> None:
        """Roll back what was not committed and give the connection back."""
        if self.sync_connection is None:  # it never came to be
            return
        try:
            await self._run(self.close())
        except SQLAlchemyError as error:
            raise translate(error, self._reading) from error

    async def _start(self) -> None:
        await self.start()
        if self._reading and not self._unbroken:
            await self.execution_options(postgresql_readonly=True)
        await self.begin()

    async def _commit(self) -> None:
        try:
            await self.commit()
        except SQLAlchemyError:
            # SQLite leaves a transaction open whose COMMIT failed, while SQLAlchemy takes it for
            # ended: the next BEGIN on this connection would fail, and every one after it.
            await self.invalidate()
            raise

    async def _run(self, call: Coroutine[Any, Any, T]) -> T:
        return await (whole(call) if self._unbroken else call)


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite URL, or None for a PostgreSQL URL.

    Raises StorageError for any other URL: only these two engines are tested.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageError("The database setting is not an SQLAlchemy URL.") from None
    if parsed.drivername == "postgresql+psycopg":
        return None
    if parsed.drivername != "sqlite+aiosqlite":
        raise StorageError(
            f"The database driver {parsed.drivername!r} is not supported."
            " Use sqlite+aiosqlite:///FILE or postgresql+psycopg://…"
        )
    if not parsed.database or parsed.database == ":memory:" or "mode" in parsed.query:
        raise StorageError("The database must be a file: sqlite+aiosqlite:///FILE")
    return Path(parsed.database)


def sqlite_engine(url: str, reading: bool) -> AsyncEngine:
    """An engine for one file: exactly one connection that writes, or a few that only read."""
    engine = create_async_engine(
        url,
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
        pool_size=READERS if reading else 1,
        max_overflow=0,
        hide_parameters=True,
    )
    pragmas = _SQLITE_ALWAYS + (_SQLITE_READING if reading else ())
    # A transaction that starts by reading and then writes loses updates or fails as "locked".
    begin = "BEGIN" if reading else "BEGIN IMMEDIATE"

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", on_begin)
    return engine


def postgresql_engine(url: str) -> AsyncEngine:
    """An engine whose connections are checked before use: a server that restarted is no error."""
    return create_async_engine(
        url,
        connect_args={
            "options": PG_OPTIONS,
            "connect_timeout": 10,
            "application_name": f"{OURS}{chance.token_hex(8)}",
        },
        pool_size=8,
        max_overflow=8,
        pool_pre_ping=True,
        hide_parameters=True,
    )
