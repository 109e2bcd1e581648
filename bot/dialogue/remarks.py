"""Questions to the bot and remarks about oneself, recognised in what people type at any moment.

A message that is nothing but a question is answered. A story is never taken for one: words are only
ever left unkept when nothing stands in them but such questions and small talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bot.dialogue.answers import plain

LONGEST: Final = 150  # characters of a message that can be nothing but questions
MOST_ANSWERS: Final = 2  # lines of answer to one message
SHORTEST_SLIP: Final = 4  # letters of a word in which one slip is forgiven
AGE: Final = "#"
_AGE_WORD: Final = "0age"  # what stands for it while marks are taken out
_SENTENCES: Final = re.compile(r"[.?!\n;,\u2026]+")
_YEARS_OLD: Final = re.compile(r"\b(\d{1,2})\s*(?:yo|y/o|yrs? old|y o)\b", re.IGNORECASE)
_MASHED: Final = re.compile(r"(?=.{5,})(?:[bcdfghjklmnpqrstvwxz]+|(.)\1{4,}|[asdfghjkl]{7,})")


@dataclass(frozen=True, slots=True)
class Remark:
    """`phrases` is the wording key of what people write for it. `answers` are (guard, line): the
    first that holds, "" always. Where none holds there is nothing to say to it."""

    id: str
    phrases: str
    answers: tuple[tuple[str, str], ...]
    kept: bool = False  # kept as words even when the message is nothing else
    anywhere: bool = False  # also found in the middle of a sentence
    odd: bool = False  # may not be meant for staff, so it can be left out again


def _always(id_: str, line: str) -> Remark:
    return Remark(id_, f"answer.q-{id_}", (("", line),))


def _or_sent(id_: str) -> Remark:
    """Nobody can be kept from what was sent before, so it must not sound as if they could."""
    line = f"talk.re-{id_}"
    return Remark(id_, f"answer.q-{id_}", (("has_only_sent", f"{line}-sent"), ("", line)))


QUESTIONS: Final = (
    Remark(
        "who-sees",
        "answer.q-who-sees",
        (
            ("has_only_sent", "talk.re-who-sees-sent"),
            ("is_about_staff", "talk.re-who-sees-outside"),
            ("place_is_open", "talk.re-who-sees"),
            ("goes_outside", "talk.re-who-sees-outside"),
            ("", "talk.re-who-sees-team"),
        ),
    ),
    _always("family", "talk.re-family"),
    _or_sent("punish"),
    _always("bot", "talk.re-bot"),
    Remark(
        "sent",
        "answer.q-sent",
        (
            ("has_draft_and_concerns", "talk.re-sent-both"),
            ("has_draft", "talk.re-sent-draft"),
            ("has_concerns", "talk.re-sent-done"),
            ("", "talk.re-sent-nothing"),
        ),
    ),
    Remark(
        "long",
        "answer.q-long",
        (("waits_for_word", "talk.re-long-sent"), ("", "talk.re-long-draft")),
    ),
    _always("call", "talk.re-call"),
    _always("concern", "talk.re-concern"),
    _always("how", "talk.re-how"),
    _always("private", "talk.private"),
    _or_sent("find-out"),
    _always("delete", "talk.re-delete"),
    _always("late", "talk.re-late"),
)
ABUSE: Final = Remark("abuse", "answer.r-abuse", (("", "talk.re-abuse"),), kept=True, odd=True)
NONSENSE: Final = Remark(
    "nonsense", "answer.r-nonsense", (("", "talk.re-nonsense"),), kept=True, odd=True
)
CHILD: Final = Remark(
    "child", "answer.r-child", (("is_not_known_as_child", "talk.re-child"),), True, anywhere=True
)
REMARKS: Final = (
    *QUESTIONS,
    CHILD,
    Remark("staff", "answer.r-staff", (("", "talk.re-staff"),), kept=True, anywhere=True),
    Remark("outside", "answer.r-outside", (("", "talk.re-outside"),), True, anywhere=True),
    Remark("long-ago", "answer.r-late", (("", "talk.re-late"),), kept=True),
    Remark("fine", "answer.r-fine", (("met_with_help", "talk.re-fine"),), kept=True),
    ABUSE,
    NONSENSE,
)
_FILLER, _SPELT = "answer.filler", "answer.spelt"
_AGES, _NOT_AGES = "answer.child-ages", "answer.not-ages"
KEYS: Final = frozenset({*(one.phrases for one in REMARKS), _FILLER, _SPELT, _AGES, _NOT_AGES})


@dataclass(frozen=True, slots=True)
class Noticed:
    """What stands in a message. `whole`: and nothing else does."""

    remarks: tuple[Remark, ...] = ()
    whole: bool = False


def notice(text: str, labels: Mapping[str, str]) -> Noticed:
    """Find the questions and remarks in what somebody wrote, however it is spelt."""
    book = _book(tuple((key, labels.get(key, "")) for key in sorted(KEYS)))
    words = book.heard(_YEARS_OLD.sub(r"\1 years old", text))
    if len(text) <= LONGEST:
        found = book.all_of(words)
        if found:
            return Noticed(_once(found), whole=True)
        if _MASHED.fullmatch(text.strip().casefold()):
            return Noticed((NONSENSE,), whole=True)
    found = [one for part in _SENTENCES.split(text) for one in book.all_of(book.heard(part))]
    found = [one for one in found if not one.kept or one.anywhere]
    return Noticed(_once([*found, *book.within(words)]))


def _once(found: Sequence[Remark]) -> tuple[Remark, ...]:
    return tuple(dict.fromkeys(found))[:MOST_ANSWERS]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A word of the text, and the words of our phrases that it may stand for."""

    said: str
    meant: tuple[str, ...]


