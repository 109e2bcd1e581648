"""Inviting a colleague, and taking a lost phone off a colleague's account."""

from __future__ import annotations

import logging
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Duty, may_do
from bot.casework.model import ORGANISATION, Member, Membership, Role
from bot.console import phrases
from bot.console.gate import Visit, go
from bot.desk.inviting import NotYours, link, may_let_in, may_reset
from bot.turns.people import as_member
from storage import staff
from storage.errors import NameTaken

log = logging.getLogger(__name__)

LONGEST_NAME: Final = 100
ROLES: Final = {
    Role.READER: "reads concerns",
    Role.ANSWERER: "reads and answers concerns",
    Role.LEAD: "leads the team: answers, and is told when the team is late",
    Role.SENIOR: "senior: is told when a lead is late, and may invite anybody",
    Role.ON_DUTY: "on duty: is told at once when someone is in danger",
    Role.INDEPENDENT: "independent: reads and answers concerns that go outside the team",
}
NO_NAME: Final = "Write the name that colleagues know this person by."
NO_ROLE: Final = "Choose what this person will do."
TAKEN: Final = "There is somebody with this name already. Add a middle name or a surname."
DONE: Final = {
    "ended": "The invitation is ended. Its link does not work any more.",
    "phone-off": "The phone is taken off. They set up a new one when they sign in next.",
}


async def invite_page(visit: Visit) -> Response:
    _insist(visit)
    return await _page(visit)


async def invite(visit: Visit) -> Response:
    _insist(visit)
    console, name = visit.console, " ".join(visit.form.get("name", "").split())
    offered = _offered(visit)
    chosen = tuple(one for one in offered if visit.form.get(_field(one)) == "yes")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return await _page(visit, NO_NAME)
    if not chosen:
        return await _page(visit, NO_ROLE)
    pairs = tuple((one.team, one.role.value) for one in chosen)
    try:
        made = await console.inviting.invite(name, pairs, visit.member, console.clock.now())
    except NameTaken:
        return await _page(visit, TAKEN)
    except NotYours:
        raise HTTPException(403) from None
    log.info("invited", extra={"staff": visit.member.id})
    return visit.page(
        "invited.html",
        name=made.name,
        link=link(console.settings.console_url, made.token),
        until=phrases.moment(made.expires_at, console.settings.timezone),
        anew=made.anew,
    )


async def end_invite(visit: Visit) -> Response:
    _insist(visit)
    other = await _colleague(visit)
    if not may_let_in(visit.member, other.memberships):
        raise HTTPException(403)
    await visit.console.inviting.end(other.id, visit.member, visit.console.clock.now())
    return go("/people/invite?done=ended")


async def phones_page(visit: Visit) -> Response:
    """Colleagues whose phone this member may take off."""
    _insist(visit)
    console = visit.console
    have = await console.own_keys.who_have_one()
    async with console.store.read() as conn:
        rows = await staff.everyone(conn, console.keys)
    people = [
        (row.id, row.name)
        for row in rows
        if row.active and row.id in have and may_reset(visit.member, as_member(row))
    ]
    done = DONE.get(visit.request.query_params.get("done", ""), "")
    return visit.page("phones.html", people=people, done=done)


async def phone_page(visit: Visit) -> Response:
    _insist(visit)
    other = await _colleague(visit)
    _insist_on_reset(visit, other)
    return visit.page("phone_off.html", other=other)


async def phone_off(visit: Visit) -> Response:
    """Their sessions end too: a lost phone may be in other hands, signed in."""
    _insist(visit)
    other = await _colleague(visit)
    _insist_on_reset(visit, other)
    console = visit.console
    await console.own_keys.reset(visit.member, other, console.clock.now())
    console.sessions.end_all_of(other.id)
    console.halfway.end_all_of(other.id)
    log.info("second-factor-reset", extra={"staff": other.id})
    return go("/people/second-factor?done=phone-off")


def _insist(visit: Visit) -> None:
    if not may_do(visit.member, Duty.INVITE):
        raise HTTPException(403)


def _insist_on_reset(visit: Visit, other: Member) -> None:
    if not may_reset(visit.member, other):
        raise HTTPException(403)


async def _colleague(visit: Visit) -> Member:
    console, wanted = visit.console, str(visit.request.path_params["colleague"])
    async with console.store.read() as conn:
        rows = await staff.everyone(conn, console.keys)
    for row in rows:
        if row.id == wanted and row.active:
            return as_member(row)
    raise HTTPException(404)


def _offered(visit: Visit) -> list[Membership]:
    """What this member may invite somebody to."""
    teams = visit.console.settings.teams
    narrow = [Membership(team.id, role) for team in teams for role in _NARROW]
    wide = [Membership(ORGANISATION, role) for role in _WIDE]
    return [one for one in (*narrow, *wide) if may_let_in(visit.member, (one,))]


def _field(one: Membership) -> str:
    return f"as:{one.team}:{one.role.value}"


async def _page(visit: Visit, problem: str = "") -> Response:
    console, house = visit.console, visit.console.desk.house
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for one in _offered(visit):
        wide = one.team == ORGANISATION
        place = house.organisation if wide else house.team_name(one.team)
        checked = visit.form.get(_field(one)) == "yes"
        groups.setdefault(place, []).append((_field(one), ROLES[one.role], checked))
    waiting = [
        (row, phrases.moment(one.expires_at, console.settings.timezone))
        for one, row in await console.inviting.waiting(visit.member, console.clock.now())
    ]
    return visit.page(
        "invite.html",
        422 if problem else 200,
        problem=problem,
        name=visit.form.get("name", "")[:LONGEST_NAME],
        groups=groups,
        waiting=waiting,
        done=DONE.get(visit.request.query_params.get("done", ""), ""),
    )


_NARROW: Final = (Role.READER, Role.ANSWERER, Role.LEAD)
_WIDE: Final = (Role.SENIOR, Role.ON_DUTY, Role.INDEPENDENT)
