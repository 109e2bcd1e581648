"""One message on its way: from an outbox row to Telegram's answer, and what that answer means for
the row."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from telegram import Bot, InputFile
from telegram.error import TelegramError

from bot.channel.clearing import Clearer, Clearing
from bot.channel.limits import Limits
from bot.channel.refusals import Refusal, Verdict, backoff, judge
from storage.outbox import Claimed
from storage.outbox_rows import MEMBER

log = logging.getLogger(__name__)

SEND: Final = "send_Message"
"""sendMessage for `do_api_request`, spelled so that the library does not warn at each call that it
has a method of its own. That one also parses the answer: a message that went out but whose answer
the library cannot read would be sent again and again."""

SEND_FILE: Final = "send_Document"
"""sendDocument, spelled for the same reason."""

FIRST_RETRY: Final = 1.0
LAST_RETRY: Final = 300.0
"""Seconds before a row that met a bad day is tried again: doubled from the first to the last."""

STRUGGLING: Final = 3
"""From so many failures in a row on, everybody waits: it is not this one row."""

HALT_FIRST: Final = 0.5
HALT_LAST: Final = 15.0


class Fate(StrEnum):
    """What becomes of a row."""

    DELIVERED = "delivered"
    RETRY = "retry"
    AWAY = "away"  # waits until its person writes again
    REFUSED = "refused"  # kept, with an alarm
    ONWARD = "onward"  # some of it is done; the rest goes on from where it stands


@dataclass(frozen=True, slots=True)
class Outcome:
    """To be recorded. `wait` in seconds is for RETRY; `alarm` says why somebody must look.

    `sent` is the number of the message that went out, `gone` are those that are deleted, and `body`
    is what is left to do of a row that deletes.
    """

    row: Claimed
    fate: Fate
    wait: float = 0.0
    alarm: str | None = None
    token_refused: bool = False
    sent: int | None = None
    gone: tuple[int, ...] = ()
    body: bytes | None = None


class Delivery:
    """Makes the calls for the sender, under the limits that everybody shares."""

    def __init__(self, bot: Bot, limits: Limits) -> None:
        self._bot = bot
        self._limits = limits
        self._failures = 0

    async def deliver(self, row: Claimed) -> Outcome:
        """Carry out one claimed row, whose turn has come. Never raises a Telegram error."""
        if not row.chat_id:
            return Outcome(row, Fate.AWAY, alarm="address-damaged")
        if row.damaged:
            return Outcome(row, Fate.REFUSED, alarm="damaged")
        try:
            clearing = Clearing.read(row.body)
            fields = {} if clearing else message_fields(row.chat_id, row.body)
        except (ValueError, KeyError, TypeError, AttributeError):
            return Outcome(row, Fate.REFUSED, alarm="unreadable")
        return await (self._clear(row, clearing) if clearing else self._send(row, fields))

    async def _send(self, row: Claimed, fields: dict[str, Any]) -> Outcome:
        """A 400 that is our own bug is tried once more as plain text without buttons, because the
        words matter more than how they look."""
        verdict, sent = await self._try(fields)
        if verdict is None or verdict.refusal is not Refusal.OURS:
            return replace(self._outcome(row, verdict), sent=sent)
        log.error("row %d was refused as malformed: trying plain text", row.id)
        await self._limits.message(row.chat_id)
        fields.pop("reply_markup", None)
        again, sent = await self._try(fields)
        if again is not None and again.refusal is Refusal.OURS:
            return Outcome(row, Fate.REFUSED, alarm="malformed")
        alarm = "sent-plain" if again is None else None
        return replace(self._outcome(row, again, alarm), sent=sent)

    async def _clear(self, row: Claimed, clearing: Clearing) -> Outcome:
        """Delete the next batch; what is left, if only to tell of it, goes on in the same row."""
        done = await Clearer(self._bot, self._limits, row.chat_id).go(clearing)
        outcome = Outcome(row, Fate.ONWARD)
        if done.stopped is not None:
            outcome = self._outcome(row, done.stopped)
        return replace(outcome, gone=done.gone, body=done.left.body())

    async def _try(self, fields: dict[str, Any]) -> tuple[Verdict | None, int | None]:
        """Why it was refused, or else the number of the message that went out."""
        try:
            how = SEND_FILE if "document" in fields else SEND
            sent = await self._bot.do_api_request(how, api_kwargs=dict(fields))
        except TelegramError as error:
            return judge(error), None
        self._failures = 0
        number = sent.get("message_id") if isinstance(sent, dict) else None
        return None, number if isinstance(number, int) else None

    def _outcome(self, row: Claimed, verdict: Verdict | None, alarm: str | None = None) -> Outcome:
        if verdict is None or verdict.refusal is Refusal.DONE:
            return Outcome(row, Fate.DELIVERED, alarm=alarm)
        if verdict.refusal is Refusal.AWAY:
            # A person may leave and come back; staff who hear nothing any more must be noticed.
            lost = "staff-chat-lost" if row.recipient.startswith(MEMBER) else None
            return Outcome(row, Fate.AWAY, alarm=lost)
        if verdict.refusal is Refusal.TOKEN:
            return Outcome(row, Fate.RETRY, alarm="token-refused", token_refused=True)
        if verdict.refusal is Refusal.SLOW:
            wait = self._limits.halt(verdict.wait.total_seconds())
            log.warning("Telegram asks everybody to wait %.1f s", wait)
            return Outcome(row, Fate.RETRY, wait)
        self._struggle()
        return Outcome(row, Fate.RETRY, backoff(max(1, row.attempts), FIRST_RETRY, LAST_RETRY))

    def _struggle(self) -> None:
        """Many in flight fail together; that is one failure of the way there, not many."""
        if self._limits.halted:
            return
        self._failures += 1
        if self._failures >= STRUGGLING:
            tries = self._failures - STRUGGLING + 1
            self._limits.halt(backoff(tries, HALT_FIRST, HALT_LAST))


def message_fields(chat_id: int, body: bytes) -> dict[str, Any]:
    """The fields of sendMessage for an outbox body: JSON of text and rows of buttons; or, with a
    document in it, those of sendDocument.

    Raises ValueError, KeyError, TypeError or AttributeError for a body that is not what
    `turns.rendering` makes.
    """
    payload = json.loads(body)
    if "document" in payload:
        fields = _document(payload["document"], payload["text"])
    else:
        fields = {"text": payload["text"], "link_preview_options": {"is_disabled": True}}
    fields["chat_id"] = chat_id
    rows = [[_button(button) for button in row] for row in payload.get("rows", ()) if row]
    if rows:
        fields["reply_markup"] = {"inline_keyboard": rows}
    return fields


def _document(document: dict[str, str], caption: str) -> dict[str, Any]:
    """Its name ends in .txt, which is all that a phone needs; nobody is to guess at its content."""
    file = InputFile(document["text"].encode(), filename=document["name"])
    return {"document": file, "caption": caption, "disable_content_type_detection": True}


def _button(button: dict[str, str]) -> dict[str, str]:
    if "url" in button:
        return {"text": button["label"], "url": button["url"]}
    return {"text": button["label"], "callback_data": button["data"]}
