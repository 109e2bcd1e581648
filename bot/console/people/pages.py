"""The member's own page."""

from __future__ import annotations

from starlette.responses import Response

from bot.casework.model import ORGANISATION_ROLES
from bot.console import phrases
from bot.console.gate import Visit


async def my_page(visit: Visit) -> Response:
    return await _me(visit, "")


async def link_telegram(visit: Visit) -> Response:
    return await _me(visit, await visit.console.desk.start_link(visit.member.id))


async def _me(visit: Visit, code: str) -> Response:
    house = visit.console.desk.house
    memberships = [
        (
            house.organisation if one.role in ORGANISATION_ROLES else house.team_name(one.team),
            phrases.ROLES[one.role],
        )
        for one in visit.member.memberships
    ]
    return visit.page("me.html", memberships=memberships, code=code)
