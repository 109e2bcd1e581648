"""heard demo: the same code with no token and no internet."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.terminal import plainly
from bot.demo import run


@click.command()
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep everything in this folder instead of a temporary one.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8100,
    show_default=True,
    help="First of the ports to use; 0 takes free ones.",
)
def command(keep: Path | None, port: int) -> None:
    """Try Heard on this machine: phones, a staff console and a clock that you can move.

    Prints the addresses to open. Everything in it is made up. Ctrl-C stops it and removes what it
    wrote.
    """
    with plainly():
        run.demo(keep, port)
