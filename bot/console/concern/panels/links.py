"""Which other concerns belong with this one, for those who can read both."""

from __future__ import annotations

from typing import Final

from bot.casework.access import Action, may
from bot.casework.model import OPEN_STATES
from bot.console import phrases
from bot.console.concern.panels.panel import Panel, Values
from bot.console.gate import Visit
from bot.desk import linking
from bot.desk.desk import OpenedConcern
from bot.desk.linking import Linked
from storage.concern_links import Kind

NOTES: Final = {
    Kind.RELATED: "Related, as {name} noted.",
    Kind.PROPOSED: (
        "If both are from one person, they are asked. You will see it here if they agree."
    ),
}
GOES_ON_HERE: Final = "One matter, as the person said. It goes on here."
GOES_ON_THERE: Final = "One matter, as the person said. It goes on there, by the dates there."


async def load(visit: Visit, opened: OpenedConcern) -> Values | None:
    concern, console = opened.concern, visit.console
    found = await linking.links(console.desk, visit.member, concern)
    may_link = may(visit.member, concern.team, Action.LINK)
    if not found and not may_link:
        return None
    names = await linking.names(console.desk, found)
    zone = console.zone(concern.team)
    return {
        "reference": concern.reference,
        "links": [
            {
                "reference": one.reference,
                "note": _note(one, names),
                "at": phrases.moment(one.at, zone),
                "related": one.kind is Kind.RELATED,
            }
            for one in found
        ],
        "may_link": may_link,
        "may_ask": may_link and concern.state in OPEN_STATES and not concern.forgotten,
        "typed": visit.form.get("other", ""),
    }


def _note(one: Linked, names: dict[str, str]) -> str:
    if one.kind is Kind.MERGED:
        return GOES_ON_HERE if one.goes_on_here else GOES_ON_THERE
    return NOTES[one.kind].format(name=names.get(one.by_id or "", "someone who has left"))


LINKS: Final = Panel("links.html", load)
