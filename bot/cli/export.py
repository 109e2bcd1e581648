"""heard export: all that one member of staff may read."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import click

from bot.casework.model import State
from bot.casework.taking_out import Reason, Shape
from bot.cli.terminal import finish, hidden, perform, settings

_FORMATS: Final = ("lines", *(one.value for one in Shape if one is not Shape.PDF))
_DAY: Final = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--staff", "name", required=True, help="Name of a member of staff.")
@click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input.")
@click.option(
    "--reason", required=True, type=click.Choice([one.value for one in Reason]), help="What for."
)
@click.option("--why", help="What for, in words, with --reason other. Kept sealed with each one.")
@click.option("--format", "form", default="lines", type=click.Choice(_FORMATS), show_default=True)
@click.option("--with-staff-notes", "notes", is_flag=True, help="Also what staff alone may see.")
@click.option("--team", "teams", multiple=True, help="Only this team's; can be given again.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([one.value for one in State]),
    help="Only those in this state; can be given again.",
)
@click.option("--from", "since", type=_DAY, help="Only those sent on this day or later.")
@click.option("--to", "until", type=_DAY, help="Only those sent on this day or before.")
def command(name: str, passphrase_stdin: bool, form: str, **asked: object) -> None:
    """Print all that a member of staff may read: a line of JSON for each concern, or a table.

    Reference, team, state, times, all texts and answers in order, names of attachments; nothing
    that leads to a person. Needs that member's passphrase; each concern's record notes the export
    and what it is for. Progress goes to standard error.
    """
    chosen = settings()
    passphrase = hidden(f"Passphrase of {name}", passphrase_stdin, "--passphrase-stdin")
    ask: dict[str, object] = {"name": name, "passphrase": passphrase, "format": form}
    for key, value in asked.items():
        ask[key] = value.date().isoformat() if isinstance(value, datetime) else value
    finish(perform(chosen, "export", ask))
