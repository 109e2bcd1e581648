"""Who can read a concern, by name and role; and, for those who may, letting one more colleague."""

from __future__ import annotations

from bot.casework.access import Action, may
from bot.console.concern.panels.panel import Panel, Values
from bot.console.gate import Visit
from bot.console.people.roles import grouped, towards
from bot.desk.desk import OpenedConcern
from bot.desk.giving import Giving
from bot.desk.reach import who_reads


async def load(visit: Visit, opened: OpenedConcern) -> Values:
    concern, desk = opened.concern, visit.console.desk
    colleagues = await Giving(desk).colleagues(visit.member, concern.reference)
    return {
        "where": f"/concerns/{concern.reference}",
        "groups": grouped(await who_reads(desk, concern.id), concern.team),
        "some_excluded": opened.some_excluded,
        "colleagues": [(one.id, one.name, towards(one, concern.team)) for one in colleagues],
        "may_step_back": may(visit.member, concern.team, Action.RECUSE),
    }


READERS = Panel("who_reads.html", load)
