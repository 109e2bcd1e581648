"""You said, we did: what a line for everybody must be, before staff publish it.

A public line comes from one person's concern. It names nobody, quotes nobody, and says only what
those who wrote it chose to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.casework.answer import Problem
from bot.casework.model import Concern, Kind, State
from bot.casework.plain import Finding, Rules, findings

LONGEST: Final = 200  # characters of a line: it stands on a poster and on a phone
COPIED: Final = 6  # words in a row by which somebody could know their own words, or another's
SHORTEST_NAME: Final = 3  # letters

_REFERENCE: Final = re.compile(
    r"\b[hd][\s\-\u2010-\u2015_.]*[0-9a-z]{4}[\s\-\u2010-\u2015_.]+[0-9a-z]{4}\b", re.IGNORECASE
)
_TOLD: Final = frozenset({State.OUTCOME, State.PROMISED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Line:
    """What people said, and what was done."""

    said: str
    did: str

    @property
    def tidy(self) -> Line:
        return Line(" ".join(self.said.split()), " ".join(self.did.split()))


def publishable(concern: Concern) -> bool:
    """Whether an outcome was told of it. What is about data is nobody's change of care."""
    return concern.kind is Kind.CONCERN and concern.result is not None and concern.state in _TOLD


def problems(line: Line, staff: Iterable[str], reference: str) -> list[Problem]:
    """What stops it from being published; `staff` are the names of everybody who works here."""
    names = tuple(staff)
    found = []
    for field, text in (("said", line.said), ("did", line.did)):
        if not re.search(r"\w", text):
            found.append(Problem(field, _ASKED_FOR[field]))
        elif len(text) > LONGEST:
            found.append(
                Problem(field, f"Make it shorter: {len(text)} characters, at most {LONGEST}.")
            )
        if named := names_in(text, names):
            found.append(Problem(field, f"Leave the name out: {', '.join(named)}."))
        if _REFERENCE.search(text) or _bare(reference) in _bare(text):
            found.append(Problem(field, "Leave the reference out."))
    return found


def names_in(text: str, staff: Iterable[str]) -> list[str]:
    """Names of staff that stand in it: whole, or one part of them with its capital letter, so that
    "we will" is not Will."""
    parts = {part for name in staff for part in re.findall(r"[^\W\d_]+", name)}
    words = set(re.findall(r"[^\W\d_]+", text))
    whole = {name for name in staff if name and _bare(name) and _bare(name) in _bare(text)}
    single = {one for one in parts if len(one) >= SHORTEST_NAME and one[0].isupper()} & words
    return sorted(whole | {one for one in single if not any(one in name for name in whole)})


def copied(line: Line, theirs: Sequence[str]) -> list[str]:
    """Runs of words that the person wrote as well: they may be known by them. It stops nothing by
    itself, for they may have agreed; it is to be seen before the line goes out."""
    known = {run for words in theirs for run in _runs(_words(words))}
    found = []
    for text in (line.said, line.did):
        words = _words(text)
        at = 0
        while at + COPIED <= len(words):
            if tuple(words[at : at + COPIED]) not in known:
                at += 1
                continue
            end = at + COPIED
            while end < len(words) and tuple(words[end - COPIED + 1 : end + 1]) in known:
                end += 1
            found.append(" ".join(words[at:end]))
            at = end
    return found


def hard_words(line: Line, plain: Rules) -> list[Finding]:
    """What could be plainer."""
    return [*findings(line.said, plain), *findings(line.did, plain)]


_ASKED_FOR: Final = {
    "said": "Write what people said, in one short line.",
    "did": "Write what was done, in one short line.",
}


def _words(text: str) -> list[str]:
    plainer = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", plainer)


def _runs(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(words[at : at + COPIED]) for at in range(len(words) - COPIED + 1))


def _bare(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())
