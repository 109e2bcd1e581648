"""Words as a search compares them: without capitals, accents or the shapes of apostrophes; and a
short piece of a text round what was looked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_TERMS: Final = 10
LONGEST: Final = 200  # characters of what is looked for
AROUND: Final = 80  # characters shown on each side
_SAME: Final = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-"}
_KEPT: Final = 0x2100  # alphabets; the many signs above are folded anew each time


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt, and whether it is what was looked for."""

    text: str
    marked: bool


class _Folded(dict[int, str]):
    """Characters by number as `str.translate` asks for them, worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        if code < _KEPT:
            self[code] = folded
        return folded


def _fold(one: str) -> str:
    apart = unicodedata.normalize("NFKD", _SAME.get(one, one))
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


_FOLDED: Final = _Folded()


def fold(text: str) -> str:
    """Each character on its own, so that places in the text can be found again."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


def terms(asked: str) -> tuple[str, ...]:
    """What must occur, every one of it, in any order."""
    return tuple(dict.fromkeys(fold(asked[:LONGEST]).split()))[:MOST_TERMS]


def excerpt(text: str, wanted: Sequence[str]) -> tuple[Piece, ...]:
    """The text round the first of the wanted that occurs, all of them marked; empty when none
    does."""
    found = _places(text, wanted)
    if not found:
        return ()
    start, end = _cut(text, *found[0])
    pieces, at = [Piece("…", marked=False)] if start else [], start
    for begin, stop in found:
        if begin < at or stop > end:
            continue
        pieces += [Piece(text[at:begin], marked=False), Piece(text[begin:stop], marked=True)]
        at = stop
    pieces.append(Piece(text[at:end], marked=False))
    if end < len(text):
        pieces.append(Piece("…", marked=False))
    return tuple(piece for piece in pieces if piece.text)


def _places(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Where in the text the wanted stand, in order. A folded text can be longer or shorter than the
    text itself: "ß" is folded to "ss", an accent of its own to nothing."""
    origin: list[int] = []
    for place, one in enumerate(text):
        origin += [place] * len(fold(one))
    folded, found = fold(text), []
    for term in wanted:
        at = folded.find(term)
        while at >= 0:
            found.append((origin[at], origin[at + len(term) - 1] + 1))
            at = folded.find(term, at + len(term))
    return sorted(found, key=lambda one: (one[0], -one[1]))


def _cut(text: str, begin: int, stop: int) -> tuple[int, int]:
    """Between words where there are any near."""
    start, end = max(0, begin - AROUND), min(len(text), stop + AROUND)
    if start:
        gap = text.find(" ", start, begin)
        start = gap + 1 if gap >= 0 else start
    if end < len(text):
        gap = text.rfind(" ", stop, end)
        end = gap if gap >= 0 else end
    return start, end
