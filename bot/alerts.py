"""Alerts that nobody has seen in time go to the next in line, at any hour."""

from __future__ import annotations

import logging
import secrets as chance
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.turns import alerting
from bot.turns.house import House, Scene
from bot.turns.people import working
from storage import alarms, alerts, staff
from storage.engine import Store, StoreConflict, StoreUnavailable
from storage.secrets import Secrets

log = logging.getLogger(__name__)

ALERTS_EVERY: Final = timedelta(seconds=5)
AT_ONCE: Final = 200
NOT_TOLD: Final = "alert-not-told"


@dataclass(frozen=True, slots=True)
class Alerts:
    """Holds nothing itself: a late, missed or doubled tick changes nothing."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def look(self) -> int:
        """Go on with every alert whose time has come; return how many went on.

        Each in a transaction of its own, so that none can keep another from being told.
        """
        async with self.store.read() as conn:
            waiting = await alerts.due(conn, self.clock.now(), AT_ONCE)
        gone_on = 0
        for one in waiting:
            gone_on += await self._go_on(one.concern_id)
        if gone_on:
            self.wake()
        return gone_on

    async def _go_on(self, concern_id: str) -> bool:
        try:
            async with self.store.write() as conn:
                everyone = working(await staff.everyone(conn, self.keys))
                scene = Scene(self.house, self.clock.now(), everyone)
                return await alerting.go_on(conn, self.keys, scene, concern_id)
        except StoreConflict:
            return False  # another process was first, or the next look goes on with it
        except StoreUnavailable:
            raise
        except Exception:  # a bug about one must not silence all others
            log.exception("alert-not-told", extra={"concern": concern_id})
            async with self.store.write() as conn:
                at = self.clock.now()
                await alarms.sound_once(conn, chance.token_hex(16), at, NOT_TOLD, concern_id)
            return False
