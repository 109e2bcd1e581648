"""The words that people who are unwell should not have to read, and how English is spoken."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyphen

FILE: Final = Path(__file__).parent / "plain.toml"
VAGUE: Final = "vague"  # for buttons alone
_PLAINER: Final = ("jargon", "staff")  # kinds where every term has words of its own to say instead


class PlainError(Exception):
    """The file of hard words is wrong: our own fault. Trying again changes nothing."""


@dataclass(frozen=True, slots=True)
class HardWord:
    """`advice` is what to tell somebody who wrote it in a letter; empty: it may stand there."""

    term: str
    kind: str
    advice: str


@dataclass(frozen=True, slots=True)
class HardWords:
    """`allowed` are those that a sentence of ours explains: "key:term"."""

    all: tuple[HardWord, ...]
    vague: frozenset[str]
    allowed: frozenset[str]


@cache
def load(file: Path = FILE) -> HardWords:
    """Every hard word. Raises PlainError for a file that is not as it should be."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        lists, advice = found["terms"], found["advice"]
        allowed = [f"{one['key']}:{one['term']}" for one in found.get("allowed", []) if one["why"]]
        words = [word for kind in _PLAINER for word in _plainer(found[kind], kind, advice[kind])]
        for kind, terms in lists.items():
            if kind != VAGUE:
                words += [HardWord(term, kind, advice.get(kind, "")) for term in terms]
        return HardWords(tuple(words), frozenset(lists[VAGUE]), frozenset(allowed))
    except (KeyError, TypeError, AttributeError, tomllib.TOMLDecodeError) as error:
        raise PlainError(f"{file.name}: {error}") from error


def _plainer(terms: Mapping[str, Any], kind: str, advice: str) -> list[HardWord]:
    return [HardWord(term, kind, advice.format(plainer=say)) for term, say in terms.items()]


@cache
def syllables(word: str) -> int:
    """The most that vowels, or the hyphenation of either English, find in it; never none.

    Our own, because textstat 0.7.4 needs a part of setuptools that is gone, later ones fetch data
    when they run, and both count fewer syllables than people say ("area" as one).
    """
    plain = re.sub(r"[^a-z]", "", word.lower())
    spoken = re.sub(r"(?<![aeiouyl])e$|(?<=[^td])ed$", "", plain)
    groups = len(re.findall(r"[aeiouy]+", spoken)) + len(re.findall(r"[aeiouy]ing$", spoken))
    return max(1, groups, *(len(one.positions(plain)) + 1 for one in _hyphens()))


@cache
def _hyphens() -> tuple[pyphen.Pyphen, ...]:
    """A tenth of a second to read, so not before the first letter is written."""
    return pyphen.Pyphen(lang="en_GB"), pyphen.Pyphen(lang="en_US")
