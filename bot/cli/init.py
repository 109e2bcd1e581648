"""heard init: the keys, the database and the recovery key."""

from __future__ import annotations

import click

from bot.admin.founding import found
from bot.admin.model import Refused
from bot.cli.terminal import finish, settings
from config.settings import Settings
from storage import migrate
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
    code = finish(found(chosen))
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
