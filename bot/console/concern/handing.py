"""Who has a concern and who reads it: passing it on, giving a colleague access, stepping back."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Action, may
from bot.casework.model import INDEPENDENT_TEAM, Concern, NotAllowed
from bot.console.concern.noting import for_whom_may
from bot.console.concern.pages import readable, refusal_of, show_concern
from bot.console.gate import Visit, go
from bot.desk import recusing
from bot.desk.giving import Giving
from bot.desk.passing import Passing

REASONS: Final[Mapping[str, str]] = {
    "": "I do not want to say",
    "about-me": "It is about me, or about something that I did",
    "close": "I am close to somebody that it is about",
    "not-right": "I should not deal with it for another reason",
}
SAY_SURE: Final = "Tick the box below, so that nobody steps back by mistake."


async def pass_to_person(visit: Visit) -> Response:
    concern = await for_whom_may(visit, Action.HAND_ON)
    passing, private = Passing(visit.console.desk), visit.session.private
    to, seen = visit.form.get("to", ""), _number(visit.form.get("seen", ""))
    return await _done(
        visit, passing.to_person(visit.member, private, concern.reference, to, seen), "passed"
    )


async def pass_to_team(visit: Visit) -> Response:
    """What its person sent outside all teams needs their word first, and a reason."""
    concern = await for_whom_may(visit, Action.HAND_ON)
    if concern.team == INDEPENDENT_TEAM and visit.form.get("agreed") != "yes":
        return await show_concern(visit, 409, refusal=refusal_of(NotAllowed("not-agreed")))
    passing, private = Passing(visit.console.desk), visit.session.private
    team, why = visit.form.get("team", ""), visit.form.get("why", "").strip()
    seen = _number(visit.form.get("seen", ""))
    work = passing.to_team(visit.member, private, concern.reference, team, why, seen)
    return await _done(visit, work, "passed-untold" if concern.forgotten else "passed-team")


async def give_access(visit: Visit) -> Response:
    concern = await for_whom_may(visit, Action.GIVE_ACCESS)
    giving, to = Giving(visit.console.desk), visit.form.get("to", "")
    work = giving.give(visit.member, visit.session.private, concern.reference, to)
    return await _done(visit, work, "access-given")


async def step_back_page(visit: Visit) -> Response:
    return await _step_back(visit, await for_whom_may(visit, Action.RECUSE))


async def step_back(visit: Visit) -> Response:
    concern = await for_whom_may(visit, Action.RECUSE)
    if visit.form.get("sure") != "yes":
        return await _step_back(visit, concern, 422, SAY_SURE)
    reason = visit.form.get("reason", "")
    if reason not in REASONS:
        raise HTTPException(400)
    try:
        await recusing.step_back(visit.console.desk, visit.member, concern.reference, reason)
    except NotAllowed as refused:
        problem = "" if str(refused) == "last-one" else refusal_of(refused)
        return await _step_back(visit, await readable(visit), 409, problem)
    return go("/stepped-back")


async def stepped_back(visit: Visit) -> Response:
    return visit.page("stepped_back.html")


async def _step_back(
    visit: Visit, concern: Concern, status: int = 200, problem: str = ""
) -> Response:
    left = await recusing.may_step_back(visit.console.desk, visit.member, concern.reference)
    return visit.page(
        "step_back.html",
        status,
        reference=concern.reference,
        last_one=not left,
        gives=may(visit.member, concern.team, Action.GIVE_ACCESS),
        reasons=REASONS,
        problem=problem,
    )


async def _done(visit: Visit, work: Awaitable[None], done: str) -> Response:
    try:
        await work
    except NotAllowed as refused:
        return await show_concern(visit, 409, refusal=refusal_of(refused))
    return go(f"/concerns/{visit.reference}?done={done}")


def _number(given: str) -> int:
    """The version that a form was made of; for anything else one that nothing ever had."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else -1
