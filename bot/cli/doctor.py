"""heard doctor: what is wrong and what to do about it."""

from __future__ import annotations

import click

from bot.admin.model import Refused
from bot.cli.terminal import finish, perform, settings
from storage.engine import StorageError
from storage.secrets import SecretsError


@click.command()
@click.option("--quick", is_flag=True, help="Only: does Heard answer and reach its database?")
@click.option("--seen", is_flag=True, help="Note that the alarms shown so far were looked at.")
def command(quick: bool, seen: bool) -> None:
    """Check that everything is as it must be.

    Prints OK, WARN or FAIL for each check and what to do about it. Exit status 0 when nothing
    fails, 1 otherwise. Works while Heard runs and while it does not.
    """
    chosen = settings()
    if quick or seen:
        finish(perform(chosen, "alive" if quick else "alarms-seen", {}))
        return
    click.echo("OK    settings: every name and value is known")
    try:
        finish(perform(chosen, "doctor", {}))
    except click.ClickException as failure:
        if not isinstance(failure.__context__, Refused | SecretsError | StorageError):
            raise
        click.echo(f"FAIL  {failure.message}")
        raise SystemExit(1) from None
