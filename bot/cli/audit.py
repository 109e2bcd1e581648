"""heard audit: that the record of what was done is whole, and that one concern was received."""

from __future__ import annotations

import click

from bot.cli.terminal import finish, perform, settings


@click.group()
def command() -> None:
    """Show that the record of what was done is whole, and prove one concern."""


@command.command()
@click.option("--head", help="The line that begins 'Audit:' in a weekly digest, between quotes.")
def verify(head: str | None) -> None:
    """Check every line of the record: its link, its time, and all signed heads.

    Finds any line that was changed, taken away, put in, moved or dated back, and says which is
    wrong first; the exit status is then 1. Whoever holds the database and the keys can write all
    of it anew. Only a head from a digest that was sent before shows that: give it with --head.
    """
    finish(perform(settings(), "audit-verify", {"head": head}))


@command.command()
@click.argument("reference")
@click.option("--code", help="The code on the person's receipt, such as 7K2M9-QXPAB.")
def prove(reference: str, code: str | None) -> None:
    """Show when the concern REFERENCE was received, and that it is still there as it was sealed.

    With --code: whether the code on a receipt is the one of this concern.
    """
    finish(perform(settings(), "audit-prove", {"reference": reference, "code": code}))
