"""Signing the newest line of the audit, again and again, so that nobody can change it later."""

from __future__ import annotations

import logging
import secrets as chance
from dataclasses import dataclass

from bot.clock import Clock
from storage import alarms, audit_heads
from storage.engine import Store
from storage.secrets import Secrets

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Vouching:
    """Looks with every round of housekeeping. Nothing is signed for an audit that is not whole."""

    store: Store
    keys: Secrets
    clock: Clock

    async def look(self) -> None:
        try:
            head = await audit_heads.sign(self.store, self.keys, self.clock.now())
        except audit_heads.Broken:
            log.error("alarm", extra={"kind": "audit-broken"})
            async with self.store.write() as conn:
                now, kind = self.clock.now(), "audit-broken"
                await alarms.sound_once(conn, chance.token_hex(16), now, kind, "")
            return
        if head is not None:
            log.info("audit-head-signed", extra={"count": head.lines})
