"""heard staff: who may read concerns."""

from __future__ import annotations

import click

from bot.casework.model import Role
from bot.cli.terminal import finish, hidden, perform, settings


@click.group()
def command() -> None:
    """Add members of staff, list them, link their Telegram chat, end their access."""


@command.command()
@click.argument("name")
@click.option("--team", "teams", multiple=True, help="Id of a team in the settings.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="reader, answerer and lead belong to a team; the others to the whole organisation.",
)
@click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input.")
def add(name: str, teams: tuple[str, ...], roles: tuple[str, ...], passphrase_stdin: bool) -> None:
    """Add NAME, who reads concerns with a passphrase of their own.

    --team and --role may be repeated. Each role inside a team takes the next --team, or the only
    one. The passphrase is asked for twice, has at least 12 characters and is kept nowhere: if it is
    lost, only the recovery key helps (heard recover).

    \b
    heard staff add "Sam Okoro" --team elm-ward --role lead
    heard staff add "Jo Bell" --role independent
    """  # noqa: D301 (the form feed of click's own markup)
    chosen = settings()
    label = f"Passphrase for {name}"
    passphrase = hidden(label, passphrase_stdin, "--passphrase-stdin", twice=True)
    ask = {"name": name, "teams": list(teams), "roles": list(roles), "passphrase": passphrase}
    finish(perform(chosen, "staff-add", ask))


@command.command()
@click.argument("name")
@click.option("--team", "teams", multiple=True, help="Id of a team in the settings.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="As for heard staff add.",
)
def invite(name: str, teams: tuple[str, ...], roles: tuple[str, ...]) -> None:
    """Print a one-time link with which NAME sets a passphrase that nobody else knows.

    It works once, for 72 hours. Give it to NAME yourself; whoever opens it first can use it.
    """
    ask = {"name": name, "teams": list(teams), "roles": list(roles)}
    finish(perform(settings(), "staff-invite", ask))


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on each line.")
def listing(as_json: bool) -> None:
    """List members of staff, their roles, and whether a Telegram chat is linked."""
    finish(perform(settings(), "staff-list", {"json": as_json}))


@command.command()
@click.argument("name")
def link(name: str) -> None:
    """Print a one-time code with which NAME links a Telegram chat, for digests."""
    finish(perform(settings(), "staff-link", {"name": name}))


@command.command()
@click.argument("name")
@click.option("--anyway", is_flag=True, help="Even if a role or a concern is left with nobody.")
def leave(name: str, anyway: bool) -> None:
    """Let NAME in no more, from this moment on. What they wrote stays.

    Their keys are removed, and open concerns that they had go to colleagues. Nothing undoes it.
    """
    finish(perform(settings(), "staff-leave", {"name": name, "anyway": anyway}))
