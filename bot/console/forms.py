"""Forms as browsers post them, read strictly: plain fields, no uploads, no surprises."""

from __future__ import annotations

import hmac
import unicodedata
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST_FIELDS = 30
Form = dict[str, str]


async def read_form(request: Request) -> Form:
    """The fields of a posted form; of a field given twice, the last. Lines end in a newline.

    Raises HTTPException 415 for another kind of body and 400 for one that cannot be read.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise HTTPException(400) from None
    return {name: _tidy(value) for name, value in pairs}


def same_token(given: str, expected: str) -> bool:
    """Constant-time comparison of what a form carried with what we gave out."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _tidy(value: str) -> str:
    """Browsers send lines with CRLF; other control characters have no place in any answer."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) != "Cc")
