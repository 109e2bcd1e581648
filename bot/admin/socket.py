"""The way to a running Heard: one JSON line asks, JSON lines answer, over a Unix socket that only
its owner can open. One process owns the database file, so commands that write must ask it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from bot.admin.model import Ask, Hands, Operation, Refused, Say
from config.settings import Settings

logger = logging.getLogger(__name__)

LONGEST_ASK: Final = 64 * 1024
LONGEST_LINE: Final = 64 * 1024 * 1024  # one exported concern with all that was added to it
LONGEST_ADDRESS: Final = 100  # bytes; the kernel's limit is 108 (unix(7))


class NotRunning(Exception):
    """Nobody listens: do it here instead."""


def path_of(settings: Settings) -> Path | None:
    """Next to the database file; None on PostgreSQL, where every process may write."""
    file = settings.database_file
    return None if file is None else file.with_name(file.name + ".sock")


class _Line:
    """An operation's words on their way to the terminal at the other end."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def line(self, text: str) -> None:
        await self.send({"line": text})

    async def progress(self, text: str) -> None:
        # Not drained: it is said inside transactions, and a terminal that stands still must not
        # hold up the bot.
        self._write({"progress": text})

    async def send(self, answer: Mapping[str, Any]) -> None:
        self._write(answer)
        await self._writer.drain()

    def _write(self, answer: Mapping[str, Any]) -> None:
        self._writer.write(json.dumps(answer).encode() + b"\n")


@asynccontextmanager
async def serving(
    path: Path, hands: Hands, operations: Mapping[str, Operation]
) -> AsyncIterator[None]:
    """Answer at `path` until the block is left; commands in hand are cancelled then.

    The caller owns the database, so a socket file that is there already is left from a crash.
    """
    busy: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            busy.add(task)
            task.add_done_callback(busy.discard)
        try:
            await _answer(reader, _Line(writer), hands, operations)
        except (ConnectionError, asyncio.CancelledError):
            logger.info("admin connection ended early")
        finally:
            writer.close()

    server = await asyncio.start_unix_server(connected, sock=_bound(path), limit=LONGEST_ASK)
    try:
        yield
    finally:
        server.close()
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
        path.unlink(missing_ok=True)


async def send(path: Path, do: str, ask: Ask, say: Say) -> None:
    """Have the running Heard do it. Raises NotRunning, or Refused with its words."""
    try:
        with _address(path) as address:
            reader, writer = await asyncio.open_unix_connection(address, limit=LONGEST_LINE)
    except (FileNotFoundError, ConnectionRefusedError):
        raise NotRunning from None
    except OSError as error:
        raise Refused(f"Cannot reach the running Heard at {path}: {error.strerror}.") from None
    try:
        writer.write(json.dumps({"do": do, "ask": ask}).encode() + b"\n")
        await writer.drain()
        await _hear(reader, say)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _hear(reader: asyncio.StreamReader, say: Say) -> None:
    while raw := await _line(reader):
        match json.loads(raw):
            case {"line": str(text)}:
                await say.line(text)
            case {"progress": str(text)}:
                await say.progress(text)
            case {"refused": str(text)}:
                raise Refused(text)
            case {"done": True}:
                return
    raise Refused("Heard stopped before it was done. Start it again and repeat the command.")


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except (ConnectionError, ValueError):  # ValueError: longer than the limit
        return b""


async def _answer(
    reader: asyncio.StreamReader, line: _Line, hands: Hands, operations: Mapping[str, Operation]
) -> None:
    match _parsed(await _line(reader)):
        case {"do": str(do), "ask": dict(ask)} if do in operations:
            pass
        case _:
            await line.send({"refused": "The running Heard does not know this command."})
            return
    logger.info("admin command", extra={"command": do})
    try:
        await operations[do](hands, ask, line)
    except Refused as refused:
        await line.send({"refused": str(refused)})
    except ConnectionError:
        raise
    except Exception as error:  # the running Heard must not fall over a command
        logger.exception("admin command failed", extra={"command": do})
        await line.send({"refused": f"The running Heard could not do it ({type(error).__name__})."})
    else:
        await line.send({"done": True})


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _bound(path: Path) -> socket.socket:
    """A socket at `path` that nobody else can open for even a moment."""
    path.unlink(missing_ok=True)
    ours = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        with _address(path) as address:
            ours.bind(address)
    except BaseException:
        ours.close()
        raise
    finally:
        os.umask(before)
    ours.setblocking(False)
    return ours


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """The path as the kernel takes it: a long one is reached through its folder's descriptor."""
    if len(os.fsencode(path)) <= LONGEST_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
