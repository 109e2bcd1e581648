"""The lists of danger, made ready once: a small language of patterns for those who review.

A pattern is words with spaces between: `a|b` one of these, `?a` perhaps, `{name}` one of a group,
`..3` up to three other words, none of them a "not" or a comma, `^` the beginning and `$` the end
of what is said. MANY, FEW, YEAR, DOSE and CLOCK
stand for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypeAlias

from bot.dialogue.danger_grams import Grams
from bot.dialogue.danger_words import Spelling, nearness

Lists: TypeAlias = Mapping[str, Mapping[str, tuple[str, ...]]]

_GAP_WORD: Final = r"(?:(?!(?:not|never|no|without|,) )[^ ]+ )"
_COMMON: Final = frozenset(
    {"i", "am", "is", "are", "be", "to", "the", "a", "my", "me", "he", "she", "they", "it", "not"}
    | {"can", "do", "have", "has", "of", "in", "on", "and", "will", "this", "that", "no", "want"}
    | {"going", "with", "was", "for", "so", "all", "him", "her", "us", "we", "up", "you", "would"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One line of the lists. `kind` is the part it stands in; `written` is what fits it, as a
    regular expression; `needs` are words without one of which it cannot fit.
    """

    kind: str
    written: str
    needs: frozenset[str]
    begins: frozenset[str]
    opens: bool = False

    @property
    def fits(self) -> re.Pattern[str]:
        """Compiled when it is first tried: most lines never are, and all of them together are a
        quarter of a second of every start."""
        return _compiled(self.written)


@cache
def _compiled(written: str) -> re.Pattern[str]:
    return re.compile(written)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything one language knows of danger; `Lexicon()` knows nothing and sees nothing."""

    spelling: Spelling = field(default_factory=Spelling)
    first: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    grams: Grams | None = None

    @property
    def empty(self) -> bool:
        return not self.first

    @classmethod
    def of(cls, lists: Lists, weights: Mapping[str, str] | None = None) -> Lexicon:
        """`lists` and `weights` are what config/danger.py reads.

        Raises ValueError naming a pattern that cannot be read or a group that is not there.
        """
        if not lists:
            return cls()
        groups = _groups(lists)
        patterns = [
            _pattern(part, line, groups)
            for part, families in lists.items()
            if part not in _NO_PATTERNS
            for lines in families.values()
            for line in lines
        ]
        first: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            for word in pattern.begins:
                first.setdefault(word, []).append(pattern)
        spelling = _spelling(lists, patterns, groups)
        ready = {word: tuple(found) for word, found in first.items()}
        return cls(spelling, ready, Grams.of(weights, _alike(lists, groups)) if weights else None)


def alike(lists: Lists) -> Mapping[str, str]:
    """Word → the group that stands for it where the classifier takes its words for one another."""
    return _alike(lists, _groups(lists))


def _groups(lists: Lists) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for name, entries in lists.get("groups", {}).items():
        groups[name] = tuple(word for entry in entries for word in _entries(entry, groups))
    return groups


def _alike(lists: Lists, groups: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in lists.get("keys", {}).get("alike", ()):
        for word in _group(f"{{{name}}}", groups):
            found.setdefault(word, f"{{{name}}}")
    return found


_NO_PATTERNS: Final = frozenset({"groups", "spelling", "emoji", "keys"})


def _entries(entry: str, groups: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """A group may hold another whole group, by its name in braces."""
    if entry.startswith("{"):
        yield from _group(entry, groups)
    else:
        yield entry


def _group(element: str, groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if element[1:-1] not in groups or element[-1] != "}":
        raise ValueError(f"there is no group {element}")
    return groups[element[1:-1]]


def _pattern(kind: str, line: str, groups: Mapping[str, tuple[str, ...]]) -> Pattern:
    parts: list[str] = []
    begins: set[str] = set()
    needs: list[frozenset[str]] = []
    begun = False
    opens = line.startswith("^ ")
    closes = "(?=$|, )" if line.endswith(" $") else ""
    for element in line.removeprefix("^ ").removesuffix(" $").split():
        if element.startswith(".."):
            if not begun:
                raise ValueError(f"{line!r} begins with a gap")
            parts.append(f"{_GAP_WORD}{{0,{int(element[2:])}}}")
            continue
        optional = element.startswith("?")
        choices = tuple(_choices(element.lstrip("?"), groups))
        longest_first = sorted(choices, key=lambda words: (-len(words), words))
        one_of = "|".join(map(re.escape, longest_first))
        parts.append(f"(?:(?:{one_of}) )?" if optional else f"(?:{one_of}) ")
        if not optional:
            needs.append(frozenset(max(words.split(), key=len) for words in choices))
        if not begun:
            begins |= {words.split()[0] for words in choices}
            begun = not optional
    if not begun:
        raise ValueError(f"{line!r} has no word that must be there")
    return Pattern(kind, "".join(parts) + closes, _rarest(needs), frozenset(begins), opens)


def _choices(element: str, groups: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for choice in element.split("|"):
        if choice.startswith("{"):
            yield from _group(choice, groups)
        elif re.fullmatch(r"[a-z]+|FEW|MANY|YEAR|DOSE|CLOCK|,", choice):
            yield choice
        else:
            raise ValueError(f"{element!r} is no word")


def _rarest(needs: Iterable[frozenset[str]]) -> frozenset[str]:
    """The element that the fewest sentences have, so that most patterns are never tried."""
    return min(needs, key=lambda words: (len(words & _COMMON), len(words), sorted(words)))


def _spelling(
    lists: Lists, patterns: Iterable[Pattern], groups: Mapping[str, tuple[str, ...]]
) -> Spelling:
    known = {word for entries in groups.values() for entry in entries for word in entry.split()}
    for pattern in patterns:
        known |= set(re.findall(r"[a-z]+", pattern.written.replace(_GAP_WORD, "")))
    variants: dict[str, tuple[str, ...]] = {}
    for words, written in lists.get("spelling", {}).items():
        for variant in written:
            if variants.setdefault(variant, tuple(words.split())) != tuple(words.split()):
                raise ValueError(f"{variant!r} is spelt for two things")
        known |= set(words.split())
    known |= set(lists.get("keys", {}).get("words", ()))
    emoji = {
        ord(one): f" {words} " for words, signs in lists.get("emoji", {}).items() for one in signs
    }
    return Spelling(
        variants,
        frozenset(word for word in known if word.islower()),
        frozenset(lists.get("keys", {}).get("guards", ())),
        frozenset(lists.get("keys", {}).get("joined", ())),
        nearness(lists.get("keys", {}).get("words", ())),
        emoji,
    )
