"""What would tell a carer who it is that they speak for, or something of that person's care.

A machine finds only what looks like it: numbers, addresses, names that the carer wrote, and words
of care. It refuses those; for all else somebody has to read (see answer.needs_confirming).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from bot.casework.plain import MONTHS, TIMES

YOUNGEST: Final = 4  # years; letters speak of last week, dates of birth of long ago
SHORTEST_NAME: Final = 3  # letters
THE_PERSON: Final = "Write “the person you care for”, or say it without a name."
NOT_OF_CARE: Final = "Nobody has recorded that the person agrees. Write of what we do, not of them."
LEAVE_OUT: Final = "Leave it out."
IF_OURS: Final = "If it is how to reach you, write it under “How to come back to you”."

_MONTH = "|".join(f"{one[:3]}(?:{one[3:]})?" for one in sorted(MONTHS))
_DATE = re.compile(
    r"\b(?:\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH}) (\d{{4}}))\b",
    re.IGNORECASE,
)
_BORN = re.compile(r"\b(?:born (?:on|in)|d\.?o\.?b\b\.?|date of birth|birthday)", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w+])(?:\d[ -]?){9}\d(?!\w)")
_PHONE = re.compile(r"(?<![\w/.])(?:\+44|0044|0)(?:[ ()-]*\d){9,10}(?!\w)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_ROAD = (
    "Avenue|Ave|Close|Court|Crescent|Drive|Gardens|Grove|Hill|Lane|Mews|Place|Road|Rd|Row|Square|"
    "Street|St|Terrace|Walk|Way"
)
_ADDRESS = re.compile(rf"\b\d{{1,4}}[a-zA-Z]?,? (?:[A-Z][a-z'\u2019]+ ){{1,3}}(?:{_ROAD})\b")
_RECORD = re.compile(
    r"\b(?:nhs|hospital|patient|rio|case|mrn)(?: (?:no|number|id))?\.?:? ?#?(?=\w*\d{4})\w+",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"\b(?:section|s\.?) ?(?:2|3|4|5|17|35|36|37|41|47|48|117|136)\b", re.IGNORECASE
)
_NAME = re.compile(r"\b[A-Z][A-Za-z'\u2019-]*[a-z]\b")
# After these a word of care is about how we work, as in "autism training".
_OUR_WORK = r"(?! (?:training|course|awareness|nurse|lead|team|service|policy|prevention|charity))"


@dataclass(frozen=True, slots=True)
class Care:
    """The words of care (config/third_parties.toml)."""

    told: Sequence[str]  # conditions, medicines, being held: they tell by themselves
    belongings: Sequence[str]  # "her diagnosis"
    shared: Sequence[str]  # "her mood" may be a nurse's, "your son's mood" is not
    kin: Sequence[str]
    nobody: frozenset[str]  # words with a capital that name nobody


@dataclass(frozen=True, slots=True)
class Known:
    """Names that the carer wrote to us, and those of whoever signs, which may stand anywhere."""

    names: frozenset[str] = frozenset()
    signer: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Telling:
    """Words that may not go, and how to mend it."""

    words: str
    why: str


def telling(
    text: str, known: Known, care: Care, today: date, *, reach: bool = False
) -> list[Telling]:
    """What in this text tells too much. `reach`: it says how staff are reached, so that their own
    numbers and addresses may stand there."""
    found = [Telling(one, f"It looks like an NHS number. {LEAVE_OUT}") for one in _nhs(text)]
    found += [
        Telling(one, f"It looks like a date of birth. {LEAVE_OUT}") for one in _born(text, today)
    ]
    found += [
        Telling(one[0], f"It looks like a number of a record. {LEAVE_OUT}")
        for one in _RECORD.finditer(text)
        if not any(one[0] in other.words or other.words in one[0] for other in found)
    ]
    if not reach:
        found += _reachable(text, {one.words for one in found})
    found += [
        Telling(name, f"The carer wrote this name. {THE_PERSON}") for name in _named(text, known)
    ]
    return found + [Telling(one, NOT_OF_CARE) for one in _of_care(text, care)]


def names_in(texts: Iterable[str], care: Care, *, own: bool = False) -> frozenset[str]:
    """The names in what a carer wrote; `own`: of those they speak for, as in "my son Daniel"."""
    spoken_for = re.compile(
        rf"\b(?i:my|our|his|her|their) (?i:{_any(care.kin)}),? (?i:is called |called |named )?"
        r"((?:[A-Z][A-Za-z'\u2019-]*[a-z] ?){1,3})"
    )
    found: set[str] = set()
    for text in texts:
        spans = [one[1] for one in spoken_for.finditer(text)] if own else [text]
        found |= {name for span in spans for name in _NAME.findall(span)}
    return frozenset(one for one in found - care.nobody - TIMES if len(one) >= SHORTEST_NAME)


def _nhs(text: str) -> list[str]:
    """Ten digits whose last is right by modulus 11 (NHS Data Dictionary, NHS number)."""
    return [one[0].strip(" -") for one in _DIGITS.finditer(text) if _is_nhs(one[0])]


def _is_nhs(written: str) -> bool:
    digits = [int(one) for one in written if one.isdecimal()]
    check = 11 - sum((10 - at) * digit for at, digit in enumerate(digits[:9])) % 11
    return check % 11 == digits[9] and check != 10


def _born(text: str, today: date) -> list[str]:
    found = []
    for one in _DATE.finditer(text):
        year = int(one[1] or one[2])
        year += 0 if year > 99 else 1900 if year > today.year % 100 else 2000
        said = _BORN.search(text[max(0, one.start() - 30) : one.start()])
        if said or year <= today.year - YOUNGEST:
            found.append(one[0])
    return found


def _reachable(text: str, already: set[str]) -> list[Telling]:
    kinds = (
        (_PHONE, "It looks like a telephone number."),
        (_MAIL, "It looks like an e-mail address."),
        (_POSTCODE, "It looks like a postcode."),
        (_ADDRESS, "It looks like an address."),
    )
    return [
        Telling(one[0], f"{why} {IF_OURS} Otherwise leave it out.")
        for pattern, why in kinds
        for one in pattern.finditer(text)
        if one[0] not in already
    ]


def _named(text: str, known: Known) -> list[str]:
    """Names next to each other are one."""
    hits = [one for one in _NAME.finditer(text) if one[0] in known.names - known.signer]
    joined: list[list[int]] = [[one.start(), one.end()] for one in hits[:1]]
    for before, one in pairwise(hits):
        if text[before.end() : one.start()] == " ":
            joined[-1][1] = one.end()
        else:
            joined.append([one.start(), one.end()])
    return list(dict.fromkeys(text[start:end] for start, end in joined))


def _of_care(text: str, care: Care) -> list[str]:
    """Words that tell by themselves, and things of care with whose they are before them."""
    not_names = _any([*TIMES, *care.nobody])
    theirs = (
        rf"(?:(?i:your (?:{_any(care.kin)})['\u2019]s|the (?:patient|person)['\u2019]s)"
        rf"|\b(?!(?:{not_names})['\u2019])[A-Z][a-z]+['\u2019]s)"
    )
    both = _any([*care.belongings, *care.shared])
    patterns = (
        re.compile(rf"(?<![\w-])(?:{_any(care.told)})s?(?![\w-]){_OUR_WORK}", re.IGNORECASE),
        re.compile(rf"\b(?:his|her) (?:\w+ )?(?:{_any(care.belongings)})s?\b", re.IGNORECASE),
        re.compile(rf"\b{theirs} (?:\w+ )?(?i:{both})s?\b"),
        _SECTION,
    )
    return list(dict.fromkeys(one[0] for pattern in patterns for one in pattern.finditer(text)))


def _any(terms: Iterable[str]) -> str:
    """A pattern for any of these, the longest first."""
    return "|".join(re.escape(one) for one in sorted(terms, key=lambda one: (-len(one), one)))
