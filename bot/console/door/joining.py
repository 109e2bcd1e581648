"""Where a one-time link leads: somebody sets a passphrase that nobody else knows. Looking uses
nothing up, because programs look at links before people do; only the form does."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import Response

from bot import passphrases
from bot.console.context import Console
from bot.console.door.signing import at_door, knocked
from bot.console.forms import read_form, same_token
from bot.console.gate import go
from storage import staff
from storage.staff import StaffRow

log = logging.getLogger(__name__)

OLD = "This page was open for too long. Please write your passphrase again."
DIFFERENT = "The two are not the same. Write your passphrase again, twice."
BUSY = "Many people are at the door just now. Try again in a few seconds."


async def show_join(console: Console, request: Request) -> Response:
    return await _page(console, request)


async def join(console: Console, request: Request) -> Response:
    form = await read_form(request)
    token = str(request.path_params["token"])
    found = await console.inviting.invited(token, console.clock.now())
    if found is None:
        return await _page(console, request)
    _, row = found
    if not knocked(console, request, form):
        return await _page(console, request, 403, OLD)
    if console.unlocking.full:
        return await _page(console, request, 503, BUSY)
    passphrase = form.get("passphrase", "")
    if fault := await new_fault(console, row.name, passphrase, form.get("again", "")):
        return await _page(console, request, 422, fault)
    keys = await console.unlocking.work(staff.new_keys, row.id, passphrase)
    if not await console.inviting.join(token, keys, console.clock.now()):
        # It was used meanwhile.
        return await _page(console, request)
    log.info("joined", extra={"staff": row.id})
    return go("/sign-in?signed=joined")


async def new_fault(console: Console, name: str, passphrase: str, again: str) -> str:
    """What is wrong with a new passphrase that was typed twice; "" when it is good."""
    if not same_token(passphrase, again):
        return DIFFERENT
    settings = console.settings
    about = [name, settings.organisation, *(team.name for team in settings.teams)]
    return await console.unlocking.work(passphrases.fault, passphrase, about)


async def _page(
    console: Console, request: Request, status: int = 200, problem: str = ""
) -> Response:
    """The form; the same page for every link that does not work, whatever the reason."""
    token = str(request.path_params["token"])
    found = await console.inviting.invited(token, console.clock.now())
    if found is None:
        return console.render("join_gone.html", 404)
    invite, row = found
    async with console.store.read() as conn:
        everyone = await staff.everyone(conn, console.keys)
    names = {one.id: one.name for one in everyone}
    return at_door(
        console,
        request,
        "join.html",
        status,
        token=token,
        name=row.name,
        by=names.get(invite.made_by or "", ""),
        problem=problem,
        places=_places(console, row),
    )


def _places(console: Console, row: StaffRow) -> list[str]:
    house = console.desk.house
    wide = console.settings.organisation
    teams = (wide if team == "*" else house.team_name(team) for team, _ in row.memberships)
    return list(dict.fromkeys(teams))
