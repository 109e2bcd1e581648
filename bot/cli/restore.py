"""heard restore: go on from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from bot.admin.model import Refused
from bot.cli.terminal import finish, hidden, settings
from bot.clock import SystemClock
from bot.dialogue.effects import Tell
from bot.turns.house import LANE_RECEIPT
from bot.turns.rendering import tell_body
from config.settings import Settings
from config.wording import Wording
from storage import restore
from storage.outbox_rows import CONVERSATION, NewMessage
from storage.restore import RestoreReport


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--code-stdin", is_flag=True, help="Read the recovery key from standard input.")
def command(file: Path, code_stdin: bool) -> None:
    """Bring back the database and the keys from the backup FILE.

    Needs the recovery key, and a place where neither database nor keys are: nothing is overwritten.
    Everything that was sent comes back. Drafts and undelivered messages do not: their people are
    told so at the next start, and staff see which answers to send again.
    """
    chosen = settings()
    code = hidden("Recovery key", code_stdin, "--code-stdin")
    report = finish(_restored(file, code, chosen))
    _print(report)


async def _restored(file: Path, code: str, chosen: Settings) -> RestoreReport:
    database = chosen.database_file
    if database is None:
        raise Refused("heard restore is for SQLite. On PostgreSQL restore with the server's tools.")
    wording = Wording.load(language=chosen.languages[0])
    click.echo("Opening the backup ...", err=True)
    body = tell_body(Tell("talk.lost-draft"), wording)

    def tell(conversation_id: str) -> NewMessage:
        """Word for someone whose unsent words are gone; it goes out at the next start."""
        return NewMessage(f"{CONVERSATION}{conversation_id}", LANE_RECEIPT, body)

    now = SystemClock().now()
    return await restore.restore(file, code, database, chosen.secrets, now, tell)


def _print(report: RestoreReport) -> None:
    drafts, answers = len(report.conversations_with_lost_drafts), len(report.undelivered)
    click.echo("Restored: all that was sent, its answers, staff and their passphrases.")
    click.echo(f"Drafts that were lost: {drafts}.")
    click.echo(f"Concerns whose last message may not have arrived, for staff to see to: {answers}.")
    if report.damaged_messages:
        click.echo(f"Messages that do not even tell their concern: {report.damaged_messages}.")
    click.echo("Next: heard doctor, then heard run.")
