"""Say to the person who it is, by role: the one who acknowledged, the ones it has gone up to.

A decision knows levels; who is left at a level after exclusions takes the staff list.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.casework.access import level_of, level_reached
from bot.casework.keys import BY_LEVEL, BY_WHOM
from bot.casework.model import Decision, Level, Member, TellPerson, TellStaff


def with_who(
    decision: Decision, by: Member | None, staff: Sequence[Member], excluded: Collection[str]
) -> Decision:
    """The same decision, its words naming roles: `push.missed.up` → `push.missed.up.senior`.

    A level that nobody is left at is never named; without a fitting role the words stay general.
    """
    concern = decision.concern
    reached = level_reached(staff, concern.team, concern.level, excluded)

    def named(tell: TellPerson | TellStaff) -> TellPerson | TellStaff:
        levels = BY_LEVEL.get(tell.key, ())
        level: Level | None = reached
        if tell.key in BY_WHOM:
            level = level_of(by, concern.team) if by is not None else None
        if isinstance(tell, TellStaff) or level not in levels:
            return tell
        return replace(tell, key=f"{tell.key}.{Level(level).name.lower()}")

    return replace(decision, tells=tuple(named(tell) for tell in decision.tells))
