"""Coming and going: who signed in, and out, stands in the record."""

from __future__ import annotations

from typing import Final

from bot.clock import Clock
from storage import audit
from storage.engine import Store

IN: Final = "signed-in"
OUT: Final = "signed-out"


async def note(store: Store, clock: Clock, staff_id: str, deed: str) -> None:
    """Raises StorageError when nothing can be saved: then nobody comes in."""
    async with store.write() as conn:
        await audit.note(conn, clock.now(), staff_id, deed, None)
