"""Who has a concern: "I'll take it", "needs someone higher", and what a handover finds.

Taking stops no clock. A concern that nobody has goes up by itself, and one that was taken but never
opened is nobody's again: a name on a list must not be the end of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.casework.handing import HANDING
from bot.casework.model import Act, Concern, Event, Level, NotAllowed, State
from bot.casework.promises import NEEDS_SOMEONE, TAKEN_IN, Move

# Our own: whoever took it minutes before a handover was no slower than the others.
LEAST_HELD: Final = timedelta(hours=1)
# Our own: at the second handover without anybody it is the lead's, at the third senior staff are
# told that it stands there. Silence alone brings it no higher; dates that are missed do.
LEADS_AT: Final = 2
SENIOR_HEARS_AT: Final = 3
_ANSWERS: Final = frozenset({Act.ANSWER, Act.RECORD_OUTCOME})


def row(concern: Concern, event: Event, move: Move, now: datetime) -> Move:
    """The row that counts in place of the table's. Raises NotAllowed above the top."""
    if event.act is Act.TAKE and concern.taken_at is not None:
        return replace(move, tell=None)  # they know that somebody has it
    if event.act is Act.HIGHER and concern.level is Level.INDEPENDENT:
        raise NotAllowed("top")
    if event.act is Act.UNOWNED:
        told = "push.taken-lapsed" if lapsed(concern, now) else None
        return _heard_by_staff(replace(move, tell=told), concern, at_handover(concern, now))
    return move


def _heard_by_staff(move: Move, before: Concern, after: Concern) -> Move:
    """The same move with the line that staff get at this handover, if any."""
    if after.level > before.level:
        return replace(move, staff="staff.unowned")
    if after.unowned == SENIOR_HEARS_AT > before.unowned and after.level < Level.SENIOR:
        return replace(move, staff="staff.unowned-still", staff_level=Level.SENIOR)
    return move


def owned(before: Concern, after: Concern, event: Event, now: datetime) -> Concern:
    """`after` with whoever has it now."""
    if event.act in HANDING:
        return after
    if event.act is Act.UNOWNED:
        return at_handover(after, now)
    theirs = before.owner_id is not None and before.owner_id == event.by
    unopened = before.taken_at is not None and before.owner_opened_at is None
    if event.act is Act.TAKE:
        return after if theirs and before.taken_at is not None else _had(after, event, now)
    if event.act is Act.LOOK_INTO or (event.act in _ANSWERS and unopened and not theirs):
        return replace(_had(after, event, now), owner_opened_at=now)
    begins_anew = after.state in NEEDS_SOMEONE and after.state is not before.state
    if after.owner_id is None or begins_anew:
        after = replace(nobodys(after), unowned=after.unowned)
    acted = event.by is not None or begins_anew
    opened = now if theirs and unopened and after.owner_id else after.owner_opened_at
    return replace(after, owner_opened_at=opened, unowned=0 if acted else after.unowned)


def lapsed(concern: Concern, now: datetime) -> bool:
    """Whether somebody took it, had their time, and has not opened it."""
    if concern.taken_at is None or concern.owner_opened_at is not None:
        return False
    return concern.taken_at + LEAST_HELD <= now


def at_handover(concern: Concern, now: datetime) -> Concern:
    """After one handover: nobody's if whoever took it did not open it, and counted if it must not
    stay so."""
    if lapsed(concern, now):
        concern = nobodys(concern)
    if concern.owner_id is not None or concern.state not in NEEDS_SOMEONE:
        return concern
    count = concern.unowned + 1
    level = max(concern.level, Level.LEAD if count >= LEADS_AT else Level.TEAM)
    return replace(concern, unowned=count, level=level)


def nobodys(concern: Concern) -> Concern:
    """The same concern without an owner."""
    return replace(concern, owner_id=None, taken_at=None, owner_opened_at=None, unowned=0)


def can_be_taken(state: State) -> bool:
    """Whether there is something for an owner to do."""
    return state in TAKEN_IN


def _had(concern: Concern, event: Event, now: datetime) -> Concern:
    return replace(concern, owner_id=event.by, taken_at=now, owner_opened_at=None, unowned=0)
