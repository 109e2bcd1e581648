"""Which members of staff a frightened person means, from the words they typed.

It errs to one side only: rather leave out one too many than let the wrong person read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.casework import names
from bot.casework.access import NamedTeam
from bot.casework.model import Member

LONGEST = 40  # different words compared for slips; more than that is a story, not names


@dataclass(frozen=True, slots=True)
class Match:
    """Who is to be kept out. The members of a named team are among `staff_ids`.

    `unmatched`: some words may mean somebody we could not find, so only the independent role
    may read the concern.
    """

    staff_ids: tuple[str, ...]
    team_ids: tuple[str, ...]
    unmatched: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom one typed word may mean; not `sure` when it is only a little like a name."""

    staff: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    sure: bool = False

    @property
    def somebody(self) -> bool:
        return bool(self.staff or self.teams)


_NOBODY = _Found()
# Words that are a name only after a title or another name: "Mr Ward", not "the ward manager".
_ORDINARY = names.SMALL | names.TITLES | names.GENERIC | names.DESCRIBING


_INSIDE = frozenset('()[]-"\u201c\u201d\u2010\u2011')  # marks that part nobody from nobody


def match(said: str, staff: Sequence[Member], places: Iterable[NamedTeam]) -> Match:
    """Find everybody whom the words may mean. All that fit are left out: two Sams, both.

    Each part between commas, full stops and "and" must name somebody and leave no word over,
    else `unmatched`. So "my doctor" and "the tall man on nights" are unmatched.
    """
    book = _Book(staff, places)
    chunks = _chunks(said)
    book.learn(word for chunk in chunks for word in chunk)
    out: set[str] = set()
    teams: set[str] = set()
    left_over = False
    for chunk in chunks:
        found = [book.find(word) for word in chunk]
        for one in found:
            out |= one.staff
            teams |= one.teams
        left_over = left_over or not _is_settled(chunk, found, book)
    out |= {one.id for one in staff if any(m.team in teams for m in one.memberships)}
    nobody = not out and not teams
    return Match(tuple(sorted(out)), tuple(sorted(teams)), left_over or nobody)


class _Book:
    """Every name of every member and team, looked up by one typed word."""

    def __init__(self, staff: Sequence[Member], places: Iterable[NamedTeam]) -> None:
        self._names: dict[str, set[str]] = {}
        self._teams: dict[str, set[str]] = {}
        self._known: dict[str, _Found] = {}
        for member in staff:
            for word in names.name_words(member.name):
                self._names.setdefault(word, set()).add(member.id)
        for place in places:
            every = set(names.words(names.plain(place.name)))
            for word in every - names.GENERIC - names.SMALL or every - names.SMALL or every:
                self._teams.setdefault(word, set()).add(place.id)

    def learn(self, said: Iterable[str]) -> None:
        for word in dict.fromkeys(said):
            self._known[word] = self._look(word, slips=len(self._known) < LONGEST)

    def find(self, word: str) -> _Found:
        return self._known.get(word, _NOBODY)

    def is_owner(self, word: str) -> bool:
        """Whether this is a name with an s that is not part of it: "Priyas manager"."""
        return word.endswith("s") and word not in self._names and word[:-1] in self._names

    def begins_name_of(self, letter: str, ids: frozenset[str]) -> bool:
        return any(name.startswith(letter) and owners & ids for name, owners in self._names.items())

    def _look(self, word: str, *, slips: bool) -> _Found:
        staff = frozenset(self._names.get(word, ()))
        teams = frozenset(self._teams.get(word, ()))
        if word in _ORDINARY:
            return _Found(staff, teams, sure=bool(teams))
        if not slips:
            return _Found(staff, teams, sure=bool(staff or teams))
        if len(word) == 1:
            return _Found(self._starting(word))
        return self._alike(word, teams)

    def _starting(self, letter: str) -> frozenset[str]:
        return frozenset(
            id_ for name, ids in self._names.items() if name.startswith(letter) for id_ in ids
        )

    def _alike(self, word: str, teams: frozenset[str]) -> _Found:
        scores = {name: names.likeness(word, name) for name in self._names}
        staff = frozenset(
            id_
            for name, score in scores.items()
            if score >= names.LIKELY
            for id_ in self._names[name]
        )
        sure = any(score >= names.SURE for score in scores.values())
        if not teams and not sure:
            teams = frozenset(
                id_
                for name, ids in self._teams.items()
                for id_ in ids
                if word == name + "s" or names.likeness(word, name) >= names.SURE
            )
        return _Found(staff, teams, sure or bool(teams))


def _is_settled(chunk: list[str], found: list[_Found], book: _Book) -> bool:
    """Whether nothing in this part of the words may mean somebody whom we did not find."""
    pairs = tuple(zip(chunk, found, strict=True))
    if all(word in names.POLITE and not one.somebody for word, one in pairs):
        return True
    kinds = _kinds(pairs)
    named = [one.staff for (_, one), kind in zip(pairs, kinds, strict=True) if kind == "name"]
    meant: frozenset[str] = frozenset().union(*named)
    if not meant and "team" not in kinds:
        return False
    titles = people = 0
    for at, kind in enumerate(kinds):
        before = kinds[at - 1] if at else ""
        if kind == "unknown" or (kind == "initial" and not book.begins_name_of(chunk[at], meant)):
            return False
        if kind == "title" and before == "name" and book.is_owner(chunk[at - 1]):
            return False
        titles += kind == "title" and before != "title"
        people += kind == "name" and before != "name"
    # One title more than names is one person more: "Priya my nurse the doctor".
    return titles <= people


def _kinds(pairs: Sequence[tuple[str, _Found]]) -> list[str]:
    teams = any(one.sure and one.teams for _, one in pairs)
    kinds: list[str] = []
    for word, one in pairs:
        kinds.append(_kind(word, one, teams=teams, after=kinds[-1] if kinds else ""))
    return kinds


def _kind(word: str, found: _Found, *, teams: bool, after: str) -> str:
    """What a word is in its part; `after` is what the word before it was."""
    ordinary = word in _ORDINARY
    if found.staff and (found.sure or (ordinary and after in {"title", "name"})):
        return "name"
    if (found.sure and found.teams) or (teams and word in names.GENERIC):
        return "team"
    if word in names.TITLES:
        return "title"
    if word in names.SMALL:
        return "small"
    return "initial" if len(word) == 1 else "unknown"


def _chunks(said: str) -> list[list[str]]:
    """The words between separators; a full stop after a title or an initial is not one."""
    chunks: list[list[str]] = [[]]
    for piece in re.findall(r"[^\W_]+|[^\w\s]|\n", names.plain(said)):
        here = chunks[-1]
        if piece == "." and here and (len(here[-1]) == 1 or here[-1] in names.TITLES):
            continue
        if piece in _INSIDE:
            continue
        if piece in names.BETWEEN or not piece[0].isalnum():
            chunks.append([])
        else:
            here.append(piece)
    return [chunk for chunk in chunks if chunk]
