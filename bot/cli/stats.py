"""heard stats: where people stop, in numbers that tell of nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import click

from bot.cli.terminal import finish, perform, settings

_DAY: Final = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--from", "first", type=_DAY, help="First day, such as 2026-11-01.")
@click.option("--to", "last", type=_DAY, help="Last day; without it, today.")
@click.option("--team", help="Only this team's lines.")
@click.option("--csv", "as_csv", is_flag=True, help="As comma-separated values.")
def command(first: datetime | None, last: datetime | None, team: str | None, as_csv: bool) -> None:
    """Print how often each question was shown, answered, skipped or stopped at.

    For the last 28 days, unless you give others. Numbers under 5 are hidden, and so is any other
    that would give one away; the rest are rounded to the nearest 5. Nothing is counted by person.
    Where somebody is to be kept from seeing a concern, it counts for no team.
    """
    ask = {
        "first": first.date().isoformat() if first else None,
        "last": last.date().isoformat() if last else None,
        "team": team,
        "csv": as_csv,
    }
    finish(perform(settings(), "stats", ask))
