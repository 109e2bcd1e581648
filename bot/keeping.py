"""Housekeeping of keys and ids: what must not grow old."""

from __future__ import annotations

import contextlib
import logging
import secrets as chance
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.turns.clearing import DELETABLE
from bot.vouching import Vouching
from storage import (
    alarms,
    audit_heads,
    audit_rotation,
    chat_messages,
    forgetting,
    moving,
    replacing,
    rotation,
    seen,
    staff,
)
from storage.engine import Conn, Store
from storage.secrets import AUDIT, DELIVERY, DIRECTORY, Secrets

log = logging.getLogger(__name__)

# Telegram redelivers for 24 hours; after an idle week ids start again at random (Bot API, Update).
IDS_KEPT: Final = timedelta(hours=48)
LAST_WORDS: Final = timedelta(hours=24)  # to reach somebody who is forgotten, and cannot be now


@dataclass(frozen=True, slots=True)
class Keeping:
    """Epoch keys live by the machine's own clock: how old a file is has nothing to do with a demo's
    moved time."""

    store: Store
    keys: Secrets
    clock: Clock

    async def look(self) -> None:
        async with self.store.write() as conn:
            await seen.prune(conn, self.clock.now() - IDS_KEPT)
            await chat_messages.prune(conn, self.clock.now() - DELETABLE)
            await forgetting.sweep(conn, self.clock.now() - LAST_WORDS)
            await self._look_at_names(conn)
        now = datetime.now(UTC)
        try:
            if rotation.needed(self.keys, now):
                await rotation.rotate(self.store, self.keys, now)
                log.info("epoch-rotated")
            await self._go_on_replacing()
        except replacing.Busy:
            log.warning("rotation-put-off")  # the next round tries again; doctor says how old it is
        await Vouching(self.store, self.keys, self.clock).look()

    async def _go_on_replacing(self) -> None:
        """What a crash interrupted. The recovery key takes two papers, so people must go on."""
        replacing.sweep(self.keys)
        for name in (DELIVERY, DIRECTORY):
            if replacing.halfway(self.keys, name):
                await moving.replace(self.store, self.keys, name, self.clock.now())
        if replacing.halfway(self.keys, AUDIT):
            with contextlib.suppress(audit_heads.Broken):  # the round of signing sounds the alarm
                await audit_rotation.replace(self.store, self.keys, self.clock.now())

    async def _look_at_names(self, conn: Conn) -> None:
        """Whose name does not open can be kept out of nothing by name: somebody must know."""
        for row in await staff.everyone(conn, self.keys):
            if row.damaged:
                log.error("staff-name-damaged", extra={"staff": row.id})
                now, kind = self.clock.now(), "staff-name-damaged"
                await alarms.sound_once(conn, chance.token_hex(16), now, kind, row.id)
