"""Two questions to the Bot API, without the library: who am I, and is a webhook set?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

PATIENCE: Final = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Answered:
    """What Telegram says of the bot; `date` is its clock."""

    username: str
    webhook_url: str
    waiting: int
    date: datetime | None


async def ask(api: str, token: str) -> Answered | str:
    """The answers, or one line that says what is wrong. Never shows the token."""
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        try:
            me, date = await _call(session, f"{api}/bot{token}/getMe")
            hook, _ = await _call(session, f"{api}/bot{token}/getWebhookInfo")
            return Answered(me["username"], hook["url"], hook["pending_update_count"], date)
        except aiohttp.ClientResponseError as error:
            if error.status in {401, 404}:
                return "it does not know the token. Set the right one, from @BotFather"
            return f"it answers with error {error.status}. Try again later"
        except (aiohttp.ClientError, TimeoutError) as error:
            return (
                f"cannot be reached ({type(error).__name__}). Check the network, the firewall and "
                "HEARD_TELEGRAM_API"
            )
        except (KeyError, TypeError, ValueError):
            return "what answers there is no Bot API server. Check HEARD_TELEGRAM_API"


async def _call(session: aiohttp.ClientSession, url: str) -> tuple[dict[str, Any], datetime | None]:
    async with session.get(url, raise_for_status=True) as answer:
        said = answer.headers.get("Date")
        body = await answer.json()
        return body["result"], parsedate_to_datetime(said) if said else None
