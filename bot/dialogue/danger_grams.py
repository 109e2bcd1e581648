"""A small classifier on pieces of words, beside the rules: it sees what nobody thought to list.

Only sums of whole numbers and one square root, so that every machine answers alike.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Final
from zlib import crc32

SHORTEST: Final = 2
LONGEST: Final = 5  # letters in a piece
BUCKETS: Final = 1 << 15
_LONGEST_TEXT: Final = 1200  # characters of one sentence that are looked at


@dataclass(frozen=True, slots=True)
class Grams:
    """`weights` has one signed byte for each bucket. `bias` and `least` are on the scale of a sum
    of weights divided by the root of the number of pieces, times 1,024.
    """

    weights: tuple[int, ...]
    bias: int
    least: int

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Grams:
        """Raises ValueError or KeyError when the data are not what tests/danger/train.py wrote."""
        weights = tuple(byte - 128 for byte in base64.b85decode(data["weights"]))
        if len(weights) != BUCKETS:
            raise ValueError(f"there are {len(weights)} weights, not {BUCKETS}")
        return cls(weights, int(data["bias"]), int(data["least"]))

    def sees(self, text: str) -> bool:
        return self.weigh(text) >= self.least

    def weigh(self, text: str) -> int:
        """For training and its tests; never shown, kept or sent."""
        found = pieces(text)
        root = isqrt(max(1, len(found)) << 20)
        return self.bias + (sum(self.weights[one] for one in found) << 20) // root


def pieces(text: str) -> frozenset[int]:
    """The buckets of all runs of 2 to 5 letters inside the words of the text, each once."""
    data = f" {text[:_LONGEST_TEXT].strip()} ".encode()
    found: set[int] = set()
    for size in range(SHORTEST, LONGEST + 1):
        found.update(crc32(data[at : at + size]) % BUCKETS for at in range(len(data) - size + 1))
    return frozenset(found)
