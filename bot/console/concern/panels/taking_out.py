"""The way to the page from which a concern is taken out of Heard."""

from __future__ import annotations

from bot.casework.access import Action, may
from bot.console.concern.panels.panel import Panel, Values
from bot.console.gate import Visit
from bot.desk.desk import OpenedConcern


async def load(visit: Visit, opened: OpenedConcern) -> Values | None:
    concern = opened.concern
    if not may(visit.member, concern.team, Action.EXPORT):
        return None
    return {"reference": concern.reference}


TAKING_OUT: Panel = Panel("taking_out.html", load)
