"""Giving the audit's signing key a successor: each vouches for what was there in its time."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from storage import audit, audit_heads, audit_key, replacing
from storage.audit_key import fingerprint
from storage.engine import Store
from storage.secrets import AUDIT, Secrets

log = logging.getLogger(__name__)

REPLACED: Final = "audit-key-replaced"


async def replace(store: Store, secrets: Secrets, now: datetime) -> str:
    """Replace the key, or go on with what a crash left; returns the fingerprint of the new one.

    1. The old key signs what is there. 2. The file holds both. 3. A line says so, and the new key
    signs it: whatever the old key signs from now on is contradicted by that. 4. The old key is
    destroyed. Raises audit_heads.Broken for an audit that is not whole, and replacing.Busy.
    """
    async with replacing.alone(store, secrets, AUDIT):
        if audit_key.load(secrets.folder) is None:
            audit_key.make(secrets.folder)
        if not replacing.halfway(secrets, AUDIT):
            await audit_heads.sign(store, secrets, now)
        await replacing.begin(store, secrets, AUDIT)
        newest = fingerprint(audit_key.every(secrets.folder)[0].public)
        while not await _signed(store, newest):
            async with store.write() as conn:
                await audit.note(conn, now, None, REPLACED, None, f"signer:{newest}")
            await audit_heads.sign(store, secrets, now)
        replacing.finish(secrets, AUDIT)
    log.info("key-replaced", extra={"count": 1})
    return newest


async def _signed(store: Store, signer: str) -> bool:
    async with store.read() as conn:
        head = await audit_heads.newest(conn)
    return head is not None and head.signer == signer
