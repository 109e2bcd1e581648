"""Whom a concern is with, when it goes to a colleague or another team, or its owner steps back.

None of it moves a date or stops a clock: what the person was promised stays promised.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from bot.casework.model import (
    INDEPENDENT_TEAM,
    Act,
    Concern,
    Event,
    Kind,
    Level,
    NotAllowed,
    TellPerson,
    TellStaff,
)

HANDING: Final = frozenset({Act.HAND_ON, Act.STEP_BACK})

Tells = tuple[TellPerson | TellStaff, ...]


def handed(concern: Concern, event: Event, now: datetime) -> Concern:
    """The concern with whoever has it after this event. Raises NotAllowed for a pass to nobody."""
    if event.act is Act.HAND_ON:
        return _passed(concern, event, now)
    if event.act is Act.STEP_BACK:
        # Who is left may begin further up; nobody's stepping back ever brings it down again.
        level = concern.level if event.level is None else max(concern.level, event.level)
        after = replace(concern, level=Level(level))
        return _unowned(after) if _was_theirs(concern, event) else after
    return concern


def told(concern: Concern, after: Concern, event: Event, params: dict[str, str | date]) -> Tells:
    """Who hears of it: the person when another team or role has it, staff who have it now."""
    if event.act is Act.HAND_ON:
        return _told_of_passing(concern, after, event, params)
    if event.act is Act.STEP_BACK:
        if not _was_theirs(concern, event):
            return (TellStaff(after.level, "staff.stepped-back", params),)
        # That somebody had it is all they were told, so that it is nobody's now is theirs to know.
        return (
            TellPerson("push.handed-on", params),
            TellStaff(after.level, "staff.handed-on", params),
        )
    return ()


def _passed(concern: Concern, event: Event, now: datetime) -> Concern:
    if event.team is not None and event.to is None:
        about_data = concern.kind is Kind.DATA_COMPLAINT  # stays with those outside every team
        if about_data or event.team in {concern.team, INDEPENDENT_TEAM}:
            raise NotAllowed("it is passed to another team, by its name")
        # Only who answers at its level may let it begin again below.
        down = event.level is not None and event.level >= concern.level
        level = Level.TEAM if down else concern.level
        return replace(_unowned(concern), team=event.team, level=level)
    if event.to is None or event.to == concern.owner_id:
        raise NotAllowed("it is passed to somebody else, or to another team")
    # As if they had taken it: if they never open it, it is nobody's again.
    return replace(_unowned(concern), owner_id=event.to, taken_at=now)


def _told_of_passing(
    concern: Concern, after: Concern, event: Event, params: dict[str, str | date]
) -> Tells:
    if event.to is not None:
        mine = TellStaff(after.level, "staff.passed-to-you", params, to=event.to)
        # That somebody of this role has it is no news to whoever was told so already.
        known = concern.owner_id is not None and event.level == concern.level
        if known or event.level is None or concern.kind is Kind.DATA_COMPLAINT:
            return (mine,)
        role = event.level.name.lower()
        return (TellPerson(f"push.passed-to.{role}", params), mine)
    levels = {Level.TEAM, after.level}
    return (
        TellPerson("push.passed", params),
        *(TellStaff(level, "staff.passed", params) for level in sorted(levels)),
    )


def _was_theirs(concern: Concern, event: Event) -> bool:
    return concern.owner_id is not None and concern.owner_id == event.by


def _unowned(concern: Concern) -> Concern:
    return replace(concern, owner_id=None, taken_at=None, owner_opened_at=None, unowned=0)
