"""People, teams and places by the first letters of their names, for a person to choose from.

It only ever offers: whom the person means is what they tap. What it cannot offer for is matched as
words are everywhere else, in `bot.casework.recusal`, which rather leaves out one too many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.casework import names
from bot.casework.model import Member, Role
from bot.casework.recusal import match
from bot.dialogue.known import members_of, settled_place
from bot.dialogue.model import Facts, Place, Talk

LONGEST: Final = 20  # characters of what can be the beginning of a name
MEMBER, TEAM = "m-", "t-"  # what stands before an id in a choice
_ORDINARY: Final = (
    names.SMALL | names.TITLES | names.GENERIC | names.DESCRIBING | names.POLITE | names.BETWEEN
)
_ABOVE_TEAMS: Final = {
    Role.SENIOR: "button.senior-staff",
    Role.INDEPENDENT: "button.independent-staff",
}
LABELS: Final = frozenset(_ABOVE_TEAMS.values())  # what buttons say, and the next with a value
EVERYONE: Final = "button.everyone-in"


@dataclass(frozen=True, slots=True)
class _Fitting:
    staff: tuple[Member, ...] = ()
    teams: tuple[Place, ...] = ()


def begins_a_name(said: str, talk: Talk, facts: Facts) -> bool:
    """Whether this is not a name yet, but the beginning of one."""
    letters = _letters(said)
    if not letters or any(one in _whole_names(facts) for one in letters):
        return False
    fitting = _fitting(said, facts)
    return bool(fitting.staff or fitting.teams)


def found(talk: Talk, facts: Facts) -> tuple[tuple[str, str], ...]:
    """Whom the letters in `Talk.seeking` may mean, as (choice, what its button says): those whose
    names begin so before those that are only alike, and people of the place first."""
    fitting, letters = _fitting(talk.seeking, facts), _letters(talk.seeking)
    here = members_of(settled_place(talk, facts), facts)

    def order(one: Member) -> tuple[bool, bool, str]:
        return (not _begin(letters, names.name_words(one.name)), one.id not in here, one.name)

    staff = sorted(fitting.staff, key=order)
    everyone = facts.labels.get(EVERYONE, "{place}")
    return (
        *((MEMBER + one.id, _label(one, facts)) for one in staff),
        *((TEAM + one.id, everyone.format(place=one.name)) for one in fitting.teams),
    )


def places_beginning(said: str, facts: Facts) -> tuple[Place, ...]:
    """The places of whose names each word that was written begins one."""
    letters = names.words(names.plain(said)) if len(said) <= LONGEST else []
    return tuple(
        one
        for one in facts.places
        if letters and _begin(letters, frozenset(names.words(names.plain(one.name))))
    )


def _fitting(said: str, facts: Facts) -> _Fitting:
    letters = _letters(said)
    if not letters:
        return _Fitting()
    alike = match(said if len(letters) == 1 else "", facts.staff, facts.places)
    teammates = frozenset().union(*(members_of(id_, facts) for id_ in alike.team_ids))
    people = frozenset(alike.staff_ids) - teammates  # "steve" begins no Stephen, but may mean one
    staff = (
        one
        for one in facts.staff
        if one.id in people or _begin(letters, names.name_words(one.name))
    )
    teams = (
        one
        for one in facts.places
        if members_of(one.id, facts)
        and (one.id in alike.team_ids or _begin(letters, _team_words(one)))
    )
    return _Fitting(tuple(staff), tuple(teams))


def _letters(said: str) -> list[str]:
    words = names.words(names.plain(said))
    ordinary = _ORDINARY.intersection(one for one in words if len(words) > 1 or len(one) > 2)
    plain = len(said) <= LONGEST and 0 < len(words) <= 2 and not ordinary
    parted = any(not one.isalnum() and one not in " .-'" for one in names.plain(said).strip())
    return words if plain and not parted else []


def _begin(letters: list[str], whole: frozenset[str]) -> bool:
    return all(any(word.startswith(one) for word in whole) for one in letters)


def _whole_names(facts: Facts) -> frozenset[str]:
    staff = (names.name_words(one.name) for one in facts.staff)
    return frozenset().union(*staff, *map(_team_words, facts.places))


def _team_words(place: Place) -> frozenset[str]:
    return frozenset(names.words(names.plain(place.name))) - names.GENERIC - names.SMALL


def _label(member: Member, facts: Facts) -> str:
    """The name with the team, or what they are to every team."""
    teams = {place.id: place.name for place in facts.places}
    for held in member.memberships:
        if held.team in teams:
            return f"{member.name}, {teams[held.team]}"
    roles = [facts.labels.get(_ABOVE_TEAMS.get(held.role, ""), "") for held in member.memberships]
    return ", ".join([member.name, *filter(None, roles)][:2])
