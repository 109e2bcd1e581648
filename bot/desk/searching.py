"""What a search asks of the house: what this reader may read now, its sealed words, and a note that
they were looked through. What was looked for is noted nowhere."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from bot.casework.model import Member
from bot.desk.desk import Desk
from storage import audit, concerns, reading
from storage.audit import Line
from storage.inbox import Filters
from storage.reading import Place, Sealed

log = logging.getLogger(__name__)

MOST: Final = 10_000  # concerns in one search, the newest; older ones are reached by their dates
# Parts that hold somebody's words. Buttons, files and what is coded are not looked through.
KINDS: Final = frozenset(
    {
        *("words", "added", "not-answered", "place", "kept-from", "for-whom", "danger-words"),
        *("danger-details", "own-worry", "write-to", "reply"),
        *("answer", "outcome", "outcome-changed", "outcome-will-change", "outcome-not-changed"),
        *("pause", "question", "asked", "staff-note", "safeguarding", "candour", "route"),
    }
)


async def places(desk: Desk, member: Member, filters: Filters) -> list[Place]:
    """What this member may read at this moment, the newest first."""
    async with desk.store.read() as conn:
        return await reading.places(conn, member.id, filters, MOST)


async def sealed(desk: Desk, member: Member, after: Mapping[str, int]) -> list[Sealed]:
    """Their words that come after the part given with each concern's id."""
    async with desk.store.read() as conn:
        return await reading.sealed(conn, member.id, after, KINDS)


async def note(desk: Desk, member: Member, found: int, shown: Sequence[str]) -> frozenset[str]:
    """Note a search and which concerns it shows words of; returns which of those this member may
    still read. It does not count as having opened them: a line out of its place is not the
    concern, and acknowledging asks for the whole."""
    now = desk.clock.now()
    async with desk.store.write() as conn:
        who = await concerns.readers(conn, shown)
        still = [one for one in shown if member.id in who[one]]
        lines = [Line(now, member.id, "searched", None, f"found:{found}")]
        lines += [Line(now, member.id, "found", one, "") for one in still]
        await audit.note_many(conn, lines)
    log.info("searched", extra={"staff": member.id, "count": found})
    return frozenset(still)
