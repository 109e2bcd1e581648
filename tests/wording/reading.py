"""How hard English is to read: sentences, syllables and the Flesch-Kincaid grade, without a net.

Our own, because textstat 0.7.4 needs a part of setuptools that is gone from it, later ones fetch
data when they run, and both count fewer syllables than people say ("area" as one).
"""

from __future__ import annotations

import re
from functools import cache

import pyphen

_HYPHENS = (pyphen.Pyphen(lang="en_GB"), pyphen.Pyphen(lang="en_US"))
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_ADDRESS = re.compile(r"\b[\w-]+(?:\.[\w-]+)+")  # www.nhs.uk: copied or tapped, not read
_END = re.compile(r"(?<=[.?!۔؟])[)”’\"]*\s+")


def sentences(text: str) -> list[str]:
    """A line ends a sentence as a full stop does."""
    lines = [line.strip() for line in text.splitlines()]
    return [one for line in lines for one in _END.split(line) if re.search(r"\w", one)]


def words(text: str) -> list[str]:
    return _WORD.findall(text)


@cache
def syllables(word: str) -> int:
    """The most that vowels, or the hyphenation of either English, find in it; never none."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    spoken = re.sub(r"(?<![aeiouyl])e$|(?<=[^td])ed$", "", plain)
    groups = len(re.findall(r"[aeiouy]+", spoken)) + len(re.findall(r"[aeiouy]ing$", spoken))
    return max(1, groups, *(len(one.positions(plain)) + 1 for one in _HYPHENS))


def grade(text: str, names: frozenset[str] = frozenset()) -> float:
    """The US school grade (Kincaid and others, 1975) without names: those are nobody's choice."""
    spoken = [
        counted
        for one in sentences(text)
        if (counted := [word for word in words(_ADDRESS.sub("", one)) if word not in names])
    ]
    count = sum(map(len, spoken))
    if not count:
        return 0.0
    heard = sum(syllables(word) for one in spoken for word in one)
    return 0.39 * count / len(spoken) + 11.8 * heard / count - 15.59
