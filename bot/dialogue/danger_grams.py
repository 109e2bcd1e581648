"""A small classifier beside the rules, for what nobody thought to list, and as their second look.

It adds up whole numbers for pieces of words and for runs of words, so that every machine answers
alike. The numbers are data, made by tests/danger/train.py from labelled messages.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final, TypeAlias
from zlib import crc32

from bot.dialogue.danger_words import LONGEST_WORD

SHORTEST: Final = 2
LONGEST: Final = 5  # letters in a piece of a word
BUCKETS: Final = 1 << 17
SPAN: Final = 3  # sentences that are looked at together
MOST: Final = 40  # words of such sentences; more of them hide what one of them says

Pieces: TypeAlias = tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True, slots=True)
class Grams:
    """`weights` has one signed byte for each bucket. `bias`, `least` and `doubt` are on the scale
    of a sum of weights divided by the root of the number of pieces, times 1,024.

    From `least` on it sees danger by itself. Below `doubt` it finds so little that even a line of
    the lists does not count. `alike` says which group stands for a word, such as "kin".
    """

    weights: tuple[int, ...]
    bias: int
    least: int
    doubt: int
    alike: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, str], alike: Mapping[str, str]) -> Grams:
        """Raises ValueError or KeyError when the data are not what tests/danger/train.py wrote."""
        weights = tuple(byte - 128 for byte in base64.b85decode(data["weights"]))
        if len(weights) != BUCKETS:
            raise ValueError(f"there are {len(weights)} weights, not {BUCKETS}")
        return cls(weights, int(data["bias"]), int(data["least"]), int(data["doubt"]), alike)

    def highest(self, spoken: Sequence[Sequence[str]]) -> int:
        """The sum of the gravest window of these sentences, never shown, kept or sent."""
        seen = {window for window in windows(spoken) if window}
        return max((self.weigh(window) for window in seen), default=self.doubt - 1)

    def weigh(self, words: Sequence[str]) -> int:
        """For `highest` and for training; never shown, kept or sent."""
        total = self.bias
        for found in pieces(words, self.alike):
            if found:
                total += (sum(self.weights[one] for one in found) << 20) // isqrt(len(found) << 20)
        return total


def windows(spoken: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Each sentence, and each run of two or three short ones, since "I took it. All." is one."""
    for start, first in enumerate(spoken):
        window = tuple(first)
        yield window
        for sentence in spoken[start + 1 : start + SPAN]:
            window = (*window, ".", *sentence)
            if len(window) > MOST:
                break
            yield window


def pieces(words: Sequence[str], alike: Mapping[str, str]) -> Pieces:
    """The buckets of all pieces of the words, and those of all runs of words, each once."""
    letters = frozenset(bucket for word in set(words) for bucket in _letters(word))
    plain = ["^", *words, "$"]
    meant = [alike.get(word, word) for word in plain]
    runs = {run for spoken in (plain, meant) for run in _runs(spoken)}
    return letters, frozenset(crc32(run.encode()) % BUCKETS for run in runs)


def _letters(word: str) -> Iterator[int]:
    data = f" {word[:LONGEST_WORD]} ".encode()
    for size in range(SHORTEST, LONGEST + 1):
        for at in range(max(1, len(data) - size + 1)):
            yield crc32(data[at : at + size]) % BUCKETS


def _runs(words: Sequence[str]) -> Iterator[str]:
    """One, two or three words that follow one another, and two with one or two left out."""
    last = len(words)
    for at, word in enumerate(words):
        yield f"1 {word}"
        if at + 1 < last:
            yield f"2 {word} {words[at + 1]}"
        if at + 2 < last:
            yield f"3 {word} {words[at + 1]} {words[at + 2]}"
            yield f"s {word} {words[at + 2]}"
        if at + 3 < last:
            yield f"s {word} {words[at + 3]}"
