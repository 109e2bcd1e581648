"""A member's own page: roles, Telegram, e-mail, passphrase, and how their phone stands."""

from __future__ import annotations

import re
from typing import Final

from starlette.responses import Response

from bot.casework.model import ORGANISATION_ROLES
from bot.console import phrases
from bot.console.door import signing
from bot.console.door.joining import new_fault
from bot.console.door.signing import Refused
from bot.console.gate import Visit, go
from bot.desk.own_keys import Owner
from storage import staff
from storage.errors import DamagedRow

DONE: Final = {
    "passphrase": "Your passphrase is changed. Everywhere else you are signed out.",
    "new-keys": "You have new keys. Everywhere else you are signed out.",
    "email": "Your e-mail address is kept.",
    "no-email": "Your e-mail address is removed.",
    "phone-off": "Your phone is taken off. No code is asked for any more.",
}
# The shape alone: whether anybody reads mail there, only mail can tell. RFC 5321 allows 254.
ADDRESS: Final = re.compile(r"[^\s@<>\"(),;:\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST_ADDRESS: Final = 254
NO_ADDRESS: Final = "Write an e-mail address such as sam.okoro@trust.example."
WRONG: Final = "That is not your passphrase now. Check it and try again."
BUSY: Final = "Many people are signing in just now. Try again in a few seconds."
REPLACED: Final = "Your keys were replaced meanwhile. Sign in again."


async def my_page(visit: Visit) -> Response:
    return await _me(visit)


async def link_telegram(visit: Visit) -> Response:
    return await _me(visit, code=await visit.console.desk.start_link(visit.member.id))


async def set_email(visit: Visit) -> Response:
    given = visit.form.get("email", "").strip()
    if given and (len(given) > LONGEST_ADDRESS or not ADDRESS.fullmatch(given)):
        return await _me(visit, 422, email=given[:LONGEST_ADDRESS], problem=NO_ADDRESS)
    console = visit.console
    await console.own_keys.set_email(visit.member.id, given or None, console.clock.now())
    return go("/me?done=email" if given else "/me?done=no-email")


async def passphrase_page(visit: Visit) -> Response:
    return _passphrase(visit)


async def change_passphrase(visit: Visit) -> Response:
    """The same keys under another lock. Guessing at the old one here is slowed as at the door."""
    console, form, member = visit.console, visit.form, visit.member
    found = await signing.unlock(console, member.name, form.get("old", ""))
    if isinstance(found, Refused):
        return _passphrase(visit, worded(found), found)
    row, private = found
    new = form.get("passphrase", "")
    if fault := await new_fault(console, member.name, new, form.get("again", "")):
        return _passphrase(visit, fault)
    locked = await console.unlocking.work(staff.lock_again, row.id, new, private)
    now = console.clock.now()
    if not await console.own_keys.change_passphrase(row.id, row.public_key, locked, now):
        return _passphrase(visit, REPLACED)
    response = go("/me?done=passphrase")
    end_others(visit, response)
    return response


def end_others(visit: Visit, response: Response) -> None:
    """Sign this member out everywhere else; here they go on under a new token, which `response`
    brings, so that whoever copied the old one is out as well."""
    console, member = visit.console, visit.member
    token = visit.request.cookies.get(console.session_cookie, "")
    console.sessions.end_all_of(member.id, except_token=token)
    console.halfway.end_all_of(member.id)
    new = console.sessions.renew(token)
    signing.set_cookie(console, response, console.session_cookie, new)


def owner(visit: Visit) -> Owner:
    return Owner(visit.member.id, visit.session.private)


def _passphrase(visit: Visit, problem: str = "", refused: Refused | None = None) -> Response:
    status = refused.status if refused else (422 if problem else 200)
    page = visit.page("passphrase.html", status, problem=problem)
    if refused and refused.wait:
        page.headers["retry-after"] = str(refused.wait)
    return page


def worded(refused: Refused) -> str:
    if refused.status == 429:
        return f"Too many tries. Wait {refused.wait} seconds, then try again."
    return BUSY if refused.status == 503 else WRONG


async def _me(
    visit: Visit, status: int = 200, *, code: str = "", email: str = "", problem: str = ""
) -> Response:
    console = visit.console
    house = console.desk.house
    memberships = [
        (
            house.organisation if one.role in ORGANISATION_ROLES else house.team_name(one.team),
            phrases.ROLES[one.role],
        )
        for one in visit.member.memberships
    ]
    try:
        left, damaged = await console.own_keys.codes_left(owner(visit)), False
    except DamagedRow:
        left, damaged = None, True
    return visit.page(
        "me.html",
        status,
        memberships=memberships,
        code=code,
        email=email or await console.own_keys.email(visit.member.id),
        problem=problem,
        codes_left=left,
        damaged=damaged,
        done=DONE.get(visit.request.query_params.get("done", ""), ""),
    )
