"""How the bot receives updates: long polling with getUpdates, or a webhook, and never both.

Follows tdlib/telegram-bot-api, ``Client::process_get_updates_query`` and
``process_set_webhook_query``, but for its brakes on repeated calls within three seconds and on two
setWebhook calls within one, which would only slow tests.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import RefusedError, bad_request, conflict
from bot.sandbox.updates import Pending
from bot.sandbox.webhook import Deliverer, Webhook
from bot.sandbox.world import World

Json = dict[str, Any]

LONGEST_POLL = 50
MOST_UPDATES = 100
MOST_CONNECTIONS = 100
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


class Intake:
    """The four methods through which a bot says how it wants its updates."""

    def __init__(self, world: World, deliverer: Deliverer) -> None:
        self._world = world
        self._deliverer = deliverer
        self._poll: asyncio.Future[RefusedError | None] | None = None
        self._closed = False
        world.updates.on_arrival.append(self._arrived)
        self.methods = {
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
        }

    async def get_updates(self, arguments: Json) -> list[Json]:
        """What waits from ``offset`` on, waiting for the first up to ``timeout`` seconds."""
        if self._deliverer.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first"
            )
        self._world.updates.allow(arguments.get("allowed_updates"))
        offset = arguments.get("offset", 0)
        limit = _clamped(arguments.get("limit", MOST_UPDATES), 1, MOST_UPDATES)
        timeout = _clamped(arguments.get("timeout", 0), 0, LONGEST_POLL)
        self._end_poll(
            conflict(
                "terminated by other getUpdates request;"
                " make sure that only one bot instance is running"
            )
        )
        found = self._world.updates.take(offset, limit, self._world.unix())
        if not found and timeout and not self._closed:
            await self._wait(timeout)
            # A negative offset was honoured above; again, it would drop what has just arrived.
            found = self._world.updates.take(max(offset, 0), limit, self._world.unix())
        return [pending.body() for pending in found]

    async def _wait(self, seconds: int) -> None:
        poll: asyncio.Future[RefusedError | None] = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            await asyncio.wait({poll}, timeout=seconds)
        finally:
            if self._poll is poll:
                self._poll = None
        if poll.done() and (refusal := poll.result()) is not None:
            raise refusal

    def _arrived(self, pending: Pending) -> None:
        self._end_poll(None)
        self._deliverer.accept(pending)

    def _end_poll(self, outcome: RefusedError | None) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(outcome)

    async def set_webhook(self, arguments: Json) -> bool:
        """Deliver to this address from now on; an empty one ends delivery."""
        url = arguments["url"]
        if not url:
            return await self.delete_webhook(arguments)
        webhook = Webhook(
            url=_checked_url(url),
            secret=_checked_secret(arguments.get("secret_token", "")),
            max_connections=_clamped(arguments.get("max_connections", 40), 1, MOST_CONNECTIONS),
            ip_address=arguments.get("ip_address", "127.0.0.1"),
        )
        self._end_poll(conflict("terminated by setWebhook request"))
        self._world.updates.allow(arguments.get("allowed_updates"))
        if arguments.get("drop_pending_updates"):
            self._world.updates.clear()
        elif self._deliverer.delivers_to(webhook):
            return True
        await self._deliverer.set(webhook)
        return True

    async def delete_webhook(self, arguments: Json) -> bool:
        """End delivery; what waits stays for getUpdates."""
        await self._deliverer.set(None)
        if arguments.get("drop_pending_updates"):
            self._world.updates.clear()
        return True

    async def get_webhook_info(self, _arguments: Json) -> Json:
        """The WebhookInfo."""
        self._world.updates.forget_expired(self._world.unix())
        webhook = self._deliverer.webhook
        info: Json = {
            "url": webhook.url if webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates),
        }
        if webhook:
            info |= {"max_connections": webhook.max_connections, "ip_address": webhook.ip_address}
            if webhook.last_error:
                info |= {
                    "last_error_date": webhook.last_error_date,
                    "last_error_message": webhook.last_error,
                }
        if self._world.updates.allowed is not None:
            info["allowed_updates"] = sorted(self._world.updates.allowed)
        return info

    @property
    def polled(self) -> bool:
        """Whether a getUpdates is waiting at this moment."""
        return self._poll is not None

    def close(self) -> None:
        """Let a waiting getUpdates answer at once."""
        self._closed = True
        self._end_poll(None)


def _clamped(number: int, low: int, high: int) -> int:
    return min(max(number, low), high)


def _checked_url(url: str) -> str:
    """Telegram wants HTTPS; the sandbox also takes plain HTTP to this machine."""
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    return url


def _checked_secret(secret: str) -> str:
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return secret
