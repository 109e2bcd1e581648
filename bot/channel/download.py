"""The bytes behind a ticket: Telegram says where they are, then they come in pieces.

The address of a file holds the bot's token. No error raised here, and no cause chained to one,
carries an address, and none is ever kept.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

import aiohttp
from telegram import Bot
from telegram.error import BadRequest, NetworkError

GET_FILE: Final = "get_File"
"""getFile for `do_api_request`, spelled so that the library does not warn that it has a method of
its own, which would build the address into an object that can be printed."""

MOST_BYTES: Final = 20 * 1024 * 1024
"""What a bot can download (Bot API, getFile: "files of up to 20MB in size")."""

PIECE_BYTES: Final = 64 * 1024
CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 30.0

TOO_BIG: Final = "file is too big"
"""How the open Bot API server refuses getFile for what is larger (tdlib/telegram-bot-api)."""

ENDING: Final = re.compile(r"\.([A-Za-z0-9]{1,8})\Z")


class FileTooBigError(Exception):
    """Larger than a bot can download. Trying again never helps; nobody's fault."""


class FileRefusedError(Exception):
    """Telegram says no to this one file. It may be away for a moment only. `ours`: the call itself
    was wrong."""

    def __init__(self, *, ours: bool) -> None:
        super().__init__("refused")
        self.ours = ours


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file can be had for the next hour, how long it is said to be (bytes), and how its
    name ends."""

    path: str = field(repr=False)
    size: int | None
    ending: str


async def locate(bot: Bot, ticket: str) -> Place:
    """Ask where a file is. Raises FileTooBigError, FileRefusedError or another TelegramError."""
    try:
        told = await bot.do_api_request(GET_FILE, api_kwargs={"file_id": ticket})
    except BadRequest as error:
        if TOO_BIG in error.message.lower():
            raise FileTooBigError from None
        raise FileRefusedError(ours=True) from None
    path, size = told.get("file_path"), told.get("file_size")
    if not isinstance(path, str) or not isinstance(size, int | None):
        raise FileRefusedError(ours=False)
    if size is not None and size > MOST_BYTES:
        raise FileTooBigError
    found = ENDING.search(path)
    return Place(path, size, found[1].lower() if found else "")


@asynccontextmanager
async def connections(at_once: int) -> AsyncIterator[aiohttp.ClientSession]:
    """A session for downloads alone, so that they take no connection from messages."""
    timeout = aiohttp.ClientTimeout(
        total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS
    )
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield session


async def pieces(session: aiohttp.ClientSession, bot: Bot, place: Place) -> AsyncGenerator[bytes]:
    """The file's bytes in order, whole or with an error: FileTooBigError, FileRefusedError, or
    NetworkError for whatever another try may mend."""
    address, came = f"{bot.base_file_url}/{quote(place.path)}", 0
    try:
        async with session.get(address, allow_redirects=False) as answer:
            _check(answer.status)
            async for piece in answer.content.iter_chunked(PIECE_BYTES):
                came += len(piece)
                if came > MOST_BYTES:
                    raise FileTooBigError
                yield piece
    except TimeoutError:
        raise NetworkError("timed out") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NetworkError(f"aiohttp.{type(error).__name__}") from None
    if place.size is not None and came != place.size:
        raise NetworkError("another length than was said")


def _check(status: int) -> None:
    if status >= 500 or status == 429:
        raise NetworkError("the file server is not well")
    if status != 200:
        raise FileRefusedError(ours=status != 404)
