"""The lists: what needs someone now, what waits for whom, and what is closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from bot.console.concern import timeline
from bot.console.gate import Visit
from bot.console.worklist import Tab, show

TABS: Final[Mapping[Tab, str]] = {
    Tab.NOW: "Needs someone now",
    Tab.US: "Waiting for us",
    Tab.THEM: "Waiting for them",
    Tab.CLOSED: "Closed",
}
NOTHING: Final[Mapping[Tab, str]] = {
    Tab.NOW: "Nothing needs someone now.",
    Tab.US: "Nothing waits for us.",
    Tab.THEM: "Nobody has been asked whether an answer helped.",
    Tab.CLOSED: "Nothing is closed yet.",
}


async def list_page(visit: Visit) -> Response:
    query, console = visit.request.query_params, visit.console
    tab = Tab(query["show"]) if query.get("show") in set(Tab) else Tab.NOW
    number = query.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1
    now = console.clock.now()
    shown = show(await console.desk.listing(visit.member), tab, page, now, console.zone)
    rows = [
        timeline.card(each, console.desk.house.team_name(each.team), now, console.zone(each.team))
        for each, _ in shown.concerns
    ]
    return visit.page(
        "concerns.html",
        tab=tab,
        tabs=TABS,
        heading=TABS[tab],
        nothing=NOTHING[tab],
        shown=shown,
        rows=rows,
    )
