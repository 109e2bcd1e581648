"""heard talk: the talk in a terminal, for those who write its words."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO
from zoneinfo import ZoneInfo

import click

from bot.cli.rehearsal import Shown
from bot.cli.session import Session
from bot.cli.stage import PLACES, ZONE, Stage
from bot.cli.transcript import LineError
from config.contacts import ContactsError
from config.danger import DangerListsError
from config.wording import WordingError

HELP: Final = """\
Type what a person would type; \\n stands for a new line. A number presses its button.

  :say 1            say it, though it is a number or begins with : or /
  :tap LABEL        the newest button of this label; :old LABEL the oldest
  /start CODE       a command, as in Telegram
  :edit WORDS       a message is changed
  :file photo 20MB  a photo, voice, video, video_note, audio, animation or document
  :sticker          something that is no words and no file; also :send location
  :wait 3d          let time pass: 2h, 3d, 2w
  :staff outcome    staff move the newest concern to a state; :staff REFERENCE outcome
  :outcome yes      the button under an outcome: yes or not-really
  :block :unblock :group :forged :poison    what else can happen to a chat
  :places one       there is one place, or none; at the beginning only
  :few              only independent staff work here; at the beginning only
  :note WORDS       a comment for the transcript
  :transcript       print all so far as a transcript test
  :undo             take the last thing back
  :quit             end it; so does Ctrl-D"""


def shown(seen: Sequence[Shown | str]) -> Iterator[str]:
    """What stands on the screen: messages between bars, their buttons numbered."""
    number = 0
    for one in seen:
        if isinstance(one, str):
            yield f"    ({one})"
            continue
        yield ""
        yield from (f"  | {line}".rstrip() for line in one.text.splitlines())
        for row in one.labels:
            numbered = [f"[{number + at}] {label}" for at, label in enumerate(row, 1)]
            number += len(row)
            yield "      " + "   ".join(numbered)
    if seen:
        yield ""


def passed(session: Session) -> Iterator[str]:
    """What the time that passed means for the talk."""
    facts = session.phone.facts()
    here = session.phone.now.astimezone(ZoneInfo(ZONE))
    yield f"    (it is now {here:%A} {here.day} {here:%B %Y, %H:%M})"
    if facts.away:
        yield "    (a day or more has passed since they last did something)"
    if facts.too_old:
        yield f"    (the bot can still delete {facts.clearable} messages of this chat, not all)"


def _given(source: TextIO) -> Iterator[str]:
    """Line by line, after a prompt; what comes from a pipe is shown as if it had been typed."""
    while True:
        click.echo("> ", nl=False)
        line = source.readline()
        if not line or not source.isatty():
            click.echo(line.rstrip("\n"))
        if not line:
            return
        yield line.rstrip("\n")


def _answer(session: Session, text: str) -> Iterator[str]:
    """What the screen shows for one line that was typed. Raises LineError."""
    name, _, rest = text.strip().partition(" ")
    if name == ":help":
        yield HELP
    elif name == ":transcript":
        yield session.transcript()
    elif name == ":note":
        session.note(f"# {rest.strip()}")
    elif name == ":undo":
        yield "    (taken back; before it, the phone showed:)"
        yield from shown(session.undo())
    elif (line := session.typed(text)) is not None:
        seen = session.play(line)
        if line.startswith("LATER"):
            yield from passed(session)
        yield from shown(seen)


def _converse(session: Session, source: TextIO) -> None:
    for text in _given(source):
        if text.strip() in {":quit", ":q"}:
            return
        try:
            for line in _answer(session, text):
                click.echo(line)
        except LineError as error:
            click.echo(f"    (that cannot be done: {error})")


@click.command()
@click.option("--language", default="en", show_default=True, help="Which wording to talk with.")
@click.option(
    "--place",
    type=click.Choice([one.id for one in PLACES if one.codes] + ["one", "none"]),
    help="Come in by that place's poster; or let there be one place, or none.",
)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="At the end, write the exchange to this new file as a transcript test.",
)
def command(language: str, place: str | None, save: Path | None) -> None:
    """Try the talk in this terminal: no Telegram, no database, nothing is kept.

    Plays what a person would see, in made-up places with made-up staff, from Sunday 22 November
    2026 on. Numbers press buttons, other words are words, and :help lists what else can happen.
    What it prints with :transcript or --save is a test of the dialogue: put it into
    tests/dialogue/transcripts.
    """
    if save is not None and save.exists():
        raise click.UsageError(f"--save: {save} is there already; choose another name")
    try:
        session = Session(Stage.load((language,)))
    except (WordingError, ContactsError) as error:
        raise click.ClickException(str(error)) from None
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # no stray byte ends the talk
    click.echo("What would you say? :help lists what can happen, Ctrl-D ends it.\n")
    try:
        for line in _beginning(place):
            for one in shown(session.play(line)):
                click.echo(one)
        _converse(session, sys.stdin)
    except KeyboardInterrupt:
        click.echo()
    except DangerListsError as error:
        raise click.ClickException(str(error)) from None
    finally:  # whatever ended it, what was played is worth keeping
        if save is not None and session.lines:
            save.write_text(session.transcript(), encoding="utf-8")
            click.echo(f"Written to {save}", err=True)


def _beginning(place: str | None) -> list[str]:
    if place in {"one", "none"}:
        return [f"PLACES: {place}"]
    return [f"COMMAND: start {code}" for one in PLACES if one.id == place for code in one.codes]
