"""How frightened people really type, brought to plain words: danger is not missed for its spelling.

Everything here takes time in proportion to the length of the text, whatever the text is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

PAUSE: Final = ","  # what stands for a comma, a bracket or a quotation mark among the words
LONGEST_WORD: Final = 64  # letters; what is longer is no word
MANY: Final = 8  # of one medicine at a time: more than a day's paracetamol, where a leaflet ends
_TWO_SLIPS: Final = 8  # letters that a word must have before two slips are forgiven
_ONE_SLIP: Final = 5
_LONGEST: Final = 120  # words of a sentence that are looked at together
_OVERLAP: Final = 30  # words that two such pieces share, more than any pattern takes
_JOINED: Final = 7  # letters: "wantdie"; shorter ones are words of their own

_END: Final = "."
_BREAK: Final = "\n"
_TOKENS: Final = re.compile(
    r"[^\W_]+(?:[*@$!|#]+[^\W_]+)*|[@$][^\W_]+|\.{2,}|\u2026|\n|[.!?]|[,;:()\"\u201c\u201d\u2013\u2014]|[&+]"
)
_SPELT_OUT: Final = re.compile(
    r"(?<![^\W_])[a-z](?:[ .\-_*,\n]{1,3}[a-z](?![^\W_])){2,}", re.IGNORECASE
)
_NOT_LETTERS: Final = re.compile(r"[^a-z]+")
_DOSE: Final = re.compile(r"\d+(?:mg|mcg|ug|ml|g|iu|mgs|mls)")
_CLOCK: Final = re.compile(r"\d{1,4}(?:am|pm)")
_COUNT: Final = re.compile(r"x?(\d{1,4})(?:x|s|ish|odd)?")
_LONG_RUN: Final = re.compile(r"(.)\1{2,}")
_DOUBLE: Final = re.compile(r"(.)\1+")
_DISGUISE: Final = str.maketrans("0134578@$!|", "oieastbasii")
# Letters of other alphabets that look like ours, as people use them to pass a filter.
_LOOKALIKE: Final = str.maketrans("аеорсухікѕ", "aeopcyxiks")
_LETTER_FOR_WORD: Final = frozenset(
    {"want", "wnt", "need", "going", "gona", "tryin", "trying", "like", "ready", "used", "had"}
)
_SHORT: Final = frozenset(
    {"i", "a", "am", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no"}
    | {"of", "on", "so", "to", "up", "us", "we"}
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """What the lists know of spelling: `variants` as written → words, `known` words, `emoji`."""

    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    guards: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    emoji: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words between full stops. `new` is the index of the first word of the newer message, and
    `breaks` are the indexes of words that begin a line or a message.
    """

    words: tuple[str, ...]
    new: int
    breaks: frozenset[int]


def sentences(words: str, before: str, spelling: Spelling) -> Iterator[Sentence]:
    """The sentences that have something of `words`, the first perhaps begun in `before`."""
    kept: dict[str, tuple[str, ...]] = {}
    old = list(_tokens(before, spelling, kept))
    every = [*old, _BREAK, *_tokens(words, spelling, kept)] if old else None
    tokens = every or list(_tokens(words, spelling, kept))
    start = 0
    for end in (*_ends(tokens), len(tokens)):
        if end > len(old) or not old:
            yield from _pieces(_sentence(tokens[start:end], len(old) + 1 - start if old else 0))
        start = end + 1


