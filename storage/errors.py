"""What can go wrong at the database, by whose fault it is and whether trying again helps.

No error of the database library leaves this package: its texts and its retry rules differ by
engine, and callers must not know which one they run on.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# SQLite result codes (https://sqlite.org/rescode.html); the low byte is the primary code.
_SQLITE_ERROR, _SQLITE_READONLY, _SQLITE_CONSTRAINT = 1, 8, 19
_SQLITE_OUR_FAULT = frozenset({_SQLITE_ERROR, 18, 20, 21, 25})  # TOOBIG, MISMATCH, MISUSE, RANGE
_SQLITE_CLASH = frozenset({1555, 2067, 2579})  # PRIMARYKEY, UNIQUE, ROWID

# PostgreSQL SQLSTATEs (manual, appendix A): unique, serialization, deadlock, lock not available.
_PG_CLASH = frozenset({"23505", "40001", "40P01", "55P03"})
_PG_READ_ONLY = "25006"
_PG_OUR_FAULT = ("22", "23", "42", "0A", "P0")  # data, constraint, syntax, unsupported, raised


class StorageError(Exception):
    """Base of everything storage raises about the database. `retry` says whether to try again."""

    retry = False


class StoreUnavailable(StorageError):
    """Nothing can be saved or read just now: disk full, read-only, locked or the server is away.

    Nobody's input is at fault. Acknowledge nothing, wait, and try the same again.
    """

    retry = True


class StoreConflict(StorageError):
    """Someone else saved first: a version moved on or a unique value is taken. Redo the turn."""

    retry = True


class BadRow(StorageError):
    """The engine refuses this data, and always will. The caller is at fault; do not retry."""


class FileInUse(StorageError):
    """Another process owns this database file."""


class NotMigrated(StorageError):
    """The database is missing, older or newer than this program. Run `heard init` or upgrade."""


class DamagedRow(StorageError):
    """Sealed bytes in one row do not open. Only that row is lost; alarm, and do not retry."""


class NoReader(StorageError):
    """Nobody would be able to read this concern. It must not be sent like this; do not retry."""


class NotAReader(StorageError):
    """This member of staff has no key to this concern."""


class NameTaken(StoreConflict):
    """A member of staff has this name already. Choose another; the same again never works."""

    retry = False


def translate(error: Exception, reading: bool) -> StorageError:
    """The storage error that stands for an error of the database library or its driver.

    `reading` tells that the connection was opened for reading: a write there is a mistake of ours
    and not a read-only disk.
    """
    if isinstance(error, StorageError):
        return error
    if isinstance(error, DBAPIError) and error.orig is not None:
        return _of_driver(error.orig, reading)
    if isinstance(error, sqlite3.Error):
        return _of_driver(error, reading)
    if isinstance(error, (StatementError, OverflowError, ValueError)):
        return BadRow("the database cannot hold a value of this row")
    if isinstance(error, PoolTimeout):
        return StoreUnavailable("all database connections are busy")
    return StoreUnavailable(f"the database does not answer ({type(error).__name__})")


def _of_driver(original: BaseException, reading: bool) -> StorageError:
    code = getattr(original, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _of_sqlite(code, getattr(original, "sqlite_errorname", str(code)), reading)
    state = getattr(original, "sqlstate", None)
    if isinstance(state, str):
        return _of_postgresql(state, reading)
    if type(original).__name__ in {"ProgrammingError", "DataError", "NotSupportedError"}:
        return BadRow("the database cannot take a value of this row")
    return StoreUnavailable("the database is away")


def _of_sqlite(code: int, name: str, reading: bool) -> StorageError:
    primary = code & 0xFF
    if code in _SQLITE_CLASH:
        return StoreConflict(f"a unique value is taken ({name})")
    if primary == _SQLITE_CONSTRAINT or primary in _SQLITE_OUR_FAULT:
        return BadRow(f"the database refuses a row ({name})")
    if primary == _SQLITE_READONLY and reading:
        return BadRow("nothing is written through a reading connection")
    return StoreUnavailable(f"the database cannot be used just now ({name})")


def _of_postgresql(state: str, reading: bool) -> StorageError:
    if state in _PG_CLASH:
        return StoreConflict(f"someone else was first (SQLSTATE {state})")
    if state.startswith(_PG_OUR_FAULT) or (state == _PG_READ_ONLY and reading):
        return BadRow(f"the database refuses a row (SQLSTATE {state})")
    return StoreUnavailable(f"the database cannot be used just now (SQLSTATE {state})")