@dataclass(slots=True)
class _Branch:
    """A place in the tree of phrases: the words that go on from here, and what ends here."""

    next: dict[str, _Branch] = field(default_factory=dict)
    remark: Remark | None = None
    age: bool = False  # the word that leads here is an age

    def grow(self, words: Sequence[str], remark: Remark) -> None:
        branch = self
        for word in words:
            branch = branch.next.setdefault(word, _Branch(age=word == AGE))
        if words and branch.remark is None:
            branch.remark = remark

    def all_words(self) -> Iterator[str]:
        for word, branch in self.next.items():
            if word != AGE:
                yield word
            yield from branch.all_words()


class _Book:
    """One language's phrases as a tree of words: a text is walked once, however many there are."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._spelt = dict(
            one.split("=", 1) for one in labels[_SPELT].split("|") if one.count("=") == 1
        )
        self._ages = frozenset(plain(one) for one in labels[_AGES].split("|"))
        self._not_ages = frozenset(plain(one) for one in labels[_NOT_AGES].split("|"))
        filler = {tuple(self.words(one)) for one in labels[_FILLER].split("|")} - {()}
        self._filler = sorted(filler, key=len, reverse=True)
        self._root = _Branch()
        for remark in REMARKS:
            for phrase in labels[remark.phrases].split("|"):
                self._root.grow(self.words(phrase), remark)
        vocabulary = dict.fromkeys(self._root.all_words())
        self._by_letter: dict[str, list[str]] = {}
        for word in vocabulary:
            self._by_letter.setdefault(word[0], []).append(word)

    def words(self, text: str) -> list[str]:
        """The words as they are meant: "whos gona c this" is who is going to see this."""
        flat = plain(text.replace(AGE, f" {_AGE_WORD} ")).split()
        whole = [self._spelt.get(one, one) for one in flat]
        return [AGE if one == _AGE_WORD else one for words in whole for one in words.split()]

    def heard(self, text: str) -> list[_Heard]:
        """Each word with what it may mean: itself, and words of ours that are one slip away."""
        meant: dict[str, tuple[str, ...]] = {}
        words = self.words(text)
        for said in words:
            if said not in meant:
                near = (one for one in self._by_letter.get(said[0], ()) if _same(said, one))
                meant[said] = (*near, AGE) if said in self._ages else tuple(near)
        return [_Heard(said, meant[said]) for said in words]

    def all_of(self, words: Sequence[_Heard]) -> list[Remark]:
        """The remarks of which these words are made, or nothing when any word is left over."""
        found: list[Remark] = []
        said = [one.said for one in words]
        at = 0
        while at < len(words):
            length, remark = self._phrase_at(words, at)
            if remark is not None:
                found.append(remark)
            else:
                length = next((len(one) for one in self._filler if _at(said, at, one)), 0)
            if not length:
                return []
            at += length
        return found

    def within(self, words: Sequence[_Heard]) -> list[Remark]:
        found = (self._phrase_at(words, at)[1] for at in range(len(words)))
        return [one for one in found if one is not None and one.anywhere]

    def _phrase_at(self, words: Sequence[_Heard], start: int) -> tuple[int, Remark | None]:
        """The longest phrase that begins here, with how many words it has."""
        found: tuple[int, Remark | None] = (0, None)
        branches = [self._root]
        for at in range(start, len(words)):
            branches = [
                branch.next[meant]
                for branch in branches
                for meant in words[at].meant
                if meant in branch.next
            ]
            if not branches:
                break
            ends = [one for one in branches if one.remark and self._may_end(one, words, at)]
            if ends:
                found = (at - start + 1, ends[0].remark)
        return found

    def _may_end(self, branch: _Branch, words: Sequence[_Heard], at: int) -> bool:
        """Whether no unit follows an age: "I am 14" is one, "I am 14 stone" is not."""
        after = words[at + 1].said if at + 1 < len(words) else ""
        return not (branch.age and after in self._not_ages)


@lru_cache(maxsize=16)
def _book(labels: tuple[tuple[str, str], ...]) -> _Book:
    return _Book(dict(labels))


def _at(words: Sequence[str], at: int, phrase: tuple[str, ...]) -> bool:
    return tuple(words[at : at + len(phrase)]) == phrase


def _same(said: str, meant: str) -> bool:
    """Equal but for one slip: a letter too many, too few, wrong or swapped; never the first."""
    if said == meant:
        return True
    if min(len(said), len(meant)) < SHORTEST_SLIP or said[0] != meant[0]:
        return False
    if abs(len(said) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), None)
    if start is None:
        return True
    rest, wanted = said[start:], meant[start:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]
