"""Who is told that somebody is in danger, and who is next in line while nobody has seen it.

The person's own "yes" begins it, never a score. It ends when somebody has seen it, or a day later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from bot.casework.access import Action, may, roles
from bot.casework.model import Member, Role


class Step(IntEnum):
    """How far up it was told. From EVERYONE on, each number is one more round of all of them."""

    ON_DUTY = 0
    LEAD = 1
    SENIOR = 2
    INDEPENDENT = 3
    EVERYONE = 4


LINE: Final[Mapping[Step, Role]] = {
    Step.ON_DUTY: Role.ON_DUTY,
    Step.LEAD: Role.LEAD,
    Step.SENIOR: Role.SENIOR,
    Step.INDEPENDENT: Role.INDEPENDENT,
}
STAFF: Final = "staff"  # as what somebody who is in none of the line's roles is named
QUICK_ROUNDS: Final = 6  # at the pace of the line; after that, phones that nobody hears ring less
SLOW: Final = timedelta(hours=1)
LASTS: Final = timedelta(hours=24)
"""After a day it is given up as an alert, and said so: it stays on every list, marked."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom to tell now, and when the next step comes; `next_at` is None when it is given up."""

    step: int
    who: tuple[str, ...]
    next_at: datetime | None


def reachable(member: Member) -> bool:
    return member.linked or member.mailed


def in_line(able: Sequence[Member], team: str) -> bool:
    """Whether anybody can be told at all. `able` are those who hold a key to the concern."""
    return bool(_told_at(Step.EVERYONE, able, team))


def begin(able: Sequence[Member], team: str, now: datetime, pause: timedelta) -> Telling | None:
    """The first who can be told, or None when nobody can be."""
    if not in_line(able, team):
        return None
    step = _after(-1, able, team)
    return Telling(step, _told_at(step, able, team), now + pause)


def remind(step: int, able: Sequence[Member], team: str) -> tuple[str, ...]:
    """Whom to tell once more when the person says it again: those of this step, or else all."""
    return _told_at(step, able, team) or _told_at(Step.EVERYONE, able, team)


def go_on(  # noqa: PLR0913, PLR0917 - what was told, whom it can be told, and three times
    step: int,
    able: Sequence[Member],
    team: str,
    began_at: datetime,
    now: datetime,
    pause: timedelta,
) -> Telling:
    """What follows when nobody has seen it in time. A step with nobody is passed over at once."""
    if now - began_at >= LASTS:
        return Telling(step, (), None)
    following = _after(step, able, team)
    slow = following >= Step.EVERYONE + QUICK_ROUNDS
    return Telling(
        following, _told_at(following, able, team), now + (max(pause, SLOW) if slow else pause)
    )


def name_of(step: int) -> str:
    """A step as the audit has it: on-duty, lead, senior, independent, everyone."""
    return Step(min(step, Step.EVERYONE)).name.lower().replace("_", "-")


def seen_as(member: Member, team: str) -> str:
    """As what somebody who has seen it is named to the person: the first of the line's roles that
    they have, or "staff"."""
    held = roles(member, team)
    return next((name_of(step) for step, role in LINE.items() if role in held), STAFF)


def _after(step: int, able: Sequence[Member], team: str) -> int:
    for following in LINE:
        if following > step and _told_at(following, able, team):
            return following
    return max(step + 1, Step.EVERYONE)


def _told_at(step: int, able: Sequence[Member], team: str) -> tuple[str, ...]:
    wanted = set(LINE.values()) if step >= Step.EVERYONE else {LINE[Step(step)]}
    return tuple(
        sorted(
            member.id
            for member in able
            if reachable(member)
            and may(member, team, Action.SEE_ALERT)
            and roles(member, team) & wanted
        )
    )
