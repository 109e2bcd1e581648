"""Typed answers, understood wherever buttons are offered: labels, yes, no, numbers, near misses.

Too little understanding costs one more tap; too much sends or deletes something. So grave
choices are never guessed, and where own words are expected only plain labels count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

LONGEST: Final = 40  # characters; longer words are somebody's words, not an answer
NEAR: Final = 0.8  # likeness that a misspelt label must have
NEARER: Final = 0.88  # where own words are expected
SHORTEST_GUESS: Final = 4  # "no" and "on" are too near to guess


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be answered, and all the words that mean it."""

    words: tuple[str, ...]
    exact: bool = False
    numbered: bool = False  # has a place in the list of main buttons
    named: bool = False  # a name, of which a part is enough when only one has it


def plain(text: str) -> str:
    """Small letters and digits with single spaces: no marks, emoji or invisible characters."""
    flat = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(
        one
        if one.isalnum()
        else ""
        if one in "'\u2019" or unicodedata.category(one) in _SILENT
        else " "
        for one in flat
    )
    return " ".join(kept.split())


@lru_cache(maxsize=4096)
def _ours(label: str) -> str:
    """The same of what stands on buttons; what people type is never remembered here."""
    return plain(label)


_SILENT: Final = frozenset({"Mn", "Cf"})  # accents, and zero-width or direction marks


def is_blank(text: str) -> bool:
    """Whether nobody could read anything in it: empty, spaces, or invisible characters only."""
    return not any(
        unicodedata.category(one)[0] not in "ZC" and one not in _INVISIBLE for one in text
    )


_INVISIBLE: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0\ufe0e\ufe0f"


def understood(text: str, offers: Sequence[Offer], *, own_words: bool) -> int | None:
    """The index of the offer that the words mean, or None.

    `own_words`: the question invites own words, so numbers and parts of names do not count.
    """
    said = plain(text)
    if not said or len(said) > LONGEST:
        return None
    meant = [[_ours(word) for word in offer.words] for offer in offers]
    for index, words in enumerate(meant):
        if said in words or _squeezed(said) in map(_squeezed, words):
            return index
    if not own_words:
        found = _numbered(said, offers)
        if found is None:
            found = _part_of_name(said, offers, meant)
        if found is not None:
            return found
    return _near(said, offers, meant, NEARER if own_words else NEAR)


def _squeezed(words: str) -> str:
    return words.replace(" ", "")


def _numbered(said: str, offers: Sequence[Offer]) -> int | None:
    if not (said.isascii() and said.isdigit() and len(said) <= 2):
        return None
    numbered = [index for index, offer in enumerate(offers) if offer.numbered]
    return numbered[int(said) - 1] if 0 < int(said) <= len(numbered) else None


def _part_of_name(said: str, offers: Sequence[Offer], meant: list[list[str]]) -> int | None:
    wanted = set(said.split())
    found = [
        index
        for index, offer in enumerate(offers)
        if offer.named and any(wanted <= set(words.split()) for words in meant[index])
    ]
    return found[0] if len(found) == 1 else None


def _near(said: str, offers: Sequence[Offer], meant: list[list[str]], least: float) -> int | None:
    """The most alike offer; nothing when two are equally alike or the choice is grave."""
    if len(said) < SHORTEST_GUESS:
        return None
    scores = sorted(
        (
            (max(_likeness(said, word) for word in words), -index)
            for index, words in enumerate(meant)
            if words and not offers[index].exact
        ),
        reverse=True,
    )
    if not scores or scores[0][0] < least:
        return None
    if len(scores) > 1 and scores[1][0] == scores[0][0]:
        return None
    return -scores[0][1]


def _likeness(said: str, word: str) -> float:
    if len(word) < SHORTEST_GUESS:
        return 0.0
    if said[0] == word[0] and sorted(said) == sorted(word):
        return 1.0  # letters that changed places: "sned"
    alike = SequenceMatcher(None, said, word, autojunk=False)
    return alike.ratio() if alike.real_quick_ratio() >= NEAR <= alike.quick_ratio() else 0.0
