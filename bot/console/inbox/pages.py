"""The lists: what needs someone now, what waits for whom, and what is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from starlette.responses import Response

from bot.casework.access import Action, may
from bot.casework.model import INDEPENDENT_TEAM, Member
from bot.console import phrases
from bot.console.concern import timeline
from bot.console.context import Console
from bot.console.gate import Visit
from bot.console.inbox import filters
from bot.console.worklist import PAGE_SIZE, RULES, Need, Tab
from bot.turns.concern import seen_by
from storage import inbox, staff_names

# Short, so that all of them fit a phone; the heading below says the rest.
TABS: Final[Mapping[Tab, str]] = {
    Tab.NOW: "Now",
    Tab.URGENT: "Urgent",
    Tab.MINE: "Mine",
    Tab.NEW: "New",
    Tab.OVERDUE: "Overdue",
    Tab.US: "For us",
    Tab.THEM: "For them",
    Tab.CLOSED: "Closed",
}
HEADINGS: Final[Mapping[Tab, str]] = {
    Tab.NOW: "Needs someone now",
    Tab.URGENT: "Urgent: the person said that someone is in danger",
    Tab.MINE: "You have these",
    Tab.NEW: "New: nobody has acknowledged them",
    Tab.OVERDUE: "Overdue: a promised date has passed",
    Tab.US: "Waiting for us",
    Tab.THEM: "Waiting for them",
    Tab.CLOSED: "Closed",
}
NOTHING: Final[Mapping[Tab, str]] = {
    Tab.NOW: "Nothing needs someone now.",
    Tab.URGENT: "Nobody has said that someone is in danger, or all of it is acknowledged.",
    Tab.MINE: "You have no concern at the moment.",
    Tab.NEW: "Every concern is acknowledged.",
    Tab.OVERDUE: "No promised date has passed.",
    Tab.US: "Nothing waits for us.",
    Tab.THEM: "Nobody has been asked anything, or all have answered.",
    Tab.CLOSED: "Nothing is closed yet.",
}
NOT_HERE: Final = "Nothing here fits what you chose."


async def list_page(visit: Visit) -> Response:
    query, console = visit.request.query_params, visit.console
    tab = Tab(query["show"]) if query.get("show") in set(Tab) else Tab.NOW
    chosen = filters.chosen(console, visit.member, query)
    now = console.clock.now()
    cut = inbox.Cut(tab, number_of(query.get("page", "")), PAGE_SIZE)
    async with console.store.read() as conn:
        reader = reader_of(console, visit.member, now)
        found = await inbox.lists(conn, reader, RULES, chosen.filters, cut)
        owners = {row.owner_id for row, _ in found.rows if row.owner_id is not None}
        names = await staff_names.names(conn, console.keys, owners)
    rows = []
    for row, place in found.rows:
        team, zone = console.desk.house.team_name(row.team), console.zone(row.team)
        rows.append(timeline.card(seen_by(visit.member, row), team, now, zone, Need(place)))
    return visit.page(
        "concerns.html",
        tab=tab,
        tabs=TABS,
        heading=HEADINGS[tab],
        nothing=NOT_HERE if chosen.values else NOTHING[tab],
        found=found,
        rows=rows,
        owners=[_has_it(visit.member, row.owner_id, names) for row, _ in found.rows],
        chosen=chosen,
        choices={
            "team": ("Team", filters.teams_of(console, visit.member)),
            "state": ("State", phrases.STATES),
            "kind": ("What it is", filters.KINDS),
        },
    )


def _has_it(member: Member, owner_id: str | None, names: Mapping[str, str]) -> str:
    """Who has a concern, so that two do not begin on the same one; empty when nobody has."""
    if owner_id is None:
        return ""
    return "You have it" if owner_id == member.id else f"{names.get(owner_id, 'Somebody')} has it"


def number_of(page: str) -> int:
    """The number of a page in an address; the first one for anything else."""
    return int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1


def reader_of(console: Console, member: Member, now: datetime) -> inbox.Reader:
    """Whose lists these are, for the database: when each team's day ends, which copies are theirs
    to send."""
    known = {*(one.team for one in member.memberships), INDEPENDENT_TEAM}
    return inbox.Reader(
        id=member.id,
        now=now,
        day=filters.day_ends(now, console.settings.timezone),
        days={team.id: filters.day_ends(now, team.timezone) for team in console.settings.teams},
        copies=inbox.Copies(
            {team: may(member, team, Action.ANSWER) for team in known},
            elsewhere=may(member, "", Action.ANSWER),
        ),
    )
