"""What staff write for colleagues alone: notes, marks, where it was sent on to. The person never
sees it, no clock stops, and nobody is told.
"""

from __future__ import annotations

import logging
import secrets as chance
from typing import Final

from bot.casework import marks
from bot.casework.access import Action, may
from bot.casework.model import Member, NotAllowed
from bot.desk.desk import TRIES, Desk
from storage import audit, concerns
from storage.concerns import ConcernRow, NewPart
from storage.engine import Conn, StoreConflict

log = logging.getLogger(__name__)

# Who may write each kind; all others are marks.
_ACTIONS: Final = {marks.NOTE: Action.NOTE}


async def write(desk: Desk, member: Member, reference: str, kind: str, words: bytes) -> None:
    """Seal this to the concern, with a line in the audit that says what kind it was.

    Raises NotAllowed when the member may not, or has not opened the concern.
    """
    for _ in range(TRIES):
        try:
            async with desk.store.write() as conn:
                action = _ACTIONS.get(kind, Action.MARK)
                row = await allowed(conn, member, reference, action)
                now = desk.clock.now()
                part = NewPart(chance.token_hex(16), row.id, kind, member.id, now, words)
                await concerns.add_parts(conn, [part])
                await audit.note(conn, now, member.id, kind, row.id)
            return
        except StoreConflict:
            continue
    raise NotAllowed("busy")


async def allowed(conn: Conn, member: Member, reference: str, action: Action) -> ConcernRow:
    """The concern, for somebody who can open it, may do this, and has read it.

    Raises NotAllowed.
    """
    row = (await concerns.by_reference(conn, [reference])).get(reference)
    readers = (await concerns.readers(conn, [row.id]))[row.id] if row else frozenset()
    if row is None or member.id not in readers or not may(member, row.team, action):
        log.warning("act-refused", extra={"staff": member.id, "kind": action.value})
        raise NotAllowed("not-yours")
    if not await audit.has(conn, member.id, "opened", row.id):
        raise NotAllowed("open-it-first")
    return row
