"""Why a call was refused, in Telegram's own words, so that a bot under test meets the errors of
the real service.
"""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """A Bot API call that Telegram would answer with ``ok: false``; ``code`` is the HTTP status."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """The JSON body that Telegram sends with this refusal."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class NotPossibleError(Exception):
    """Something that a person's app would not let them do; the caller of the people's API is at
    fault.
    """


def bad_request(reason: str) -> RefusedError:
    """A 400, prefixed as Telegram prefixes it."""
    return RefusedError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> RefusedError:
    """A 403, prefixed as Telegram prefixes it."""
    return RefusedError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> RefusedError:
    """A 409: two ways of receiving updates at once."""
    return RefusedError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> RefusedError:
    """A 429 that asks the bot to wait ``retry_after`` seconds."""
    return RefusedError(429, f"Too Many Requests: retry after {retry_after}", retry_after)
