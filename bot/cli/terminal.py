"""What every command of the terminal shares: speaking, asking, and failing in one clear line."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

import click

from bot.admin import socket
from bot.admin.commands import OPERATIONS
from bot.admin.model import Ask, Hands, Refused, Say
from bot.clock import SystemClock
from config.settings import Settings, SettingsError, load
from storage.backup import BackupError
from storage.engine import Store
from storage.errors import FileInUse, NameTaken, NotMigrated, StorageError
from storage.sealing import SealError
from storage.secrets import Secrets, SecretsError

T = TypeVar("T")


class Terminal:
    """Lines to standard output, progress to standard error."""

    async def line(self, text: str) -> None:
        click.echo(text)

    async def progress(self, text: str) -> None:
        click.echo(text, err=True)


@dataclass
class Kept(Terminal):
    """Keeps what was answered instead of printing it."""

    lines: list[str] = field(default_factory=list)

    async def line(self, text: str) -> None:
        self.lines.append(text)


def fail(text: str) -> NoReturn:
    """End with exit status 1 and lines that say what to do."""
    raise click.ClickException(text)


def settings() -> Settings:
    try:
        return load()
    except SettingsError as error:
        fail("the settings cannot be used:\n  " + "\n  ".join(error.problems))


@contextmanager
def plainly() -> Iterator[None]:
    """Every failure that was foreseen becomes one clear line."""
    try:
        yield
    except (Refused, NotMigrated, FileInUse, NameTaken, SecretsError, BackupError) as error:
        fail(str(error))
    except StorageError as error:
        advice = " Try again in a moment." if error.retry else ""
        fail(f"the database refuses: {error}.{advice}")
    except SealError as error:
        fail(f"something sealed does not open: {error}. If it is a file, fetch another copy of it.")
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        fail(f"the system refuses: {error.strerror or type(error).__name__}{where}")


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, failing plainly."""
    with plainly():
        return asyncio.run(work)


async def perform(chosen: Settings, do: str, ask: Ask, say: Say | None = None) -> None:
    """Have the running Heard do it, or take the database and do it here. What it answers is
    printed, or goes to `say`."""
    terminal = say or Terminal()
    path = socket.path_of(chosen)
    if path is not None:
        try:
            await socket.send(path, do, ask, terminal)
        except socket.NotRunning:
            pass
        else:
            return
    secrets = Secrets.load(chosen.secrets)
    store = await Store.open(chosen.database)
    try:
        await OPERATIONS[do](Hands(chosen, secrets, store, SystemClock()), ask, terminal)
    finally:
        await store.close()


def hidden(label: str, from_stdin: bool, option: str, twice: bool = False) -> str:
    """A secret from a prompt that shows nothing, or one line of standard input."""
    if from_stdin:
        text = sys.stdin.readline().rstrip("\r\n")
        if not text:
            fail(f"{option}: standard input has no line for the {label.lower()}")
        return text
    if not sys.stdin.isatty():
        fail(f"there is no terminal to ask for the {label.lower()}; use {option}")
    answer: str = click.prompt(label, hide_input=True, confirmation_prompt=twice)
    return answer
