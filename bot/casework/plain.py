"""Whether English is plain enough for somebody who is unwell: one set of rules, for every sentence
of ours and for every letter that staff write. It advises; it stops nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LONGEST_SENTENCE: Final = 20  # words; NHS service manual, content rules
MOST_SENTENCES: Final = 3  # of a paragraph; from the same rules
HIGHEST_GRADE: Final = 6.0  # US school grade
FEW: Final = 12  # words, below which the formula leaps with every syllable
LONG_WORD: Final = 3  # syllables
NAMED: Final = 3  # long words that an advice names
DAYS: Final = frozenset(
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)
MONTHS: Final = frozenset(
    {"January", "February", "March", "April", "May", "June", "July", "August"}
    | {"September", "October", "November", "December"}
)
TIMES: Final = DAYS | MONTHS
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)*")
_ADDRESS = re.compile(r"\b[\w-]+(?:\.[\w-]+)+")  # www.nhs.uk: copied or tapped, not read
_END = re.compile(r"(?<=[.?!\u06d4\u061f])[)\u201d\u2019\"]*\s+")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'\u2019]*")  # a capital in the middle of a sentence

Syllables = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that are hard to read, and what to do about them."""

    words: str
    advice: str


@dataclass(frozen=True, slots=True)
class Term:
    """Something that nobody who is unwell should have to read; `advice` says what to do instead."""

    term: str
    kind: str
    advice: str


@dataclass(frozen=True, slots=True)
class Rules:
    """`syllables` of a word, and every term to keep away from."""

    terms: tuple[Term, ...]
    syllables: Syllables


def findings(text: str, rules: Rules) -> list[Finding]:
    """What could be said more plainly, in the order of the rules; empty when nothing could."""
    found = [
        Finding(sentence, f"This sentence has {count} words. Make two of it.")
        for sentence, count in long_sentences(text)
    ]
    found += [
        Finding(_start(paragraph), f"{count} sentences in one go. Leave an empty line between.")
        for paragraph, count in full_paragraphs(text)
    ]
    if "!" in text:
        found.append(Finding("!", "Leave out the exclamation mark."))
    found += [Finding(said, term.advice) for term, said in banned(text, rules.terms)]
    return found + _too_hard(text, rules)


def sentences(text: str) -> list[str]:
    """A line ends a sentence as a full stop does."""
    lines = [line.strip() for line in text.splitlines()]
    return [one for line in lines for one in _END.split(line) if re.search(r"\w", one)]


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def grade(text: str, syllables: Syllables, names: frozenset[str] = frozenset()) -> float:
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


def long_sentences(text: str, most: int = LONGEST_SENTENCE) -> Iterator[tuple[str, int]]:
    """Each sentence of more words than `most`, with how many it has."""
    for one in sentences(text):
        if (count := len(one.split())) > most:
            yield one, count


def full_paragraphs(text: str) -> Iterator[tuple[str, int]]:
    """Each paragraph, or item of a list, of too many sentences, with how many it has."""
    for paragraph in re.split(r"\n\n|\n(?=\u200f?•)", text):
        if (count := len(sentences(paragraph))) > MOST_SENTENCES:
            yield paragraph, count


def banned(text: str, terms: Sequence[Term]) -> Iterator[tuple[Term, str]]:
    """Each term that stands in a text as whole words, as it is there: with or without an s, and
    of a word that ends in -ise, -ate or the like also as -d and -ing."""
    for term in terms:
        said = re.search(rf"(?<!\w){_forms(term.term)}(?!\w)", text, re.IGNORECASE)
        if said:
            yield term, said[0]


def _forms(term: str) -> str:
    """Letters tell what was done, so what is a verb in the list mostly stands there as a past."""
    stem = re.escape(term.removesuffix("e"))
    if term.endswith("e"):
        return rf"{stem}(?:e[sd]?|ing)"
    return rf"{stem}s?"


def _too_hard(text: str, rules: Rules) -> list[Finding]:
    names = TIMES | frozenset(_NAME.findall(text))
    counted = [word for word in words(text) if word not in names]
    if len(counted) < FEW or grade(text, rules.syllables, names) <= HIGHEST_GRADE:
        return []
    long = sorted(
        {word.lower() for word in counted if rules.syllables(word) >= LONG_WORD},
        key=lambda word: (-rules.syllables(word), word),
    )
    hardest = max(sentences(text), key=lambda one: grade(one, rules.syllables, names))
    if not long:
        return [Finding(hardest, "These sentences are long. Shorter ones are easier to read.")]
    return [Finding(hardest, f"Hard to read. Try shorter words for: {', '.join(long[:NAMED])}.")]


def _start(paragraph: str) -> str:
    return f"{sentences(paragraph)[0]} …"
