"""Clearing a chat: one row of the outbox that deletes message after message, a batch each time it
is given out, and at the end becomes the message that tells what was done.

After each batch the row holds only what is left to do, so a kill in between repeats one batch at
most (which then finds nothing), and neither loses the telling nor goes round for ever.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from telegram import Bot
from telegram.error import TelegramError

from bot.channel.limits import Limits
from bot.channel.refusals import Refusal, Verdict, judge

log = logging.getLogger(__name__)

BATCH: Final = 100
"""Most messages in one deleteMessages (Bot API)."""

SINGLY: Final = 20
"""So many of a refused batch are tried one by one before what was done is written down."""

MARK: Final = b'{"clear": '
"""How the body of a clearing begins, and that of a message never."""

DELETE: Final = "delete_Message"
DELETE_MANY: Final = "delete_Messages"
"""Spelled for `do_api_request` so that the library does not warn at each call that it has methods
of its own; see `delivery.SEND`."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """What is left of it. `kept` tells whether anything stays that could not be deleted; `cleared`
    and `partly` are the bodies of the two messages that can come at the end."""

    ids: tuple[int, ...]
    kept: bool
    cleared: dict[str, Any]
    partly: dict[str, Any]

    @classmethod
    def read(cls, body: bytes) -> Self | None:
        """None for the body of a message to be sent.

        Raises ValueError, KeyError or TypeError for what `turns.clearing` does not make.
        """
        if not body.startswith(MARK):
            return None
        clear = json.loads(body)["clear"]
        ids = tuple(clear["ids"])
        if not all(isinstance(one, int) for one in ids):
            raise TypeError("message ids that are not numbers")
        return cls(ids, bool(clear["kept"]), dict(clear["cleared"]), dict(clear["partly"]))

    def without(self, tried: int, kept: bool) -> Self:
        return replace(self, ids=self.ids[tried:], kept=self.kept or kept)

    def body(self) -> bytes:
        """Of the row as it goes on: what is left to delete, or else the message that tells."""
        if not self.ids:
            done = self.partly if self.kept else self.cleared
            return json.dumps(done, ensure_ascii=False).encode()
        return json.dumps({"clear": asdict(self)}, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Cleared:
    """What one go did. `stopped` is why it could not do all that it meant to do."""

    left: Clearing
    gone: tuple[int, ...]
    stopped: Verdict | None = None


class Clearer:
    """Makes the calls for one go of a clearing."""

    def __init__(self, bot: Bot, limits: Limits, chat_id: int) -> None:
        self._bot = bot
        self._limits = limits
        self._chat_id = chat_id

    async def go(self, clearing: Clearing) -> Cleared:
        """Delete the next batch. One message that cannot be deleted makes Telegram refuse all of
        them, so then they are tried one by one. Never raises a Telegram error."""
        batch = clearing.ids[:BATCH]
        refused = await self._call(DELETE_MANY, message_ids=batch)
        if refused is None or refused.refusal is Refusal.DONE:
            return Cleared(clearing.without(len(batch), kept=False), batch)
        if refused.refusal is not Refusal.OURS:
            return Cleared(clearing, (), refused)
        return await self._singly(clearing)

    async def _singly(self, clearing: Clearing) -> Cleared:
        gone: list[int] = []
        some = clearing.ids[:SINGLY]
        for tried, one in enumerate(some):
            await self._limits.call()
            refused = await self._call(DELETE, message_id=one)
            if refused is None or refused.refusal is Refusal.DONE:
                gone.append(one)
            elif refused.refusal is not Refusal.OURS:
                left = clearing.without(tried, kept=len(gone) < tried)
                return Cleared(left, tuple(gone), refused)
        if kept := len(some) - len(gone):
            log.info("messages-not-deleted", extra={"count": kept})
        return Cleared(clearing.without(len(some), kept=bool(kept)), tuple(gone))

    async def _call(self, method: str, **fields: object) -> Verdict | None:
        try:
            await self._bot.do_api_request(method, api_kwargs={"chat_id": self._chat_id, **fields})
        except TelegramError as error:
            return judge(error)
        return None
