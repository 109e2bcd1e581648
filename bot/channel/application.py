"""Makes the library's Application, our HTTP underneath and nothing of its intake, and says to
Telegram at the start who this bot is and how it wants its updates."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.channel.parse import WANTED
from bot.channel.refusals import Refusal, TokenRefused, WebhookRefused, backoff, judge
from bot.channel.request import AiohttpRequest

log = logging.getLogger(__name__)

FIRST: Final = 0.5
LAST: Final = 30.0
"""Seconds between tries to reach Telegram at the start."""

CALLS_AT_ONCE: Final = 100
"""Connections that Telegram may open to the webhook (1-100, Bot API setWebhook)."""

COURTESIES: Final = 3
"""Tries for each part of the profile: it is as well from the last start."""

TelegramApp = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """What Telegram shows of the bot: the command menu (name without slash, description), the
    text of the empty chat (at most 512 characters) and the one of the profile (at most 120)."""

    commands: tuple[tuple[str, str], ...]
    description: str
    short_description: str


def build(token: str, api: str) -> TelegramApp:
    """An Application for this token that talks to the Bot API server at `api` (without "/bot").

    No updater, no job queue: intake and time are ours.
    """
    # The library's own logs below this level hold addresses (with the token) and people's words.
    logging.getLogger("telegram").setLevel(logging.WARNING)
    request = AiohttpRequest()
    return (
        Application.builder()
        .token(token)
        .base_url(f"{api.rstrip('/')}/bot")
        .base_file_url(f"{api.rstrip('/')}/file/bot")
        .request(request)
        .get_updates_request(request)
        .updater(None)
        .job_queue(None)
        .build()
    )


async def connect(application: TelegramApp) -> int:
    """Reach Telegram, however long that takes, and return the bot's id.

    Raises TokenRefused.
    """
    failures = 0
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            # The library's message holds the token.
            raise TokenRefused from None
        except TelegramError as error:
            failures += 1
            wait = backoff(failures, FIRST, LAST)
            log.warning("Telegram not reached: %s; again in %.1f s", type(error).__name__, wait)
        else:
            bot: Bot = application.bot
            return bot.id
        await asyncio.sleep(wait)


async def introduce(bot: Bot, profile: Profile) -> None:
    """Set the command menu and the descriptions. Best effort, and the same again is harmless."""
    await _politely(lambda: bot.set_my_commands(profile.commands))
    await _politely(lambda: bot.set_my_description(profile.description))
    await _politely(lambda: bot.set_my_short_description(profile.short_description))


async def receive_by_polling(bot: Bot) -> None:
    """Take away any webhook, which would refuse polls. Waiting updates are kept.

    Raises TokenRefused.
    """
    await _surely(lambda: bot.delete_webhook(drop_pending_updates=False))


async def receive_by_webhook(bot: Bot, url: str, secret: str) -> None:
    """Ask for updates at this address with this secret (1-256 of A-Z a-z 0-9 _ -).

    Raises TokenRefused, or WebhookRefused when Telegram does not accept the address.
    """
    await _surely(
        lambda: bot.set_webhook(
            url,
            secret_token=secret,
            allowed_updates=list(WANTED),
            max_connections=CALLS_AT_ONCE,
        )
    )


async def _surely(call: Callable[[], Awaitable[object]]) -> None:
    failures = 0
    while True:
        try:
            await call()
        except TelegramError as error:
            verdict = judge(error)
            if verdict.refusal is Refusal.TOKEN:
                raise TokenRefused from None
            if verdict.refusal not in (Refusal.NETWORK, Refusal.SLOW):
                raise WebhookRefused(error.message) from None
            failures += 1
            wait = max(backoff(failures, FIRST, LAST), verdict.wait.total_seconds())
        else:
            return
        await asyncio.sleep(wait)


async def _politely(call: Callable[[], Awaitable[object]]) -> None:
    for failures in range(1, COURTESIES + 1):
        try:
            await call()
        except TelegramError as error:
            verdict = judge(error)
            log.warning("profile not set: %s", verdict.refusal)
            if verdict.refusal is not Refusal.NETWORK:
                return
        else:
            return
        await asyncio.sleep(backoff(failures, FIRST, LAST))
