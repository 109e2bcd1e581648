"""What a handover does to concerns: what was taken and not opened is nobody's again, and what
nobody takes goes up. Once for each team and handover, however often ticks run."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.casework.life import decide
from bot.casework.model import Act, Concern, Event, NotAllowed
from bot.casework.promises import NEEDS_SOMEONE
from bot.turns.concern import Decided, as_concern, carry_out
from bot.turns.house import House, Scene
from bot.turns.people import working
from storage import audit, handovers, staff
from storage.audit import Line
from storage.concerns import ConcernRow
from storage.engine import Conn, Store, StoreConflict
from storage.secrets import Secrets

log = logging.getLogger(__name__)

TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Handovers:
    """Holds nothing itself: which handover of a team was the last is a row."""

    store: Store
    keys: Secrets
    house: House

    async def hold(self, team: str, at: datetime, now: datetime) -> int:
        """Carry out a team's handover of that moment; return how many concerns it moved.

        Raises StoreConflict when others keep changing the same concerns: ask again later.
        """
        async with self.store.read() as conn:
            if await self._was_held(conn, team, at):
                return 0
        for _ in range(TRIES):
            try:
                async with self.store.write() as conn:
                    return await self._hold(conn, team, at, now)
            except StoreConflict:
                continue
        raise StoreConflict("the concerns of a team kept changing at its handover")

    async def _hold(self, conn: Conn, team: str, at: datetime, now: datetime) -> int:
        if await self._was_held(conn, team, at):
            return 0
        await handovers.hold(conn, team, at)
        known = [one.id for one in self.house.teams]
        # What belongs to no team, such as the independent people's, goes by the first one's times.
        others = known[1:] if known and team == known[0] else None
        rows = await handovers.found(conn, team, others, NEEDS_SOMEONE, at)
        decided = [one for row in rows if (one := self._decide(row, at)) is not None]
        moved = [one for one in decided if _moves(one)]
        scene = Scene(self.house, now, working(await staff.everyone(conn, self.keys)))
        await carry_out(conn, self.keys, scene, moved)
        await handovers.count(
            conn,
            {one.before.id: one.decision.concern.unowned for one in decided if not _moves(one)},
        )
        await audit.note_many(conn, [line for one in moved for line in _lines(one, now)])
        return len(moved)

    async def _was_held(self, conn: Conn, team: str, at: datetime) -> bool:
        last = await handovers.held(conn, team)
        return last is not None and last >= at

    def _decide(self, row: ConcernRow, at: datetime) -> Decided | None:
        """None for what the next handover looks at: it moved on since, or fails us."""
        calendar, clocks = self.house.calendar, self.house.clocks
        try:
            return Decided(row, decide(as_concern(row), Event(Act.UNOWNED), calendar, at, clocks))
        except NotAllowed:
            return None
        except Exception:  # a bug about one concern must not keep all others from going up
            log.exception("handover-failed", extra={"concern": row.id})
            return None


def _moves(one: Decided) -> bool:
    """Whether anything is different but how often it was counted."""
    before = as_concern(one.before)
    return bool(one.decision.tells) or _uncounted(before) != _uncounted(one.decision.concern)


def _uncounted(concern: Concern) -> Concern:
    return replace(concern, unowned=0)


def _lines(one: Decided, now: datetime) -> list[Line]:
    after, before = one.decision.concern, as_concern(one.before)
    noted = []
    if before.owner_id is not None and after.owner_id is None:
        noted.append(Line(now, None, "taken-lapsed", after.id, f"of:{before.owner_id}"))
    if after.level > before.level:
        level = after.level.name.lower()
        noted.append(Line(now, None, "unowned", after.id, f"level:{level} times:{after.unowned}"))
    return noted
