"""The library's HTTP over aiohttp, which costs a fraction of its default client's time per call."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any, Final

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS: Final = 100
"""Most connections at once: the sender's 64, the courtesies, one long poll, and room."""

KEEPALIVE_SECONDS: Final = 30.0
CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 20.0
WRITE_SECONDS: Final = 20.0
POOL_SECONDS: Final = 30.0
"""Seconds that one call may spend on each part of its way. Telegram answers a send in well under
a second; a call given up too early may have taken effect and is then made twice."""


class AiohttpRequest(BaseRequest):
    """One session for all calls of one bot.

    The address of every call holds the bot's token, so no error raised here, and no cause chained
    to one, carries an address.
    """

    __slots__ = ("_connections", "_session")

    def __init__(self, connections: int = CONNECTIONS) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer when a call names no time of its own."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the session; again is harmless."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEPALIVE_SECONDS
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the session and its connections; again is harmless."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 -- the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and body of one call.

        Raises TimedOut or NetworkError: neither says whether the call took effect.
        """
        if self._session is None:
            raise NetworkError("the session is not open")
        timeout = _timeout(
            _given(read_timeout, READ_SECONDS),
            _given(write_timeout, WRITE_SECONDS),
            _given(connect_timeout, CONNECT_SECONDS),
            _given(pool_timeout, POOL_SECONDS),
        )
        try:
            async with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, **_content(request_data)
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}") from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON. Unlike the library's own, this never logs what it could not read:
        it may be a batch of people's messages."""
        try:
            parsed = json.loads(payload)
        except (ValueError, RecursionError):
            raise TelegramError("the server's answer is not JSON") from None
        if not isinstance(parsed, dict):
            raise TelegramError("the server's answer is not a JSON object")
        return parsed


def _given(value: ODVInput[float], default: float) -> float | None:
    return default if isinstance(value, DefaultValue) else value


def _timeout(
    read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    """There is no limit on writing alone, so the whole call gets the sum of its parts."""
    reach = None if pool is None or connect is None else pool + connect
    total = None if reach is None or read is None or write is None else reach + write + read
    return aiohttp.ClientTimeout(total=total, connect=reach, sock_connect=connect, sock_read=read)


def _content(request_data: RequestData | None) -> dict[str, Any]:
    if request_data is None:
        return {}
    if not request_data.contains_files:
        return {"json": request_data.parameters}
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        # As a stream: whole bytes of a large file would hold up everybody else while they go.
        stream = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=kind)
    return {"data": form}
