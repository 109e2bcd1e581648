"""The mail server as the settings have it: who it is, and one safe connection to it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from config import kinds
from config.settings import Settings

PATIENCE: Final = 20.0
"""Seconds for each step with the server. RFC 5321, 4.5.3.2 would wait minutes; a row that waits is
simply tried again."""

PERMANENT: Final = 500  # codes from here on say: do not try again (RFC 5321, 4.2.1)


class MailError(Exception):
    """The server cannot be used now. `kind` names the alarm. `lasting`: somebody must put it right,
    and trying again soon is no use; `how` says so in plain words."""

    def __init__(self, kind: str, how: str, *, lasting: bool) -> None:
        super().__init__(how)
        self.kind, self.how, self.lasting = kind, how, lasting


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes, and who sends it."""

    host: str
    port: int
    sender: str
    security: str = kinds.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None

    async def connect(self) -> SMTP:
        """Signed in, and safe from listeners. Raises MailError; then nothing is left open."""
        safe = None if self.security == kinds.NO_TLS else self._trust()
        smtp = SMTP(
            hostname=self.host,
            port=self.port,
            local_hostname=self.sender.rpartition("@")[2],  # not the machine's own name
            timeout=PATIENCE,
            use_tls=self.security == kinds.TLS,
            start_tls=False,
            tls_context=safe,
        )
        try:
            await self._sign_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    async def _sign_in(self, smtp: SMTP) -> None:
        try:
            await smtp.connect()
            await smtp.ehlo()
            if self.security == kinds.STARTTLS:
                if not smtp.supports_extension("starttls"):
                    raise MailError("mail-not-safe", NO_STARTTLS, lasting=True)
                await smtp.starttls()
            if self.user:
                await smtp.login(self.user, self.password)
        except SMTPAuthenticationError as error:
            lasting = error.code >= PERMANENT
            raise MailError("mail-sign-in", NO_LOGIN, lasting=lasting) from None
        except (SMTPException, OSError) as error:
            raise _understood(error) from None

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca)
        except (OSError, ssl.SSLError):
            raise MailError("mail-not-safe", NO_CA, lasting=True) from None


NO_STARTTLS: Final = (
    "it offers no STARTTLS, so nothing was sent. Set HEARD_SMTP_SECURITY=tls if it speaks TLS from "
    "the first byte"
)
NO_LOGIN: Final = "it refuses the name and password. Check HEARD_SMTP_USER and HEARD_SMTP_PASSWORD"
NO_CA: Final = "the certificates of HEARD_SMTP_CA cannot be read"
NO_TRUST: Final = (
    "its certificate is not one that this machine trusts for this name, so nothing was sent. Check "
    "HEARD_SMTP_HOST and HEARD_SMTP_CA"
)
NO_WAY: Final = "cannot be reached. Check the network, HEARD_SMTP_HOST and HEARD_SMTP_PORT"
NO_SERVICE: Final = "it answers, and lets nobody send just now"


def server_of(settings: Settings) -> MailServer | None:
    """None when this Heard sends no mail."""
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_from,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
        settings.smtp_ca,
    )


async def reach(server: MailServer) -> str | None:
    """Connect, go over to TLS and sign in, and send nothing: what is wrong, or None."""
    try:
        smtp = await server.connect()
    except MailError as error:
        return error.how
    smtp.close()
    return None


def _understood(error: Exception) -> MailError:
    """Of what the library says, nothing is repeated: it quotes the server."""
    chain: list[BaseException | None] = [error, error.__cause__, error.__context__]
    if any(isinstance(one, ssl.SSLError) for one in chain):
        return MailError("mail-not-safe", NO_TRUST, lasting=True)
    if isinstance(error, SMTPResponseException):
        return MailError("mail-unreachable", NO_SERVICE, lasting=error.code >= PERMANENT)
    return MailError("mail-unreachable", NO_WAY, lasting=False)
