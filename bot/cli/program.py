"""The command `heard`: finds the module of a command only when it is asked for, so that `heard
--help` and a health check do not pay for the web server and the database.
"""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from typing import Any

import click

from bot.version import VERSION
from config import log

logger = logging.getLogger(__name__)

# Each is the module bot.cli.<name>, whose `command` it is, and the line that `heard --help` shows.
COMMANDS = {
    "init": "Make the keys, the database and a recovery key, printed once.",
    "staff": "Add members of staff, list them, end their access.",
    "link": "Make the links that posters carry, list them, end them.",
    "poster": "Make a poster with a team's link, to print.",
    "run": "Run the bot, the staff console and the clock.",
    "demo": "Try Heard on this machine: no token, no internet.",
    "talk": "Try the talk in this terminal: no Telegram, nothing is kept.",
    "script": "Draw the talk as a table of states.",
    "doctor": "Check that everything is as it must be, and say what to do.",
    "stats": "Print where people stop, in numbers that tell of nobody.",
    "backup": "Write an encrypted backup to FILE.",
    "restore": "Bring back the database and the keys from a backup.",
    "recover": "Use the recovery key: a lost passphrase, updates set aside.",
    "keys": "Show how old each key is; replace any that somebody else may know.",
    "audit": "Show that the record of what was done is whole, and prove one concern.",
    "export": "Print all that a member of staff may read, as JSON lines.",
}


class Commands(click.Group):
    """A group that loads each command from the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"bot.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="%(prog)s %(version)s")
def program() -> None:
    """Raise a concern about mental health care in a few taps, and hear back.

    Settings come from the file that HEARD_CONFIG names and from HEARD_... variables; the table of
    all of them is in the README. Try `heard demo` first; to go live: `heard init`, `heard staff
    add`, `heard doctor`, `heard run`.

    Exit status: 0 done, 1 it could not be done (the line says why and what to do), 2 the command
    was not typed as it should be.
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run one command and leave the process with its exit status."""
    os.umask(0o077)  # whatever is written from here on is for this user alone
    log.configure("warning")
    try:
        return program.main(arguments, prog_name="heard")
    except Exception:  # whatever it is, its message may quote what a person wrote
        logger.exception("command failed")
        click.echo(
            "Error: something went wrong that Heard did not foresee. The line above says where, "
            "without anybody's words; please send it to the people who look after Heard.",
            err=True,
        )
        sys.exit(1)
