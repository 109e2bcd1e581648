"""What changed, as the talk tells it: the newest public lines, kept in memory so that no turn has
to read them, and the neutral notice to those who asked to be told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.dialogue.model import Change
from bot.turns.absent import wordings
from bot.turns.house import LANE_FEEDBACK, House, Scene
from bot.turns.rendering import body
from config.wording import Wording
from storage import outbox, published
from storage.engine import Conn, Store, StoreConflict
from storage.outbox import NewMessage
from storage.published import EVERYWHERE, Published
from storage.secrets import Secrets

log = logging.getLogger(__name__)

CHANGES_EVERY: Final = timedelta(minutes=1)
SETTLES: Final = timedelta(minutes=10)  # in which a line can be taken back before anyone is told
AT_ONCE: Final = 200  # conversations in one transaction, so that nobody who writes waits for long
MOST_KEPT: Final = 200
SEE: Final = "see-changes"


async def refresh(store: Store, house: House) -> None:
    """Read the newest lines into the house."""
    async with store.read() as conn:
        lines = await published.newest(conn, MOST_KEPT)
    house.changes.become(
        Change(
            team=one.team,
            place=house.team_name(one.team) if one.team != EVERYWHERE else house.organisation,
            on=house.calendar.local_date(one.at),
            said=one.said,
            did=one.did,
        )
        for one in lines
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """Holds nothing itself: a late, missed or doubled tick changes nothing."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]
    at_once: int = AT_ONCE

    async def look(self) -> int:
        """Read what other processes published, then tell by day whoever asked; returns how many
        were told. Lines that came close together are one notice."""
        await refresh(self.store, self.house)
        now = self.clock.now()
        if self.house.calendar.by_day(now) != now:
            return 0
        told = 0
        while True:
            try:
                async with self.store.write() as conn:
                    some, more = await self._tell_some(conn)
            except StoreConflict:
                continue  # another process was quicker
            told += some
            if some:
                self.wake()
            if not more:
                return told

    async def _tell_some(self, conn: Conn) -> tuple[int, bool]:
        """How many were told, and whether there may be more."""
        now = self.clock.now()
        waiting = await published.untold(conn, now - SETTLES)
        if not waiting:
            return 0, False
        line = _begun(waiting)
        ids = await published.wanting(conn, line.told_up_to or "", self.at_once)
        spoken = await wordings(conn, self.keys, Scene(self.house, now, ()), ids)
        messages = [NewMessage(f"c:{one}", LANE_FEEDBACK, _notice(spoken[one])) for one in ids]
        await outbox.put(conn, self.keys, messages, now)
        if len(ids) < self.at_once:
            await published.told(conn, [one.id for one in waiting if one.at <= line.at], now)
            return len(ids), len(waiting) > 1 and waiting[0].at > line.at
        await published.told_up_to(conn, line.id, ids[-1])
        return len(ids), True


def _begun(waiting: Sequence[Published]) -> Published:
    """The line whose notice was begun, or the newest: its notice stands for the older ones too."""
    return next((one for one in waiting if one.told_up_to is not None), waiting[0])


def _notice(wording: Wording) -> bytes:
    """No word of what changed: a lock screen shows it."""
    row = [{"label": wording.text("button.see-changes"), "data": f"d:{SEE}"}]
    return body(wording.text("push.changes"), [row])
