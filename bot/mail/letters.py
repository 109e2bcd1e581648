"""From an outbox body to a mail that says the same: plain text and links, no word of a concern."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final

from storage.outbox_mail import Letter

SENDER_NAME: Final = "Heard"  # a lock screen shows it: no name of any service
URGENT_LANE: Final = 0


class Unreadable(ValueError):
    """A body that is not what `turns.rendering` makes, or an address that is none."""


def mail(letter: Letter, sender: str, now: datetime, subjects: Mapping[bool, str]) -> EmailMessage:
    """The message. `subjects` are for those that bring none: True for what cannot wait.

    Raises Unreadable. Whatever stands in body or address, it cannot become a header of its own.
    """
    try:
        payload = json.loads(letter.body)
        text, subject = _text(payload), payload.get("subject")
        made = EmailMessage()
        made["From"] = Address(SENDER_NAME, addr_spec=sender)
        made["To"] = Address(addr_spec=letter.address)
        made["Subject"] = subject or subjects[letter.lane == URGENT_LANE]
    except (MessageError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        # The header parser fails with more than its own errors on addresses that are none.
        raise Unreadable from None
    made["Date"] = format_datetime(now)
    # The same at every try: whoever gets it twice, after a crash, can tell.
    made["Message-ID"] = f"<{letter.mark}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's out-of-office answers it
    made.set_content(text, cte="quoted-printable")
    return made


def _text(payload: dict[str, Any]) -> str:
    """The words, then the links that stood on buttons; what only a chat can do is left out."""
    buttons = [button for row in payload.get("rows", ()) for button in row]
    links = [f"{one['label']}: {one['url']}" for one in buttons if "url" in one]
    return "\n\n".join([str(payload["text"]), *(["\n".join(links)] if links else [])]) + "\n"
