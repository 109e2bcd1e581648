"""heard link: the addresses that posters and leaflets carry."""

from __future__ import annotations

import click

from bot.cli.terminal import finish, perform, settings


@click.group()
def command() -> None:
    """Make links that open the talk about one team, list them, end them."""


@command.command()
@click.option("--team", required=True, help="Id of a team in the settings.")
def new(team: str) -> None:
    """Make a new link for a team and print it.

    It holds a random code that says nothing about the team. A team may have several, one for each
    place where it hangs, so that each can be ended alone.
    """
    finish(perform(settings(), "link-new", {"team": team}))


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on each line.")
def listing(as_json: bool) -> None:
    """List all links, the team of each, and whether it still works."""
    finish(perform(settings(), "link-list", {"json": as_json}))


@command.command()
@click.argument("code", required=False)
@click.option("--team", help="All links of this team.")
def revoke(code: str | None, team: str | None) -> None:
    """End the link with this CODE, or all links of a team.

    Whoever opens it later still comes to the talk; it no longer says which team it is about.
    """
    if bool(code) == bool(team):
        raise click.UsageError("Give either CODE or --team.")
    finish(perform(settings(), "link-revoke", {"code": code, "team": team}))
