"""What concerns were about in the last year, of those that whoever looks may read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Duty, may_do
from bot.casework.small_numbers import FEWEST, Hidden, guarded
from bot.console.gate import Visit
from bot.console.overview.counting import Names, charts, since
from bot.desk.themes import About, Coding, Opened, Reader

LONGEST: Final = 8.0  # seconds that one page reads; what it read is kept for the next
MEMORY: Final = "themes"  # what a session opened for this page; wiped with the session


async def themes_page(visit: Visit) -> Response:
    """Opens, with the visitor's own key, only what was tapped and what was coded: no words."""
    console, member = visit.console, visit.member
    if not may_do(member, Duty.SEE_THEMES):
        raise HTTPException(403)
    house, now, zone = console.desk.house, console.clock.now(), console.settings.timezone
    begins = since(now, zone)
    until = time.monotonic() + LONGEST
    reader = Reader(member.id, visit.session.private, console.reading)
    found, left = await Coding(console.desk, house.themes).read(
        reader, begins, opened_by(visit), lambda: time.monotonic() > until
    )
    if left:
        return visit.page("themes_later.html", left=left)
    topics = [house.wording.text(f"topic.{one.id}") for one in house.topics]
    teams = {one.team: house.team_name(one.team) for one in found}
    return visit.page(
        "themes.html",
        begins=f"1 {begins:%B %Y}",
        total=_total(len(found)),
        coded=_coded(found),
        charts=charts(found, Names(topics, house.themes, teams, zone), now),
        few=Hidden.FEW.value,
        beside=Hidden.BESIDE.value,
    )


def opened_by(visit: Visit) -> Opened:
    known = visit.session.memory.get(MEMORY)
    if not isinstance(known, Opened):
        known = Opened()
        visit.session.memory[MEMORY] = known
    return known


def _coded(found: Sequence[About]) -> str:
    """How many were coded, unless that or the number of the others is small."""
    counts = Counter("coded" if one.coded is not None else "not" for one in found)
    shown = guarded({"coded": counts["coded"], "not": counts["not"]})
    return Hidden.BESIDE.value if shown is None else str(shown["coded"])


def _total(count: int) -> str:
    return str(count) if count >= FEWEST else Hidden.FEW.value
