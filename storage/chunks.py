"""Long lists of values in pieces that every engine takes in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

CHUNK = 500  # SQLite takes 32,766 values in a statement; smaller ones are prepared faster


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Pieces of at most 500 values, each value once, in their order."""
    unique = list(dict.fromkeys(values))
    for start in range(0, len(unique), CHUNK):
        yield unique[start : start + CHUNK]
