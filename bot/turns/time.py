"""What time does to concerns: a tick looks for due dates and keeps the promises behind them."""

from __future__ import annotations

import logging
import secrets as chance
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
from storage import alarms, concerns, staff
from storage.concerns import ConcernRow
from storage.engine import Conn, Store, StoreConflict
from storage.secrets import Secrets

log = logging.getLogger(__name__)

NOT_KEPT: Final = "promise-not-kept"
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
        stuck: set[str] = set()  # looked at once each time, so that they keep nobody waiting
        while True:
            try:
                async with self.store.write() as conn:
                    some, looked_at = await self._keep_some(conn, stuck)
            except StoreConflict:
                continue  # a person or staff were quicker; what is still due is looked at again
            if some:
                self.wake()
            moved += some
            if looked_at < AT_ONCE:
                return moved

    async def _keep_some(self, conn: Conn, stuck: set[str]) -> tuple[int, int]:
        """How many concerns moved, and how many were looked at."""
        now = self.clock.now()
        found = await concerns.due(conn, now, AT_ONCE + len(stuck))
        rows = [row for row in found if row.id not in stuck]
        if not rows:
            return 0, 0
        decided = [one for row in rows if (one := self._decide(row, now)) is not None]
        failed = {row.id for row in rows} - {one.before.id for one in decided}
        for concern_id in sorted(failed):
            await alarms.sound_once(conn, chance.token_hex(16), now, NOT_KEPT, concern_id)
        everyone = working(await staff.everyone(conn, self.keys))
        await carry_out(conn, self.keys, Scene(self.house, now, everyone), decided)
        stuck |= failed
        return len(decided), len(rows)

    def _decide(self, row: ConcernRow, now: datetime) -> Decided | None:
        calendar, clocks = self.house.calendar, self.house.clocks
        try:
            return Decided(row, decide(as_concern(row), Event(Act.TIME), calendar, now, clocks))
        except Exception:  # a bug about one concern must not silence all others
            log.exception("promise-not-kept", extra={"concern": row.id})
            return None
