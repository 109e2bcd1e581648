"""A typed reference, however it was copied: capitals, spaces, O for 0, I or L for 1."""

from __future__ import annotations

import re
from typing import Final

# Crockford's base32 leaves out I, L, O and U, so that these readings are safe.
_READ_AS: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})
_BEFORE: Final = re.compile(r"^(my\s+)?(reference|ref)(\s+(number|is|no))*[\s:.#]*", re.IGNORECASE)
_GAP: Final = r"[\s\-\u2010-\u2015_.]*"
_SHAPE: Final = re.compile(rf"([hd]){_GAP}([0-9a-z]{{4}})({_GAP})([0-9a-z]{{4}})[\s.?]*")


def read(text: str) -> str | None:
    """The reference that a whole message is, in one way of writing, or None: "hospitals" is a word.

    A gap in the middle or a digit tells a reference from a word.
    """
    found = _SHAPE.fullmatch(_BEFORE.sub("", text.strip()).casefold())
    if found is None:
        return None
    kind, first, gap, last = found.groups()
    if not gap and not re.search("[0-9]", first + last):
        return None
    return kind + (first + last).translate(_READ_AS)


def is_data(reference: str) -> bool:
    """Whether it belongs to a complaint about data."""
    return reference.startswith("d")
