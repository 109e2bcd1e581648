"""The beginning of an installation: database, keys, and the recovery key that is shown once."""

from __future__ import annotations

from pathlib import Path

from bot.admin.model import Refused
from config.settings import Settings
from storage import meta, migrate
from storage.engine import Store
from storage.secrets import Secrets


async def found(chosen: Settings) -> str:
    """Make everything new and return the recovery code, which is kept nowhere.

    Raises Refused when there is anything already. Database first, keys last: whatever breaks on
    the way leaves no keys that open nothing.
    """
    file = chosen.database_file
    if file is not None and file.exists():
        raise Refused(f"{file} is there already; init overwrites nothing. To update: --upgrade")
    if chosen.secrets.exists() and any(chosen.secrets.iterdir()):
        raise Refused(f"{chosen.secrets} holds keys already; init overwrites nothing.")
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        await migrate.upgrade(chosen.database)
        store = await Store.open(chosen.database)
        try:
            return await _keyed(store, chosen)
        finally:
            await store.close()
    except BaseException:
        _remove(file)
        raise


async def _keyed(store: Store, chosen: Settings) -> str:
    async with store.write() as conn:
        if await meta.get(conn, meta.RECOVERY_PUBLIC) is not None:
            raise Refused("The database has its keys already; init overwrites nothing.")
        secrets, code = Secrets.create(chosen.secrets)
        await meta.put(conn, meta.RECOVERY_PUBLIC, secrets.recovery_public)
    return code


def _remove(file: Path | None) -> None:
    """Take away the database that this very command began."""
    if file is not None:
        for ending in ("", "-wal", "-shm", ".lock"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
