"""heard backup: one encrypted file of all that was sent."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.terminal import finish, perform, settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write an encrypted backup to FILE.

    Works while Heard runs. The file opens only with the recovery key; it holds the database and the
    keys that answers need, but no draft. Never overwrites.
    """
    finish(perform(settings(), "backup", {"file": str(file.absolute())}))
