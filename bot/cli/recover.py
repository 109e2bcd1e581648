"""heard recover: what the recovery key is for, besides backups."""

from __future__ import annotations

import click

from bot.cli.terminal import finish, hidden, perform, settings


@click.command()
@click.argument("name", required=False)
@click.option(
    "--with",
    "colleague",
    help="A lead, senior or independent colleague, who gives their own passphrase.",
)
@click.option("--set-aside", is_flag=True, help="Print the updates that could not be read.")
@click.option("--code-stdin", is_flag=True, help="Read the recovery key from standard input.")
@click.option(
    "--passphrase-stdin",
    is_flag=True,
    help="Read the colleague's passphrase and the new one from standard input (two lines, after "
    "the recovery key).",
)
def command(
    name: str | None,
    colleague: str | None,
    set_aside: bool,
    code_stdin: bool,
    passphrase_stdin: bool,
) -> None:
    """Use the recovery key.

    With NAME and --with COLLEAGUE: sets a new passphrase for a member of staff who lost theirs and
    gives them back the concerns that they could read before, and no others. The colleague gives
    their passphrase first; NAME types the new one, so that nobody else knows it. They set up the
    code of their phone again when they sign in.

    With --set-aside: prints the updates that Heard could not read when they came (JSON lines). They
    hold people's words: look at them where nobody looks over your shoulder.
    """
    if bool(name) == set_aside:
        raise click.UsageError("Give either NAME or --set-aside.")
    chosen = settings()
    code = hidden("Recovery key", code_stdin, "--code-stdin")
    if set_aside:
        finish(perform(chosen, "set-aside", {"code": code}))
        return
    if not colleague:
        raise click.UsageError("Give --with COLLEAGUE: a colleague must help with this.")
    theirs = hidden(f"Passphrase of {colleague}", passphrase_stdin, "--passphrase-stdin")
    label = f"New passphrase for {name}"
    passphrase = hidden(label, passphrase_stdin, "--passphrase-stdin", twice=True)
    ask = {"name": name, "code": code, "passphrase": passphrase}
    ask |= {"colleague": colleague, "colleague_passphrase": theirs}
    finish(perform(chosen, "recover", ask))