def _pieces(sentence: Sentence) -> Iterator[Sentence]:
    """A sentence without end in pieces that overlap, so that the time stays in proportion."""
    for start in range(0, max(1, len(sentence.words) - _OVERLAP), _LONGEST - _OVERLAP):
        yield Sentence(
            sentence.words[start : start + _LONGEST],
            max(sentence.new - start, _OVERLAP // 2 if start else 0),
            frozenset(at - start for at in sentence.breaks if start < at < start + _LONGEST),
        )


def _ends(tokens: list[str]) -> Iterator[int]:
    """Where sentences end. One word. After. Another. Is one sentence, said with force."""
    ends = [index for index, token in enumerate(tokens) if token == _END]
    for place, end in enumerate(ends):
        last = ends[place - 1] if place else -1
        following = ends[place + 1] if place + 1 < len(ends) else len(tokens)
        if not (end - last == 2 and following - end <= 2):
            yield end


def _sentence(tokens: list[str], new: int) -> Sentence:
    pauses = sum(token == PAUSE for token in tokens)
    halting = pauses * 5 >= len(tokens) * 2 and pauses > 1
    words: list[str] = []
    breaks: set[int] = set()
    first = 0
    for index, token in enumerate(tokens):
        if index <= new:
            first = len(words)
        if token == _BREAK:
            breaks.add(len(words))
        elif token != _END and not (halting and token == PAUSE):
            words.append(token)
    if new >= len(tokens):
        first = len(words)
    return Sentence(tuple(words), first if new > 0 else 0, frozenset(breaks))


def _tokens(text: str, spelling: Spelling, kept: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Plain words and marks. `kept` remembers what a word was brought to, within one call."""
    raw = _TOKENS.findall(_flat(text, spelling))
    skip = False
    for index, one in enumerate(raw):
        if skip:
            skip = False
            continue
        following = raw[index + 1] if index + 1 < len(raw) else ""
        pair = spelling.variants.get(f"{one} {following}")
        if pair is not None:
            skip = True
            yield from pair
        elif one == "2" and index and raw[index - 1] in _LETTER_FOR_WORD:
            yield "to"
        elif one[0].isalnum() or one[0] in "@$":
            if one not in kept:
                kept[one] = tuple(_plain(one, spelling))
            yield from kept[one]
        else:
            yield _mark(one)


def _mark(sign: str) -> str:
    if sign in "&+":
        return "and"
    if sign in {_BREAK, "\u2026"} or sign.startswith(".."):
        return _BREAK
    return _END if sign in ".!?" else PAUSE


def _flat(text: str, spelling: Spelling) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LOOKALIKE)
    folded = folded.translate(spelling.emoji).replace("\u2019", "'").replace("'ll ", " will ")
    seen = "".join(one for one in folded if one not in "'\u2018`\u00b4" and not _is_silent(one))
    return _SPELT_OUT.sub(_joined, seen)


def _joined(letters: re.Match[str]) -> str:
    return _NOT_LETTERS.sub("", letters[0])


def _is_silent(one: str) -> bool:
    return unicodedata.category(one) in {"Mn", "Cf"}  # accents, zero-width and direction marks


def _plain(token: str, spelling: Spelling) -> Iterable[str]:
    if token[0].isdigit() or token[0] == "x":
        number = _number(token)
        if number:
            return (number,)
    if token in spelling.variants:
        return spelling.variants[token]
    if token in spelling.known or token in spelling.guards or len(token) > LONGEST_WORD:
        return (token,)
    for shape in _shapes(token):
        if shape in spelling.variants:
            return spelling.variants[shape]
        if shape in spelling.known:
            return (shape,)
    return _guess(token, spelling)


def _guess(token: str, spelling: Spelling) -> Iterable[str]:
    bare = _DOUBLE.sub(r"\1", token) if _LONG_RUN.search(token) else token
    found = _nearest(bare, spelling)
    if found:
        return (found,)
    if not token.isalnum():
        inside = _wild(token, spelling)
        return (inside,) if inside else re.findall(r"[^\W_]+", token)
    return _cut(bare, spelling) or (token,)


def _number(token: str) -> str:
    """FEW, MANY, YEAR, DOSE or CLOCK for what begins with a figure; "" for what is no number."""
    if _DOSE.fullmatch(token):
        return "DOSE"
    if _CLOCK.fullmatch(token):
        return "CLOCK"
    count = _COUNT.fullmatch(token)
    if count is None:
        return ""
    value = int(count[1])
    if 1900 <= value < 2100:
        return "YEAR"
    return "MANY" if MANY <= value <= 500 else "FEW"


def _shapes(token: str) -> Iterator[str]:
    """The word without lengthened letters, and without letters disguised as figures."""
    if _LONG_RUN.search(token):
        yield _LONG_RUN.sub(r"\1\1", token)
        yield _LONG_RUN.sub(r"\1", token)
        yield _DOUBLE.sub(r"\1", token)
    if token.endswith("in"):
        yield token + "g"  # endin, killin, as it is said
    bare = token.translate(_DISGUISE)
    if bare != token and not token.isdigit():
        yield bare


def _wild(token: str, spelling: Spelling) -> str:
    """A known word with letters struck out, such as "k*ll" or "s**cide"."""
    if token.count("*") > 3 or len(token) > 14:
        return ""
    pattern = re.compile(re.sub(r"\\\*", "[a-z]", re.escape(token)))
    fits = sorted(word for word in spelling.known if pattern.fullmatch(word))
    return fits[0] if fits and "*" in token else ""


def nearness(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Every key word with up to two letters left out, so that near misses need one look each."""
    near: dict[str, list[str]] = {}
    for key in keys:
        for cut in _left_out(key):
            near.setdefault(cut, []).append(key)
    return {cut: tuple(words) for cut, words in near.items()}


def _left_out(word: str) -> Iterator[str]:
    most = 2 if len(word) >= _TWO_SLIPS else 1
    for slips in range(most + 1):
        for gone in combinations(range(len(word)), slips):
            yield "".join(letter for index, letter in enumerate(word) if index not in gone)


def _nearest(word: str, spelling: Spelling) -> str:
    """The key word that this one is a slip or two away from, beginning alike; or ""."""
    if not _ONE_SLIP - 1 <= len(word) <= 16:
        return ""
    found = {key for cut in _left_out(word) for key in spelling.near.get(cut, ())}
    for key in sorted(found):
        allowed = 2 if len(key) >= _TWO_SLIPS else 1
        alike = key[0] == word[0] or key[:2] == word[1::-1]
        if alike and _slips(word, key, allowed) <= allowed:
            return key
    return ""


def _slips(one: str, other: str, most: int) -> int:
    """Letters wrong, missing, too many or changed over (optimal string alignment)."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, above, row = above, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _cut(token: str, spelling: Spelling) -> tuple[str, ...]:
    """Words written without spaces, if all of it is known and one word is grave: "killmyself"."""
    if len(token) < _JOINED or not any(word in token for word in spelling.joined):
        return ()
    best: list[tuple[str, ...] | None] = [(), *[None] * len(token)]
    for end in range(1, len(token) + 1):
        for start in range(max(0, end - 14), end):
            part, left = token[start:end], best[start]
            if left is None or (len(part) < 3 and part not in _SHORT):
                continue
            added = spelling.variants.get(part) or ((part,) if part in spelling.known else ())
            shorter = best[end] is None or len(left) + len(added) < len(best[end] or ())
            if added and shorter:
                best[end] = (*left, *added)
    words = best[len(token)] or ()
    return () if spelling.joined.isdisjoint(words) else words
