"""The part of the page that leads to a public line, once an outcome was told."""

from __future__ import annotations

from bot.casework.access import Action, may
from bot.casework.published import publishable
from bot.console import phrases
from bot.console.concern.panels.panel import Panel, Values
from bot.console.gate import Visit
from bot.desk.desk import OpenedConcern
from storage import published


async def _load(visit: Visit, opened: OpenedConcern) -> Values | None:
    concern, console = opened.concern, visit.console
    if not may(visit.member, concern.team, Action.PUBLISH) or not publishable(concern):
        return None
    async with console.store.read() as conn:
        lines = await published.of_concern(conn, concern.id)
    zone = console.zone(concern.team)
    return {
        "reference": concern.reference,
        "lines": [
            (phrases.day_and_year(one.at.astimezone(zone).date()), one.said, one.did)
            for one in lines
        ],
    }


PUBLISHING = Panel("publishing.html", _load)
