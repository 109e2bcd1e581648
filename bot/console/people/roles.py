"""The roles of colleagues in words: what each of them can do, said of somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.casework.access import roles
from bot.casework.model import ORGANISATION_ROLES, Member, Role
from bot.turns.house import House

# In the order of a list: the nearest to the person first.
ROLES: Final[Mapping[Role, str]] = {
    Role.LEAD: "leads the team",
    Role.ANSWERER: "reads and answers",
    Role.READER: "reads",
    Role.SENIOR: "senior, above the team",
    Role.ON_DUTY: "on duty, told at once when someone is in danger",
    Role.INDEPENDENT: "independent, in no team",
}
FROM_BEFORE: Final = "could read it before it was passed on, and still can"


def held(member: Member, house: House) -> list[str]:
    """Everything that a member may do, and where: "Willow Ward: leads the team"."""
    order = list(ROLES)
    return [
        ROLES[one.role].capitalize()
        if one.role in ORGANISATION_ROLES
        else f"{house.team_name(one.team)}: {ROLES[one.role]}"
        for one in sorted(member.memberships, key=lambda one: (one.team, order.index(one.role)))
    ]


def towards(member: Member, team: str) -> str:
    """What a member is to a concern of this team, by the first of their roles."""
    theirs = roles(member, team)
    return next((words for role, words in ROLES.items() if role in theirs), FROM_BEFORE)


def grouped(members: Iterable[Member], team: str) -> list[tuple[str, Sequence[str]]]:
    """Names by what they are to a concern of this team; nobody stands in it twice."""
    found: dict[str, list[str]] = {words: [] for words in (*ROLES.values(), FROM_BEFORE)}
    for one in members:
        found[towards(one, team)].append(one.name)
    return [(words.capitalize(), names) for words, names in found.items() if names]
