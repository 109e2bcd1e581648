"""To a colleague or to another team: the part of the page from which a concern is passed on."""

from __future__ import annotations

from bot.console.concern.panels.panel import Panel, Values
from bot.console.gate import Visit
from bot.console.people.roles import towards
from bot.desk.desk import OpenedConcern
from bot.desk.passing import LONGEST_WHY, Passing


async def load(visit: Visit, opened: OpenedConcern) -> Values | None:
    concern = opened.concern
    choices = await Passing(visit.console.desk).choices(visit.member, concern.reference)
    if choices is None or not (choices.people or choices.teams):
        return None
    return {
        "where": f"/concerns/{concern.reference}",
        "people": [(one.id, one.name, towards(one, concern.team)) for one in choices.people],
        "teams": [(one.id, one.name) for one in choices.teams],
        "chosen_outside": choices.chosen_outside,
        "longest": LONGEST_WHY,
        "version": choices.version,
        "told": not concern.forgotten,
    }


PASSING = Panel("pass_on.html", load)
