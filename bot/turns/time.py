"""What time does to concerns: a tick looks for due dates and keeps the promises behind them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.casework.life import decide
from bot.casework.model import Act, Event
from bot.clock import Clock
from bot.turns.concern import Decided, as_concern, carry_out
from bot.turns.house import House, Scene
from bot.turns.people import working
from storage import concerns, staff
from storage.concerns import ConcernRow
from storage.engine import Conn, Store, StoreConflict
from storage.secrets import Secrets

log = logging.getLogger(__name__)

AT_ONCE: Final = 200  # concerns in one transaction, so that nobody who writes waits for long


@dataclass(frozen=True, slots=True)
class Promises:
    """Holds nothing itself: a late, missed or doubled tick changes nothing."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def keep(self) -> int:
        """Carry out every date that has come; return how many concerns that moved."""
        moved = 0
        while True:
            try:
                async with self.store.write() as conn:
                    some = await self._keep_some(conn)
            except StoreConflict:
                continue  # a person or staff were quicker; what is still due is looked at again
            if some:
                self.wake()
            moved += some
            if some < AT_ONCE:
                return moved

    async def _keep_some(self, conn: Conn) -> int:
        now = self.clock.now()
        rows = await concerns.due(conn, now, AT_ONCE)
        if not rows:
            return 0
        decided = [one for row in rows if (one := self._decide(row, now)) is not None]
        everyone = working(await staff.everyone(conn, self.keys))
        await carry_out(conn, self.keys, Scene(self.house, now, everyone), decided)
        return len(decided)

    def _decide(self, row: ConcernRow, now: datetime) -> Decided | None:
        calendar, clocks = self.house.calendar, self.house.clocks
        try:
            return Decided(row, decide(as_concern(row), Event(Act.TIME), calendar, now, clocks))
        except Exception:  # a bug about one concern must not silence all others
            log.exception("promise-not-kept", extra={"concern": row.id})
            return None
