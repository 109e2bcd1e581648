"""Whether somebody's words show that a person is in danger now, so that help can come first.

It may only add help: the answer is yes or no, never a score, a level or a kind, and a no means
nothing was recognised, not that all is well. The lists, and why each line is there, are data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.dialogue.danger_grams import Grams
from bot.dialogue.danger_lexicon import Lexicon, Pattern
from bot.dialogue.danger_words import PAUSE, Sentence, sentences

__all__ = ["Lexicon", "shows_danger", "spoken", "tail"]

TAIL: Final = 200  # characters of the person's last words that are remembered for the next ones
_REACH: Final = 6  # words that a "not" can stand before what it denies
_FURTHER: Final = 4  # words between "he asked whether" and what was asked
_QUOTED: Final = 8  # words between "the poster says:" and what stands in the quotation
_JOINS: Final = frozenset({"and", "but", "because"})
_GRAVE: Final = frozenset({"danger", "perhaps", "before"})
_REMEMBERED: Final = 24  # words of the message before that a new sentence may still belong to
_PRESENT: Final = frozenset(
    {"am", "is", "are", "want", "wants", "going", "will", "being", "now", "keep", "still", "has"}
)
_STOPS: Final = frozenset(
    {PAUSE, "and", "but", "because", "so", "then", "if", "when", "while", "until", "unless"}
    | {"i", "he", "she", "they", "we", "also", "plus", "please", "help", "instead", "just"}
)
_UNFINISHED: Final = frozenset(
    {"not", "never", "no", "to", "of", "about", "without", "feel", "feeling", "be", "been", "being"}
    | {"am", "is", "are", "want", "and", "or", "really", "thinking", "a", "the", "my"}
)
_BROKEN_OFF: Final = frozenset(
    {"not", "never", "no", "without", "dont", "cant", "cannot", "wont", "isnt", "arent", "wasnt"}
    | {"werent", "didnt", "doesnt", "wouldnt", "couldnt", "shouldnt", "havent", "hasnt", "aint"}
)
_BEGINS: Final = frozenset(  # who begins a sentence of their own
    {"i", "im", "ive", "he", "hes", "she", "shes", "they", "theyre", "we", "my", "someone"}
    | {"somebody", "please", "help"}
)


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    start: int  # the index of a word in its sentence
    end: int  # the index of the word after the last


def shows_danger(words: str, before: str, lexicon: Lexicon) -> bool:
    """Whether `words` show danger, alone or as the end of what `before` began.

    `before` is `tail` of the message before, or "". What stood in it alone does not count again.
    A line of the lists counts by itself, but a single grave word only if the classifier does not
    find the opposite; the classifier counts by itself only where it is sure.
    """
    if lexicon.empty:
        return False
    if before and not _goes_on(words, before) and shows_danger(words, "", lexicon):
        return True  # nothing that was said before takes back what stands by itself
    said = list(sentences(words, before, lexicon.spelling))
    named, perhaps = _named(said, lexicon)
    if named or lexicon.grams is None:
        return named or perhaps
    highest = lexicon.grams.highest(_fresh(said, lexicon.grams))
    return highest >= lexicon.grams.least or (perhaps and highest >= lexicon.grams.doubt)


def _goes_on(words: str, before: str) -> bool:
    """Whether the words end what was broken off before: "I'm not", then "suicidal"."""
    said, was = _bare(words), _bare(before)
    if before.rstrip().endswith((".", "!", "?")) or (said and said[0] in _BEGINS):
        return False
    return not _BROKEN_OFF.isdisjoint(was[-_FURTHER:])


def _bare(words: str) -> list[str]:
    """Small letters alone: "I'm" is "im"."""
    plain = "".join(one for one in words.casefold() if one.isalpha() or one.isspace())
    return plain.split()


def tail(words: str, before: str = "") -> str:
    """What to remember of a message (200 characters at most), with what came before a short one."""
    whole = f"{before}\n{words}" if before else words
    if len(whole) <= TAIL:
        return whole
    end = whole[-TAIL:]
    return end if whole[-TAIL - 1].isspace() else end.partition(" ")[2] or end


def spoken(words: str, lexicon: Lexicon) -> tuple[tuple[str, ...], ...]:
    """The sentences of a message as the classifier sees them, for its training."""
    return tuple(one.words for one in sentences(words, "", lexicon.spelling))


def _fresh(said: Sequence[Sentence], grams: Grams) -> list[tuple[str, ...]]:
    """The words of each sentence, but only the new ones where the old ones were grave alone."""
    words = [one.words for one in said]
    if said and said[0].new:
        first = said[0]
        if first.new > _REMEMBERED or grams.highest([first.words[: first.new]]) >= grams.least:
            words[0] = first.words[first.new :]
    return words


def _named(said: Sequence[Sentence], lexicon: Lexicon) -> tuple[bool, bool]:
    """Whether a line of the lists shows danger, and whether a single grave word may."""
    past = perhaps = False
    for sentence in dict.fromkeys(said):
        found, past = _shown(sentence, lexicon, past)
        if any(one.kind != "perhaps" for one in found):
            return True, True
        perhaps = perhaps or bool(found)
    return False, perhaps


def _shown(sentence: Sentence, lexicon: Lexicon, past: bool) -> tuple[list[_Found], bool]:
    """What shows danger in the sentence, and whether the next one still speaks of long ago."""
    words = _without(sentence.words, lexicon, "mask")
    found = list(_found(words, lexicon))
    kinds: dict[str, list[_Found]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    now = kinds.get("now", [])
    past = "past" in kinds or (past and not now and _tells_the_past(sentence.words))
    kept = {at for one in kinds.get("keep", []) for at in range(one.start, one.end)}
    denials = [one for one in kinds.get("deny", []) if kept.isdisjoint(range(one.start, one.end))]
    counted = [one for one in found if _counts(one, words, now, past=past)]
    told = [one for one in counted if one.end <= sentence.new]
    reports = kinds.get("report", [])
    return [
        one
        for one in counted
        if one.end > sentence.new
        and not any(old.end > one.start for old in told)
        and not any(_denies(denial, one, words, sentence) for denial in denials)
        and not any(_reports(report, one, words) for report in reports)
    ], past


def _counts(one: _Found, words: Sequence[str], now: Sequence[_Found], *, past: bool) -> bool:
    """Whether what was found speaks of the present, as far as the sentence tells."""
    if one.kind == "recent":
        return bool(now) and (not past or _beside(one, now, words))
    if one.kind not in _GRAVE:
        return False
    if not past or _beside(one, now, words):
        return True
    return one.kind in {"danger", "perhaps"} and not _PRESENT.isdisjoint(
        words[max(0, one.start - 2) : one.end]
    )


def _beside(one: _Found, times: Sequence[_Found], words: Sequence[str]) -> bool:
    """Whether a time is told in the same breath, with no comma between."""
    return any(
        PAUSE not in words[min(one.end, time.end) : max(one.start, time.start)] for time in times
    )


def _tells_the_past(words: Sequence[str]) -> bool:
    return not {"am", "is", "are", "now", "will", "going"} & set(words)


def _denies(denial: _Found, danger: _Found, words: Sequence[str], sentence: Sentence) -> bool:
    if not 0 <= danger.start - denial.end <= _REACH:
        return False
    if not _STOPS.isdisjoint(words[denial.end : danger.start]):
        return False
    return not any(
        denial.end <= new_line <= danger.start and words[new_line - 1] not in _UNFINISHED
        for new_line in sentence.breaks
        if new_line
    )


def _reports(report: _Found, danger: _Found, words: Sequence[str]) -> bool:
    """Whether this is what somebody asked, printed or put in the notes, not what is so."""
    if not 0 <= danger.start - report.end <= _QUOTED:
        return False
    between = words[report.end : danger.start]
    if not _JOINS.isdisjoint(between):
        return False
    if PAUSE in between:
        return between.index(PAUSE) < 2 and between.count(PAUSE) == 1
    return len(between) <= _FURTHER


def _without(words: tuple[str, ...], lexicon: Lexicon, kind: str) -> tuple[str, ...]:
    """The words with everyday sayings taken out, such as "dying for a tea"."""
    left = list(words)
    for one in _found(words, lexicon):
        if one.kind == kind:
            left[one.start : one.end] = ["_"] * (one.end - one.start)
    return tuple(left)


def _found(words: Sequence[str], lexicon: Lexicon) -> Iterator[_Found]:
    text = "".join(f"{word} " for word in words)
    present = frozenset(words)
    index_of: dict[int, int] = {}
    at = 0
    for index, word in enumerate(words):
        index_of[at] = index
        at += len(word) + 1
    index_of[at] = len(words)
    usable: dict[Pattern, bool] = {}
    for at, index in index_of.items():
        for pattern in lexicon.first.get(words[index], ()) if index < len(words) else ():
            if pattern not in usable:
                usable[pattern] = not pattern.needs.isdisjoint(present)
            if not usable[pattern] or (pattern.opens and index and words[index - 1] != PAUSE):
                continue
            fit = pattern.fits.match(text, at)
            if fit:
                yield _Found(pattern.kind, index, index_of[fit.end()])
