"""Updates by webhook. Calls that arrive together share one commit, and each gets its 200 only
after that commit."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channel.intake import Intake
from bot.channel.parse import parse
from bot.turns.arrival import Arrival
from storage.engine import StorageError

log = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a header's name
BODY_LIMIT: Final = 1024 * 1024
"""Most bytes in one call; a message of 4,096 characters is a hundredth of it."""

TOGETHER: Final = 100
"""Most updates in one commit, as in one answer to a poll."""

RETRY_AFTER: Final = {"Retry-After": "1"}


class _TooLargeError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Call:
    arrival: Arrival
    saved: asyncio.Future[bool]


class Webhook:
    """The route that Telegram calls, and the loop that commits for all who wait."""

    def __init__(self, intake: Intake, secret: str, path: str) -> None:
        if not secret:
            raise ValueError("a webhook without a secret would take anybody's updates")
        self.route = Route(path, self._called, methods=["POST"])
        self._intake = intake
        self._secret = secret.encode()
        self._calls: asyncio.Queue[_Call | None] = asyncio.Queue()
        self._open = True

    async def run(self) -> None:
        """Commit what arrives, in order, one set at a time, until stopped."""
        while (first := await self._calls.get()) is not None:
            calls = [first]
            while len(calls) < TOGETHER and not self._calls.empty():
                call = self._calls.get_nowait()
                if call is None:
                    self._calls.put_nowait(None)
                    break
                calls.append(call)
            await self._commit(calls)

    async def stop(self) -> None:
        """Take no more calls and let `run` return once those in hand are answered. Telegram
        sends again what is turned away now."""
        self._open = False
        self._calls.put_nowait(None)

    async def _commit(self, calls: list[_Call]) -> None:
        saved = False
        try:
            await self._intake.commit([call.arrival for call in calls])
            saved = True
        except StorageError as error:
            log.error("%d updates could not be saved: %s", len(calls), type(error).__name__)
        # A bug beyond the turn's own guards must not end this loop: every later call would hang.
        except Exception as error:  # noqa: BLE001
            log.error("%d updates could not be taken in: %s", len(calls), type(error).__name__)
        finally:
            for call in calls:
                if not call.saved.done():
                    call.saved.set_result(saved)

    async def _called(self, request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return PlainTextResponse("wrong secret", 403)
        try:
            arrival = parse(json.loads(await _body(request)))
        except _TooLargeError:
            return PlainTextResponse("too large", 413)
        except (ValueError, RecursionError, ClientDisconnect):
            return PlainTextResponse("not JSON", 400)
        if arrival is None:
            return PlainTextResponse("not an update", 400)
        if self._open and await self._saved(arrival):
            return PlainTextResponse("ok")
        return PlainTextResponse("not saved, send again", 503, RETRY_AFTER)

    async def _saved(self, arrival: Arrival) -> bool:
        saved: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._calls.put_nowait(_Call(arrival, saved))
        return await saved


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise _TooLargeError
    return bytes(body)
