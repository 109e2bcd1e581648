"""Keep lines of a right-to-left language in order when numbers and Latin names stand in them.

A phone takes a line's direction from its first strong letter (Unicode UAX #9, P2 and P3), and shows
"116 123" as "123 116" in a right-to-left line unless it is isolated. A number that is turned round
can cost a life. Telegram passes these marks on; it drops only U+2028 to U+202E (TDLib,
clean_input_string).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

RIGHT_MARK: Final = "\u200f"
ISOLATE: Final = "\u2068"  # the direction of what it holds is its own, and changes nothing outside
END: Final = "\u2069"
_VALUE: Final = re.compile(r"(\{[^{}]*\})")
# Numbers and Latin words with anything between them: "116 123", "H-7K2M", "mind.org.uk".
_RUN: Final = re.compile(r"[A-Za-z0-9]+(?:[ ./:@+&'\u2019-]+[A-Za-z0-9]+)+")
_RIGHT: Final = frozenset({"R", "AL"})


def isolated(value: str) -> str:
    """A value that is put into a line. Isolates end with a line, so one of several stays as is."""
    return value if not value or "\n" in value else f"{ISOLATE}{value}{END}"


def ordered(sentence: str, blocks: frozenset[str]) -> str:
    """A right-to-left sentence whose lines start on the right and whose Latin parts hold together.

    `blocks` are names of values that are whole lines of their own; their direction is theirs.
    """
    return "\n".join(_line(line, blocks) for line in sentence.split("\n"))


def _line(line: str, blocks: frozenset[str]) -> str:
    if not line.strip() or line.strip() in {f"{{{name}}}" for name in blocks}:
        return line
    parts = _VALUE.split(line)
    parts[::2] = [_RUN.sub(lambda run: isolated(run[0]), part) for part in parts[::2]]
    whole = "".join(parts)
    return whole if unicodedata.bidirectional(whole[0]) in _RIGHT else RIGHT_MARK + whole
