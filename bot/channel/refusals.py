"""What Telegram's errors mean for us: whose fault a refusal is, and whether asking again helps."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

ALREADY_SO: Final = (
    "message is not modified",
    "query is too old",
    "query id is invalid",
    "message to delete not found",
    "message to edit not found",
)
"""400s that only say that nothing is left to do (docs of editMessage*, answerCallbackQuery and
deleteMessage; wording from the open server, tdlib/telegram-bot-api)."""

CHAT_GONE: Final = ("chat not found", "user not found", "peer_id_invalid")
"""400s for a chat that the bot cannot write to until its person writes first."""


class ChannelError(Exception):
    """Base of what the channel raises. `retry` tells whether trying again can help."""

    retry = True


class TokenRefused(ChannelError):
    """Telegram does not know this bot token. Check HEARD_TELEGRAM_TOKEN with @BotFather."""

    retry = False

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class WebhookRefused(ChannelError):
    """Telegram does not accept the webhook's address. Check HEARD_WEBHOOK_URL."""

    retry = False

    def __init__(self, reason: str) -> None:
        super().__init__(f"{self.__doc__} Telegram says: {reason}")


class Refusal(StrEnum):
    """What kind of no it was."""

    DONE = "done"  # nothing left to do
    AWAY = "away"  # this chat cannot be reached until its person writes again
    SLOW = "slow"  # too fast: wait as long as told
    OURS = "ours"  # our bug: the same call will be refused again
    TOKEN = "token"  # noqa: S105 -- nothing works until the token is put right
    NETWORK = "network"  # their bad day or the way there: try again


@dataclass(frozen=True, slots=True)
class Verdict:
    """A refusal, understood. `wait` is set for SLOW only."""

    refusal: Refusal
    wait: timedelta = timedelta(0)


def judge(error: TelegramError) -> Verdict:
    """Sort an error of the library. Order matters: its BadRequest is a kind of its NetworkError."""
    match error:
        case RetryAfter():
            return Verdict(Refusal.SLOW, _seconds(error.retry_after))
        case Forbidden() | ChatMigrated():
            return Verdict(Refusal.AWAY)
        case InvalidToken() | EndPointNotFound():
            return Verdict(Refusal.TOKEN)
        case BadRequest():
            return Verdict(_bad_request(error.message.lower()))
        case _:
            return Verdict(Refusal.NETWORK)


def backoff(failures: int, first: float, cap: float) -> float:
    """Seconds to wait after the nth failure in a row: doubled each time up to `cap`, then spread
    between half and whole so that those who failed together do not come back together."""
    whole = min(cap, first * 2.0 ** min(failures - 1, 30))
    return whole * random.uniform(0.5, 1.0)  # noqa: S311 -- jitter, not a secret


def _bad_request(words: str) -> Refusal:
    if any(known in words for known in ALREADY_SO):
        return Refusal.DONE
    if any(known in words for known in CHAT_GONE):
        return Refusal.AWAY
    return Refusal.OURS


def _seconds(wait: int | timedelta) -> timedelta:
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
