"""A phone with an app for codes, of its own making: RFC 6238 over the standard library."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re


class App:
    """`seconds()` is the phone's clock."""

    def __init__(self, secret: bytes, seconds) -> None:
        self.secret, self.seconds = secret, seconds

    @classmethod
    def from_page(cls, text: str, seconds) -> App:
        """Type off what the page of the set-up shows."""
        shown = re.search(r'class="code"><code>([A-Z2-7 ]+)</code>', text)[1]
        return cls(base64.b32decode(shown.replace(" ", "")), seconds)

    def code(self, later: int = 0) -> str:
        """The code of now, or of `later` steps."""
        step = int(self.seconds()) // 30 + later
        digest = hmac.new(self.secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
        at = digest[-1] & 15
        return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"

    def wrong(self) -> str:
        """A code that is none of those that are good now."""
        good = {int(self.code(later)) for later in (-1, 0, 1)}
        return f"{next(n for n in range(4) if n not in good):06}"
