"""heard keys: how old each is, and a successor for any that somebody else may know."""

from __future__ import annotations

import json
import os
from typing import Final

import click

from bot.cli.terminal import Kept, fail, finish, hidden, perform, settings
from config.settings import Settings
from storage.sealing import SEED_BYTES, WrongCode, recovery_code, seed_from_code

PRINTED_ONCE: Final = """
NEW RECOVERY KEY

    {code}

It is shown this once and kept nowhere. Write it on paper twice, give each to a different person you
trust, and keep it away from this machine. Nothing is changed until you type it.
"""


@click.group()
def command() -> None:
    """Show how old each key is, and replace any that somebody else may know."""


@command.command("list")
def listing() -> None:
    """List every kind of key: since when, what it is for, and what to do."""
    finish(perform(settings(), "keys-list", {}))


@command.command()
@click.argument("kind", type=click.Choice(["drafts", "delivery", "directory", "audit", "recovery"]))
@click.option(
    "--code-stdin",
    is_flag=True,
    help="For recovery: read the old recovery key from standard input, then the new one as it was "
    "printed (two lines).",
)
def rotate(kind: str, code_stdin: bool) -> None:
    """Replace one kind of key while Heard runs; nobody has to wait.

    Stopped on the way, it loses nothing: run it again. `recovery` asks for the old recovery key,
    prints the new one, and begins once you have typed it from your paper. Staff replace their own
    keys: My page, New keys.
    """
    chosen = settings()
    if kind == "recovery":
        _recovery(chosen, code_stdin)
        return
    finish(perform(chosen, "keys-rotate", {"kind": kind}))


def _recovery(chosen: Settings, code_stdin: bool) -> None:
    heard = Kept()
    finish(perform(chosen, "keys-recovery-state", {}, heard))
    old = hidden("Old recovery key", code_stdin, "--code-stdin")
    if json.loads(heard.lines[0])["halfway"]:
        click.echo("This was begun before. Type the new key that was printed then.", err=True)
        new = hidden("New recovery key", code_stdin, "--code-stdin")
    else:
        new = recovery_code(os.urandom(SEED_BYTES))
        click.echo(PRINTED_ONCE.format(code=new))
        while (mistake := _mistake(new, code_stdin)) is not None:
            if code_stdin:
                fail(f"That is not the new recovery key. {mistake} Nothing was changed.")
            click.echo(f"That is not what was printed. {mistake} Compare it with your paper.")
    finish(perform(chosen, "keys-rotate-recovery", {"old": old, "new": new}))


def _mistake(new: str, code_stdin: bool) -> str | None:
    """What is wrong with the new key as somebody typed it from their paper; None if it is right."""
    typed = hidden("New recovery key, from your paper", code_stdin, "--code-stdin")
    try:
        return None if seed_from_code(typed) == seed_from_code(new) else "It is another one."
    except WrongCode as wrong:
        return str(wrong)
