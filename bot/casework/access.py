"""Who may ever read a concern, who is answerable for it, and who may do what.

Every key wrap, list, count and notice follows from these functions, so that leaving someone out
holds everywhere and for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import Protocol

from bot.casework.model import (
    ANSWERING_ROLES,
    INDEPENDENT_TEAM,
    ORGANISATION_ROLES,
    Level,
    Member,
    Role,
)

FEWEST_INDEPENDENT = 2  # so that naming one of them still leaves somebody


class NamedTeam(Protocol):
    """A team as settings or the talk know it."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


class Action(StrEnum):
    """What a member of staff can do to a concern that they hold a key to."""

    READ = "read"
    RECUSE = "recuse"  # oneself, for ever
    NOTE = "note"  # for colleagues: the person never sees it
    SEE_ALERT = "see-alert"  # say that one has seen that somebody is in danger
    TAKE = "take"
    HIGHER = "higher"  # it needs somebody above
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"  # also: look into it, ask the person, pause, resume
    RECORD_OUTCOME = "record-outcome"
    HAND_ON = "hand-on"  # to another person or team
    MARK = "mark"  # safeguarding shared, candour, where it was routed, harm
    LINK = "link"
    CODE = "code"  # say which topics it is about
    PUBLISH = "publish"  # a line for everybody: you said, we did
    EXPORT = "export"
    GIVE_ACCESS = "give-access"  # to a colleague who came later


class Duty(StrEnum):
    """What a member of staff can do that is about no single concern."""

    SEE_THEMES = "see-themes"
    SEE_MEASURES = "see-measures"
    SEE_AUDIT = "see-audit"
    EXPORT_MANY = "export-many"
    SEE_PEOPLE = "see-people"
    INVITE = "invite"  # a lead into their own team, a senior anybody
    END_ACCESS = "end-access"  # of somebody who leaves


def roles(member: Member, team: str) -> frozenset[Role]:
    """The roles that this member has towards a concern of this team, exclusions apart."""
    held = frozenset(
        one.role for one in member.memberships if one.role in ORGANISATION_ROLES or one.team == team
    )
    if team == INDEPENDENT_TEAM:
        return held & {Role.INDEPENDENT}
    return held


def readers(staff: Iterable[Member], team: str, excluded: Collection[str]) -> frozenset[str]:
    """The staff ids that may ever hold a key to a concern of this team.

    An empty answer means that nobody is left: such a concern must not be sent.
    """
    return frozenset(one.id for one in _keyed(staff, excluded) if roles(one, team))


def at_level(
    staff: Iterable[Member], team: str, level: Level, excluded: Collection[str]
) -> frozenset[str]:
    """The staff ids that are answerable for a concern at a level, always a part of `readers`.

    A level with nobody left passes to the next one up; above the top, to the nearest below, so
    that it is empty only if no reader at all may answer.
    """
    return _reached(staff, team, level, excluded)[1]


def level_reached(
    staff: Iterable[Member], team: str, level: Level, excluded: Collection[str]
) -> Level:
    """The level whose people `at_level` names: never say "the lead" when the lead is left out."""
    return _reached(staff, team, level, excluded)[0]


def level_of(member: Member, team: str) -> Level:
    """The highest level at which this member answers for a concern of this team."""
    held = roles(member, team)
    return max(
        (level for level, wanted in _ANSWERABLE.items() if held & wanted), default=Level.TEAM
    )


def reaches_someone(staff: Iterable[Member], team: str, excluded: Collection[str]) -> bool:
    """Whether anybody is left who may read and answer. Ask before a concern is sent."""
    return bool(at_level(staff, team, Level.TEAM, excluded))


def may(member: Member, team: str, action: Action) -> bool:
    """Whether the member's roles allow this. Exclusions are `readers`' matter, checked first."""
    return bool(roles(member, team) & _ALLOWED.get(action, ANSWERING_ROLES))


def may_do(member: Member, duty: Duty) -> bool:
    """Whether the member's roles, in any team, allow this."""
    return bool(_all_roles(member) & _DUTIES.get(duty, HEADS))


def missing_roles(staff: Iterable[Member], teams: Sequence[NamedTeam]) -> list[str]:
    """What stops the start, in plain words: a concern could go to a role that nobody holds."""
    keyed = tuple(_keyed(staff, ()))
    gaps = []
    for team in teams:
        if not any(may(one, team.id, Action.ANSWER) and _in_team(one, team.id) for one in keyed):
            gaps.append(f"{team.name} has nobody with a key who may answer.")
        if not any(Role.LEAD in roles(one, team.id) for one in keyed):
            gaps.append(f"{team.name} has no lead with a key.")
    if not any(Role.SENIOR in _all_roles(one) for one in keyed):
        gaps.append("Nobody with a key has the senior role.")
    outside = [one for one in keyed if _all_roles(one) <= ORGANISATION_ROLES]
    independent = sum(Role.INDEPENDENT in _all_roles(one) for one in outside)
    if independent < FEWEST_INDEPENDENT:
        gaps.append(
            f"The independent role needs {FEWEST_INDEPENDENT} people with keys who are in no "
            f"team. It has {independent}."
        )
    return gaps


HEADS = frozenset({Role.LEAD, Role.SENIOR, Role.INDEPENDENT})  # those who answer for others
# Who may do what; for what is not here, whoever may answer.
_ALLOWED = {
    Action.READ: frozenset(Role),
    Action.RECUSE: frozenset(Role),
    Action.NOTE: ANSWERING_ROLES | {Role.ON_DUTY},
    Action.SEE_ALERT: ANSWERING_ROLES | {Role.ON_DUTY},
    Action.PUBLISH: HEADS,
    Action.EXPORT: HEADS,
    Action.GIVE_ACCESS: HEADS,
}
# For what is not here, those who answer for others.
_DUTIES = {
    Duty.SEE_THEMES: ANSWERING_ROLES,
    Duty.SEE_MEASURES: ANSWERING_ROLES,
    Duty.SEE_PEOPLE: frozenset(Role),
    Duty.INVITE: frozenset({Role.LEAD, Role.SENIOR}),
    Duty.END_ACCESS: frozenset({Role.LEAD, Role.SENIOR}),
}
_ANSWERABLE = {
    Level.TEAM: frozenset({Role.ANSWERER, Role.LEAD}),
    Level.LEAD: frozenset({Role.LEAD}),
    Level.SENIOR: frozenset({Role.SENIOR}),
    Level.INDEPENDENT: frozenset({Role.INDEPENDENT}),
}


def _reached(
    staff: Iterable[Member], team: str, level: Level, excluded: Collection[str]
) -> tuple[Level, frozenset[str]]:
    left = tuple(_keyed(staff, excluded))
    for one in (*range(level, Level.INDEPENDENT + 1), *range(level - 1, -1, -1)):
        wanted = _ANSWERABLE[Level(one)]
        found = frozenset(member.id for member in left if roles(member, team) & wanted)
        if found:
            return Level(one), found
    return level, frozenset()


def _keyed(staff: Iterable[Member], excluded: Collection[str]) -> Iterable[Member]:
    return (one for one in staff if one.keyed and one.id not in excluded)


def _all_roles(member: Member) -> frozenset[Role]:
    return frozenset(one.role for one in member.memberships)


def _in_team(member: Member, team: str) -> bool:
    return any(
        one.team == team and one.role not in ORGANISATION_ROLES and one.role in ANSWERING_ROLES
        for one in member.memberships
    )
