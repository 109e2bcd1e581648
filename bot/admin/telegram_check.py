"""Two questions to the Bot API, without any library, because every command loads this: who am I,
and is a webhook set?
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

PATIENCE: Final = 10  # seconds
_NO_SUCH_BOT: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Answered:
    """What Telegram says of the bot; `date` is its clock."""

    username: str
    webhook_url: str
    waiting: int
    date: datetime | None


async def ask(api: str, token: str) -> Answered | str:
    """The answers, or one line that says what is wrong. Never shows the token."""
    return await asyncio.to_thread(_ask, api, token)


def _ask(api: str, token: str) -> Answered | str:
    try:
        status, me, date = _call(api, token, "getMe")
        if status in _NO_SUCH_BOT:
            return "it does not know the token. Set the right one, from @BotFather"
        if status != HTTPStatus.OK:
            return f"it answers with error {status}. Try again later"
        _, hook, _ = _call(api, token, "getWebhookInfo")
        return Answered(
            me["result"]["username"],
            hook["result"]["url"],
            hook["result"]["pending_update_count"],
            date,
        )
    except (HTTPException, KeyError, TypeError, ValueError):
        return "what answers there is no Bot API server. Check HEARD_TELEGRAM_API"
    except OSError as error:
        return (
            f"cannot be reached ({type(error).__name__}). Check the network, the firewall and "
            "HEARD_TELEGRAM_API"
        )


def _call(api: str, token: str, method: str) -> tuple[int, Any, datetime | None]:
    parts = urlsplit(api)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", f"{parts.path}/bot{token}/{method}")
        answer: HTTPResponse = connection.getresponse()
        said = answer.headers.get("Date")
        return answer.status, json.load(answer), parsedate_to_datetime(said) if said else None
    finally:
        connection.close()
