"""heard init: the keys, the database and the recovery key."""

from __future__ import annotations

from pathlib import Path

import click

from bot.admin.model import Refused
from bot.cli.terminal import finish, settings
from config.settings import Settings
from storage import meta, migrate
from storage.engine import Store
from storage.secrets import Secrets

PRINTED_ONCE = """
RECOVERY KEY

    {code}

It is shown this once and kept nowhere. It opens backups, and gives people their concerns back when
a passphrase is lost. Write it on paper twice, give each to a different person you trust, and keep
it away from this machine.

Next: heard staff add NAME --team TEAM --role ROLE, then heard doctor, then heard run.
"""


@click.command()
@click.option("--upgrade", is_flag=True, help="Bring an existing database to this version.")
def command(upgrade: bool) -> None:
    """Make the keys, the database and a recovery key, which is printed once.

    Never overwrites anything: it refuses when the database or a key is there already. After an
    update of Heard, stop it, make a backup and run `heard init --upgrade`.
    """
    chosen = settings()
    if upgrade:
        finish(_upgrade(chosen))
        return
    code = finish(_make(chosen))
    click.echo(f"Database: {chosen.database_file or 'on the PostgreSQL server'}", err=True)
    click.echo(f"Keys:     {chosen.secrets}", err=True)
    click.echo(PRINTED_ONCE.format(code=code))


async def _upgrade(chosen: Settings) -> None:
    file = chosen.database_file
    if file is not None and not file.exists():
        raise Refused(f"There is no database {file} to upgrade. For a new one: heard init")
    Secrets.load(chosen.secrets)
    click.echo("Bringing the database to this version ...", err=True)
    await migrate.upgrade(chosen.database)
    click.echo("Done. Next: heard doctor")


async def _make(chosen: Settings) -> str:
    """Database first, keys last: whatever breaks on the way leaves no keys that open nothing."""
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
