"""heard export: all that one member of staff may read."""

from __future__ import annotations

import click

from bot.cli.terminal import finish, hidden, perform, settings


@click.command()
@click.option("--staff", "name", required=True, help="Name of a member of staff.")
@click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input.")
def command(name: str, passphrase_stdin: bool) -> None:
    """Print all that a member of staff may read, as JSON lines.

    One line for each concern: reference, team, state, times, all texts and answers in order, names
    of attachments. Needs that person's passphrase; each concern's record notes the export.
    """
    chosen = settings()
    passphrase = hidden(f"Passphrase of {name}", passphrase_stdin, "--passphrase-stdin")
    finish(perform(chosen, "export", {"name": name, "passphrase": passphrase}))
