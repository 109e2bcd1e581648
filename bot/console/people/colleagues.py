"""Colleagues: who works here in which role, whose access one may end, and who may be let read older
concerns."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Action, Duty, may, may_do
from bot.casework.departing import may_end
from bot.casework.model import INDEPENDENT_TEAM, Member, NotAllowed
from bot.console.gate import Visit, go
from bot.console.people.roles import held, towards
from bot.desk.giving import Giving
from bot.desk.leaving import Leaving, Unfilled
from bot.turns.people import working
from storage import staff

log = logging.getLogger(__name__)

DONE: Final = {"left": "Their access has ended."}
# The same whatever is missing: what it is can be a concern that the reader is kept from.
NEEDED: Final = (
    "Something would be left with nobody: a role, or a concern that only they can read. Invite "
    "somebody, or ask them to give a colleague access. Whoever runs Heard can see what it is."
)
SAY_SURE: Final = "Tick the box below, so that nobody's access ends by mistake."


async def people_page(visit: Visit) -> Response:
    _need(visit, Duty.SEE_PEOPLE)
    house = visit.console.desk.house
    rows = [
        (one.id, one.name, held(one, house), one.keyed, may_end(visit.member, one))
        for one in await _everyone(visit)
    ]
    return visit.page(
        "people.html",
        rows=rows,
        may_invite=may_do(visit.member, Duty.INVITE),
        may_give=bool(_teams(visit)),
        done=DONE.get(visit.request.query_params.get("done", ""), ""),
    )


async def leave_page(visit: Visit) -> Response:
    return await _leaving(visit, await _leaver(visit))


async def leave(visit: Visit) -> Response:
    """End a colleague's access, and every session of theirs at once."""
    whom = await _leaver(visit)
    if visit.form.get("sure") != "yes":
        return await _leaving(visit, whom, 422, [SAY_SURE])
    try:
        await Leaving(visit.console.desk).end(whom.id, visit.member)
    except Unfilled as refused:
        log.info("leaving-refused", extra={"staff": whom.id, "count": len(refused.gaps)})
        return await _leaving(visit, whom, 409, [NEEDED])
    finally:
        # Also when what they had could not be handed on: the way in is closed before that.
        if await _has_left(visit, whom.id):
            visit.console.sessions.end_all_of(whom.id)
            visit.console.halfway.end_all_of(whom.id)
    return go("/people?done=left")


async def access_page(visit: Visit) -> Response:
    return await _access(visit)


async def give_access(visit: Visit) -> Response:
    """All open concerns of a team that one can read oneself, to a colleague who came later."""
    giving, team, to = Giving(visit.console.desk), _chosen(visit), visit.form.get("to", "")
    try:
        given = await giving.give_team(visit.member, visit.session.private, team, to)
    except NotAllowed:
        return await _access(visit, 409, problem="Choose a colleague from the list.")
    name = next(one.name for one in await _everyone(visit) if one.id == to)
    return await _access(visit, given=given, name=name)


async def _access(
    visit: Visit, status: int = 200, *, problem: str = "", given: int = -1, name: str = ""
) -> Response:
    team = _chosen(visit)
    colleagues: Sequence[Member] = ()
    if team:
        colleagues = await Giving(visit.console.desk).newcomers(visit.member, team)
    house = visit.console.desk.house
    return visit.page(
        "access.html",
        status,
        teams=[(one, house.team_name(one)) for one in _teams(visit)],
        team=team,
        team_name=house.team_name(team) if team else "",
        colleagues=[(one.id, one.name, towards(one, team)) for one in colleagues],
        problem=problem,
        given=given,
        name=name,
    )


def _teams(visit: Visit) -> list[str]:
    """Whose concerns this member may let colleagues read."""
    known = [*(team.id for team in visit.console.desk.house.teams), INDEPENDENT_TEAM]
    return [one for one in known if may(visit.member, one, Action.GIVE_ACCESS)]


def _chosen(visit: Visit) -> str:
    """The team of this page: the only one, or the chosen one; none yet if there are several."""
    teams = _teams(visit)
    if not teams:
        raise HTTPException(403)
    wanted = visit.form.get("team") or visit.request.query_params.get("team", "")
    if wanted and wanted not in teams:
        raise HTTPException(403)
    return wanted or (teams[0] if len(teams) == 1 else "")


async def _leaver(visit: Visit) -> Member:
    """Whom this page is about: 404 for nobody who works here, 403 for somebody else's to end."""
    _need(visit, Duty.END_ACCESS)
    wanted = visit.request.path_params["staff"]
    whom = next((one for one in await _everyone(visit) if one.id == wanted), None)
    if whom is None:
        raise HTTPException(404)
    if not may_end(visit.member, whom):
        raise HTTPException(403)
    return whom


async def _leaving(
    visit: Visit, whom: Member, status: int = 200, problems: Sequence[str] = ()
) -> Response:
    return visit.page(
        "leave.html",
        status,
        whom=whom,
        roles=held(whom, visit.console.desk.house),
        problems=problems,
    )


async def _everyone(visit: Visit) -> tuple[Member, ...]:
    async with visit.console.store.read() as conn:
        return working(await staff.everyone(conn, visit.console.keys))


async def _has_left(visit: Visit, staff_id: str) -> bool:
    return staff_id not in {one.id for one in await _everyone(visit)}


def _need(visit: Visit, duty: Duty) -> None:
    if not may_do(visit.member, duty):
        raise HTTPException(403)
