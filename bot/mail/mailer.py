"""The one who mails: takes what is due for staff by e-mail, and writes down what became of each.

At least once: a mail that went out but could not be written down goes out again, and its Message-ID
tells. A server that cannot be used makes all of them wait, not one of them be lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets as tokens
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.mail.letters import Unreadable, mail
from bot.mail.server import PERMANENT, MailError, MailServer
from storage import alarms, outbox, outbox_mail
from storage.engine import StorageError, Store
from storage.outbox_mail import Letter
from storage.secrets import Secrets

log = logging.getLogger(__name__)

AT_ONCE: Final = 10
"""Mails over one connection: a lease covers them all, however slow each of their steps is."""

LEASE: Final = timedelta(minutes=15)
TICK: Final = 2.0
"""Seconds between looks when nobody woke us."""

FIRST_RETRY: Final = 5.0
LAST_RETRY: Final = 300.0
"""Seconds until a refused mail is tried again: doubled from the first to the last. Grey lists want
a few minutes."""

GIVES_UP: Final = timedelta(days=4)  # RFC 5321, 4.5.4.1: at least four to five days
TROUBLE: Final = 3  # failures in a row until somebody must look
WHERE: Final = "mail server"  # the detail of an alarm about no single mail


class Fate(StrEnum):
    """What becomes of a mail."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"  # kept, with an alarm


@dataclass(frozen=True, slots=True)
class Post:
    """Where the mails are, and the clock that their due times were made with."""

    store: Store
    secrets: Secrets
    now: Callable[[], datetime]


class Mailer:
    """One per process; several share the outbox through leases."""

    def __init__(self, post: Post, server: MailServer, subjects: Mapping[bool, str]) -> None:
        self._post, self._server, self._subjects = post, server, subjects
        self._news, self._stopping = asyncio.Event(), asyncio.Event()
        self._failures = 0

    def wake(self) -> None:
        """Something new was committed to the outbox: look at once, unless the server must rest."""
        self._news.set()

    async def stop(self) -> None:
        """Send no more; what is in hand is finished or goes out after the next start."""
        self._stopping.set()
        self._news.set()

    async def run(self) -> None:
        """Mail until stopped."""
        while not self._stopping.is_set():
            pause = TICK
            try:
                pause = await self.round()
            except StorageError as error:
                log.error("mail-store-failed", extra={"error": error})
            except Exception as error:  # a bug about one must not silence all others
                log.exception("mail-broke", extra={"error": error})
            resting = self._stopping if self._failures else self._news
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await resting.wait()
            self._news.clear()

    async def round(self) -> float:
        """Mail what is due; return in how many seconds to look again."""
        async with self._post.store.write() as conn:
            now = self._post.now()
            letters = await outbox_mail.claim(conn, self._post.secrets, now, LEASE, AT_ONCE)
        if not letters:
            return TICK
        try:
            smtp = await self._server.connect()
        except MailError as error:
            return await self._all_wait(letters, error)
        try:
            left = await self._send_all(smtp, letters)
        finally:
            await _hang_up(smtp)
        if left:
            hung_up = MailError("mail-unreachable", "", lasting=False)
            return await self._all_wait(left, hung_up)
        self._failures = 0
        return 0.0 if len(letters) == AT_ONCE else TICK

    async def _send_all(self, smtp: SMTP, letters: Sequence[Letter]) -> Sequence[Letter]:
        """Those that are left when the server hung up; each other one is written down."""
        for place, letter in enumerate(letters):
            if self._stopping.is_set():
                await self._back(letters[place:])
                return ()
            try:
                fate, alarm = await self._send(smtp, letter)
            except (ConnectionError, TimeoutError, OSError):
                return letters[place:]
            await self._record(letter, fate, alarm)
            if not smtp.is_connected:
                return letters[place + 1 :]
        return ()

    async def _send(self, smtp: SMTP, letter: Letter) -> tuple[Fate, str | None]:
        """Raises OSError when there is no server any more."""
        if letter.damaged:
            return Fate.REFUSED, "damaged"
        sender = self._server.sender
        try:
            made = mail(letter, sender, self._post.now(), self._subjects)
            await smtp.send_message(made, sender=sender, recipients=[letter.address])
        except Unreadable:
            return Fate.REFUSED, "unreadable"
        except SMTPException as error:
            return self._judged(letter, error)
        return Fate.SENT, None

    def _judged(self, letter: Letter, error: SMTPException) -> tuple[Fate, str | None]:
        """Raises the error itself when the server hung up or took too long."""
        match error:
            case OSError():
                raise error
            case SMTPSenderRefused():
                # Our own address, not theirs: no mail is thrown away for a wrong setting.
                return Fate.LATER, "mail-sender-refused" if error.code >= PERMANENT else None
            case SMTPRecipientsRefused():
                return self._refused(letter, error.recipients[0].code)
            case SMTPResponseException():
                return self._refused(letter, error.code)
            case SMTPNotSupported():  # the server knows no such addresses
                return Fate.REFUSED, "mail-refused"
            case _:
                return Fate.LATER, "mail-broke"

    def _refused(self, letter: Letter, code: int) -> tuple[Fate, str | None]:
        if code >= PERMANENT:
            return Fate.REFUSED, "mail-refused"
        if self._post.now() - letter.since > GIVES_UP:
            return Fate.REFUSED, "mail-given-up"
        return Fate.LATER, None

    async def _record(self, letter: Letter, fate: Fate, alarm: str | None) -> None:
        async with self._post.store.write() as conn:
            now = self._post.now()
            match fate:
                case Fate.SENT:
                    await outbox.delivered(conn, [letter.id])
                case Fate.LATER:
                    wait = timedelta(seconds=_backoff(letter.attempts + 1))
                    await outbox.retry(conn, letter.id, now + wait)
                case Fate.REFUSED:
                    why = alarm or "mail-refused"
                    await outbox.refuse(conn, self._post.secrets, letter.id, why)
            if alarm:
                log.error("alarm", extra={"kind": alarm})
                detail = f"outbox row {letter.id}"
                await alarms.sound_once(conn, tokens.token_hex(16), now, alarm, detail)

    async def _all_wait(self, letters: Sequence[Letter], error: MailError) -> float:
        """No mail is to blame: all stay as they were, and the server is left alone a while."""
        self._failures += 1
        wait = LAST_RETRY if error.lasting else _backoff(self._failures)
        log.warning("mail-waits", extra={"kind": error.kind, "seconds": wait})
        await self._back(letters)
        if error.lasting or self._failures >= TROUBLE:
            async with self._post.store.write() as conn:
                await alarms.sound_once(
                    conn, tokens.token_hex(16), self._post.now(), error.kind, WHERE
                )
        return wait

    async def _back(self, letters: Sequence[Letter]) -> None:
        async with self._post.store.write() as conn:
            await outbox_mail.give_back(conn, [one.id for one in letters])


def _backoff(failures: int) -> float:
    return min(LAST_RETRY, FIRST_RETRY * 2.0 ** min(failures - 1, 30))


async def _hang_up(smtp: SMTP) -> None:
    """Politely if that works; what was sent is sent either way."""
    with contextlib.suppress(SMTPException, OSError):
        await smtp.quit()
    smtp.close()
