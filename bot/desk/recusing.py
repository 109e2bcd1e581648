"""Stepping back from a concern, for ever: whoever must not, or would rather not, deal with it.

The person is not told who it was, nor why. They hear of it only if that member had their concern,
because somebody's having it is what they were told.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from bot.casework.access import Action, at_level, level_reached
from bot.casework.model import Act, Event, Level, Member, NotAllowed
from bot.desk.desk import Desk
from bot.desk.reach import Reached, in_one, move, reach
from storage import answer_drafts, audit, concerns, wraps
from storage.engine import Conn

log = logging.getLogger(__name__)

# Why, in our own words; nobody has to say.
REASONS: Final = ("about-me", "close", "not-right")


async def may_step_back(desk: Desk, member: Member, reference: str) -> bool:
    """Whether somebody who may answer would be left. Raises NotAllowed("not-yours")."""
    async with desk.store.read() as conn:
        found = await reach(desk, conn, member, reference, Action.RECUSE)
    return _leaves_somebody(found, member)


async def step_back(desk: Desk, member: Member, reference: str, reason: str) -> None:
    """Leave this member out of the concern for ever. Nobody can undo it.

    Raises NotAllowed, with nothing changed: "not-yours", and "last-one" when nobody who may answer
    would be left who can read it.
    """
    if reason and reason not in REASONS:
        raise NotAllowed("no-such-reason")

    async def work(conn: Conn) -> str:
        found = await reach(desk, conn, member, reference, Action.RECUSE)
        if not _leaves_somebody(found, member):
            raise NotAllowed("last-one")
        row = found.row
        await wraps.leave_out(conn, row.id, member.id)
        await answer_drafts.drop(conn, row.id, member.id)
        left = [one for one in found.able if one.id != member.id]
        level = level_reached(left, row.team, Level(row.level), ())
        await _hand_on(desk, conn, found, Event(Act.STEP_BACK, by=member.id, level=level))
        why = f"reason:{reason}" if reason else ""
        await audit.note(conn, desk.clock.now(), member.id, "recused", row.id, why)
        return row.id

    concern_id = await in_one(desk, work)
    log.info("recused", extra={"staff": member.id, "concern": concern_id})


async def _hand_on(desk: Desk, conn: Conn, found: Reached, event: Event) -> None:
    try:
        await move(desk, conn, found, event, {})
    except NotAllowed:
        # It has ended. If it is ever opened again, it is not theirs.
        if found.row.owner_id == event.by:
            await concerns.move(conn, [replace(found.row, owner_id=None, taken_at=None)])


def _leaves_somebody(found: Reached, member: Member) -> bool:
    left = [one for one in found.able if one.id != member.id]
    return bool(at_level(left, found.row.team, Level.TEAM, ()))
