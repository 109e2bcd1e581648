"""Bringing a database to the newest revision. Cheap to import: the migration library is loaded only
when something is to be migrated, because it would double the time of a start.
"""

from __future__ import annotations

import importlib
import os

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.connection import postgresql_engine, sqlite_engine, sqlite_path
from storage.engine import revision as current
from storage.errors import translate
from storage.file_lock import FileLock
from storage.schema import HEAD

__all__ = ["HEAD", "current", "upgrade"]

_PRIVATE = 0o600


async def upgrade(url: str) -> None:
    """Create or migrate the database at a URL, whole or not at all.

    Raises FileInUse when a process owns the file, StoreUnavailable when it cannot be written.
    """
    path = sqlite_path(url)
    if path is None:
        await _upgrade(postgresql_engine(url))
        return
    lock = FileLock.take(path)
    try:
        # Others on the machine have no business even with sealed rows.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE))
        await _upgrade(sqlite_engine(url, reading=False))
    except OSError as error:
        raise translate(error, reading=False) from error
    finally:
        lock.release()


async def _upgrade(engine: AsyncEngine) -> None:
    runner = importlib.import_module("storage.migrations.runner")
    try:
        async with engine.begin() as conn:
            await conn.run_sync(runner.run, HEAD)
    except SQLAlchemyError as error:
        raise translate(error, reading=False) from error
    finally:
        await engine.dispose()
