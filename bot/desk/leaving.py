"""A member of staff leaves: no way in, no key, nothing sent to them; what they had is handed on.

The way in is closed first and in one transaction. What they had is handed on after it, in slices; a
stop in between loses nothing, and doing it again hands on the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.casework.access import level_reached, missing_roles
from bot.casework.departing import may_end
from bot.casework.life import decide
from bot.casework.model import OPEN_STATES, Act, Concern, Decision, Event, Level, Member, NotAllowed
from bot.desk.desk import Desk
from bot.desk.reach import in_one
from bot.turns.concern import Decided, Readership, as_concern, carry_out
from bot.turns.house import Scene
from bot.turns.people import as_member, working
from storage import audit, departing, staff
from storage.audit import Line
from storage.engine import Conn
from storage.staff import StaffRow

log = logging.getLogger(__name__)

AT_ONCE: Final = 50  # concerns handed on in one transaction: people who write wait for no more


class Unfilled(NotAllowed):
    """Without this member nobody could do what must be done: `gaps` says what, in plain words."""

    def __init__(self, gaps: Sequence[str]) -> None:
        super().__init__("unfilled")
        self.gaps = tuple(gaps)


@dataclass(frozen=True, slots=True)
class Leaving:
    """`desk`'s part for those who go."""

    desk: Desk

    async def gaps(self, staff_id: str) -> list[str]:
        """What nobody could do any more without this member, in plain words."""
        async with self.desk.store.read() as conn:
            everyone = await staff.everyone(conn, self.desk.keys)
            return await self._gaps(conn, everyone, staff_id)

    async def end(self, staff_id: str, by: Member | None, *, anyway: bool = False) -> int:
        """End a member's access; how many open concerns of theirs were handed on. `by` is None for
        whoever runs Heard, on its own machine.

        Raises NotAllowed("not-yours") when `by` may not, and Unfilled, unless it is wanted anyway.
        Nothing was changed then.
        """

        async def work(conn: Conn) -> None:
            everyone = await staff.everyone(conn, self.desk.keys)
            whom = next((one for one in everyone if one.id == staff_id), None)
            if whom is None or (by is not None and not may_end(by, as_member(whom))):
                raise NotAllowed("not-yours")
            gaps = await self._gaps(conn, everyone, staff_id)
            if gaps and not anyway:
                raise Unfilled(gaps)
            await departing.end(conn, staff_id, OPEN_STATES)
            who = by.id if by is not None else None
            if whom.active:
                now = self.desk.clock.now()
                await audit.note(conn, now, who, "staff-left", None, f"of:{staff_id}")

        await in_one(self.desk, work)
        log.info("staff-left", extra={"staff": staff_id})
        return await self._hand_on(staff_id, by)

    async def finish(self) -> int:
        """Hand on what those who left still have, because a stop came between the two steps."""
        async with self.desk.store.read() as conn:
            left = await departing.with_open_concerns(conn, OPEN_STATES)
        return sum([await self._hand_on(staff_id, None) for staff_id in left])

    async def _gaps(self, conn: Conn, everyone: Sequence[StaffRow], staff_id: str) -> list[str]:
        teams = self.desk.house.teams
        before = missing_roles(working(everyone), teams)
        left = [one for one in everyone if one.id != staff_id]
        found = [gap for gap in missing_roles(working(left), teams) if gap not in before]
        if await departing.only_theirs(conn, staff_id, OPEN_STATES):
            found.append(
                "There are open concerns that nobody else can read. Give a colleague access first."
            )
        return found

    async def _hand_on(self, staff_id: str, by: Member | None) -> int:
        """Make nobody's what was theirs, and tell those who answer for it now."""

        async def work(conn: Conn) -> int:
            rows = await departing.owned(conn, staff_id, OPEN_STATES, AT_ONCE)
            now, house = self.desk.clock.now(), self.desk.house
            everyone = working(await staff.everyone(conn, self.desk.keys))
            readership = await Readership.load(conn, [row.id for row in rows])
            decided = [
                Decided(row, self._decision(as_concern(row), readership.able(row.id, everyone)))
                for row in rows
            ]
            await carry_out(conn, self.desk.keys, Scene(house, now, everyone), decided)
            who = by.id if by is not None else None
            lines = [Line(now, who, "handed-on", row.id, f"of:{staff_id}") for row in rows]
            await audit.note_many(conn, lines)
            return len(rows)

        total = 0
        while some := await in_one(self.desk, work):
            total += some
        return total

    def _decision(self, concern: Concern, able: Sequence[Member]) -> Decision:
        now, house = self.desk.clock.now(), self.desk.house
        level = level_reached(able, concern.team, Level(concern.level), ())
        event = Event(Act.STEP_BACK, by=concern.owner_id, level=level)
        try:
            return decide(concern, event, house.calendar, now, house.clocks)
        except NotAllowed:  # its last date has passed: it ends now, and nobody has it
            over = decide(concern, Event(Act.TIME), house.calendar, now, house.clocks)
            return replace(over, concern=replace(over.concern, owner_id=None))
