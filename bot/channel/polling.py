"""Updates by long polling. The offset that confirms a batch is sent only after the batch is
committed, so Telegram itself is the inbox and nothing is lost with this process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any, Final

from telegram import Bot
from telegram.error import Conflict, TelegramError

from bot.channel.intake import Intake
from bot.channel.parse import WANTED, parse
from bot.channel.refusals import Refusal, TokenRefused, backoff, judge
from storage.engine import StorageError

log = logging.getLogger(__name__)

GET: Final = "get_Updates"
"""getUpdates for `do_api_request`, spelled so that the library does not warn at each poll that it
has a method of its own: that one parses, and one bad update would hold up its whole batch."""

BATCH: Final = 100
"""Most updates in one answer (Bot API, getUpdates)."""

POLL_SECONDS: Final = 30
"""How long Telegram may keep a poll open when there is nothing new."""

READ_SLACK: Final = 15.0
"""Seconds beyond that before the line is taken for dead."""

FIRST: Final = 0.5
LAST: Final = 30.0
LAST_STORE: Final = 5.0
"""Seconds between tries. Short when our own store fails, so that those who write meanwhile are
seen and told."""


class Polling:
    """The one poller of this bot. Starts without a stored offset: what was committed but not yet
    confirmed comes again and is known by its id."""

    def __init__(self, bot: Bot, intake: Intake, poll_seconds: int = POLL_SECONDS) -> None:
        self._bot = bot
        self._intake = intake
        self._poll_seconds = poll_seconds
        self._stopping = asyncio.Event()
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Poll until stopped. Raises TokenRefused."""
        while not self._stopping.is_set():
            batch = await self._fetch()
            if batch is not None and await self._commit(batch):
                self._failures = 0

    async def stop(self) -> None:
        """Finish the batch in hand and return from `run`. No last poll is made: it confirms."""
        self._stopping.set()

    async def _fetch(self) -> list[Any] | None:
        """The next batch, or None after a failure (and the wait that it calls for) or a stop."""
        poll = asyncio.create_task(self._poll())
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({poll, stop}, return_when=asyncio.FIRST_COMPLETED)
            return poll.result() if poll.done() else None
        except TelegramError as error:
            await self._failed(error)
            return None
        finally:
            poll.cancel()
            stop.cancel()
            await asyncio.gather(poll, stop, return_exceptions=True)

    async def _poll(self) -> list[Any]:
        fields: dict[str, Any] = {
            "timeout": self._poll_seconds,
            "limit": BATCH,
            "allowed_updates": list(WANTED),
        }
        if self._offset is not None:
            fields["offset"] = self._offset
        got = await self._bot.do_api_request(
            GET, api_kwargs=fields, read_timeout=self._poll_seconds + READ_SLACK
        )
        if not isinstance(got, list):
            raise TelegramError("getUpdates gave something else than a list")
        return got

    async def _failed(self, error: TelegramError) -> None:
        verdict = judge(error)
        if verdict.refusal is Refusal.TOKEN:
            raise TokenRefused
        self._failures += 1
        wait = max(backoff(self._failures, FIRST, LAST), verdict.wait.total_seconds())
        if isinstance(error, Conflict):
            log.error(
                "another program receives this bot's updates (a second copy, or a webhook): "
                "stop it; trying again in %.0f s",
                wait,
            )
        else:
            log.warning("no updates: %s; again in %.1f s", type(error).__name__, wait)
        await self._pause(wait)

    async def _commit(self, batch: list[Any]) -> bool:
        """True once the batch is committed and may be confirmed by the next poll."""
        arrivals = [arrival for raw in batch if (arrival := parse(raw)) is not None]
        if len(arrivals) < len(batch):
            log.error("%d things came that are not updates", len(batch) - len(arrivals))
        if not arrivals:
            return not batch or await self._hold("nothing in the batch was an update")
        try:
            await self._intake.commit(arrivals)
        except StorageError as error:
            return await self._hold(type(error).__name__)
        # A bug beyond the turn's own guards. To die here would be silence for everybody; to go on
        # would lose words. So: as if nothing could be saved, which is what people are then told.
        except Exception as error:  # noqa: BLE001
            return await self._hold(type(error).__name__)
        self._offset = max(arrival.update_id for arrival in arrivals) + 1
        return True

    async def _hold(self, why: str) -> bool:
        self._failures += 1
        wait = backoff(self._failures, FIRST, LAST_STORE)
        log.error(
            "a batch could not be taken in: %s; nothing confirmed, again in %.1f s", why, wait
        )
        await self._pause(wait)
        return False

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            # Not wait_for: before Python 3.12 it can swallow a cancellation.
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
