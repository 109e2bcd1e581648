"""Signing in and out. A wrong name and a wrong passphrase cost the same and get the same answer."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
import unicodedata
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from bot.console.context import Console
from bot.console.forms import Form, read_form, same_token
from bot.console.gate import Visit, go
from bot.desk import coming
from storage import alarms, staff
from storage.sealing import SealError
from storage.staff import StaffRow

log = logging.getLogger(__name__)

EVERYONE: Final = "*"
LONGEST: Final = 1024  # characters of a name or passphrase; more only costs memory
HOME: Final = "/concerns"
NOTICES: Final = {
    "out": "You are signed out.",
    "late": "That took too long. Please start again.",
    "tries": "That was the wrong code too often. Please start again.",
    "joined": "Your passphrase is set. Sign in with your name and your passphrase.",
}
# Where a sign-in may lead: our own pages, whatever the address says.
OURS: Final = re.compile(r"/(concerns(/[A-Za-z0-9-]{1,40}(/answer|/outcome)?)?|me)")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nobody was signed in: 401 wrong, 403 an old page, 429 too often, 503 too busy.
    `wait` is in seconds."""

    status: int
    wait: int = 0
    name: str = ""  # as it was typed, so that it need not be typed again


async def show_sign_in(console: Console, request: Request) -> Response:
    if console.sessions.find(request.cookies.get(console.session_cookie, "")) is not None:
        return go(wanted(request.query_params.get("next", "")))
    return sign_in_page(console, request, request.query_params.get("next", ""))


async def sign_in(console: Console, request: Request) -> Response:
    form = await read_form(request)
    if not knocked(console, request, form):
        return sign_in_page(console, request, form.get("next", ""), Refused(403))
    found = await unlock(console, form.get("name", ""), form.get("passphrase", ""))
    if isinstance(found, Refused):
        found = replace(found, name=form.get("name", "")[:LONGEST])
        return sign_in_page(console, request, form.get("next", ""), found)
    row, private = found
    after = wanted(form.get("next", ""))
    if await console.own_keys.has_factor(row.id):
        console.halfway.end(request.cookies.get(console.halfway_cookie, ""))
        half = console.halfway.begin(row.id, row.public_key, private, after)
        response: Response = go("/sign-in/code")
        set_cookie(console, response, console.halfway_cookie, half)
        return response
    await coming.note(console.store, console.clock, row.id, coming.IN)
    log.info("signed-in", extra={"staff": row.id})
    return enter(console, request, console.sessions.begin(row.id, row.public_key, private), after)


def enter(console: Console, request: Request, token: str, after: str) -> Response:
    """Into the console with a session that has just begun; whatever was there before ends."""
    console.sessions.end(request.cookies.get(console.session_cookie, ""))
    response = go(after)
    set_cookie(console, response, console.session_cookie, token)
    for cookie in (console.door_cookie, console.halfway_cookie):
        drop_cookie(console, response, cookie)
    return response


async def sign_out(visit: Visit) -> Response:
    console = visit.console
    console.sessions.end(visit.request.cookies.get(console.session_cookie, ""))
    await coming.note(console.store, console.clock, visit.member.id, coming.OUT)
    response = go("/sign-in?signed=out")
    drop_cookie(console, response, console.session_cookie)
    return response


def sign_in_page(
    console: Console, request: Request, after: str, refused: Refused | None = None, saved: str = ""
) -> Response:
    """The sign-in form. `saved` says what was kept of a form that came after the session ended."""
    response = at_door(
        console,
        request,
        "sign_in.html",
        refused.status if refused else 200,
        after=wanted(after),
        refused=refused,
        notice=saved or NOTICES.get(request.query_params.get("signed", ""), ""),
    )
    if refused and refused.wait:
        response.headers["retry-after"] = str(refused.wait)
    return response


def at_door(
    console: Console, request: Request, template: str, status: int = 200, /, **context: object
) -> Response:
    """A page with a form for somebody who is not signed in. Its token fits their cookie alone."""
    door = request.cookies.get(console.door_cookie) or secrets.token_urlsafe(32)
    response = console.render(template, status, csrf=door_token(console, door), **context)
    set_cookie(console, response, console.door_cookie, door)
    return response


def knocked(console: Console, request: Request, form: Form) -> bool:
    """Whether a form was given out by `at_door` to this browser."""
    door = request.cookies.get(console.door_cookie, "")
    return bool(door) and same_token(form.get("csrf", ""), door_token(console, door))


def wanted(path: str) -> str:
    """A page of ours to go to after signing in; the list for anything else."""
    return path if OURS.fullmatch(path) else HOME


def door_token(console: Console, door: str) -> str:
    """The form's token before there is a session: only this process can make it, and only for the
    browser that holds the cookie."""
    return hmac.new(console.door_key, door.encode(), hashlib.sha256).hexdigest()


def set_cookie(console: Console, response: Response, name: str, value: str) -> None:
    """SameSite is Lax, not Strict: the digest's Open button is a link from Telegram, and a Strict
    cookie would not come with it, so staff would sign in again at each tap. Nothing but a POST
    with the session's own token changes anything, and Lax sends no cookie with a foreign POST."""
    response.set_cookie(name, value, path="/", secure=console.https, httponly=True, samesite="lax")


def drop_cookie(console: Console, response: Response, name: str) -> None:
    response.delete_cookie(name, secure=console.https, httponly=True, samesite="lax")


async def unlock(console: Console, name: str, passphrase: str) -> tuple[StaffRow, bytes] | Refused:
    """Who this is and their private key. The throttles count the try before the slow work."""
    key = _name_key(name)
    wait = max(console.names.wait(key), console.everyone.wait(EVERYONE))
    if wait > 0:
        return Refused(429, ceil(wait))
    if console.unlocking.full:
        return Refused(503)
    console.names.attempt(key)
    console.everyone.attempt(EVERYONE)
    found = await _try(console, name[:LONGEST], passphrase[:LONGEST])
    if found is None:
        log.info("sign-in-refused")
        return Refused(401)
    console.names.forgive(key, all_of_it=True)
    console.everyone.forgive(EVERYONE, all_of_it=False)
    return found


async def _try(console: Console, name: str, passphrase: str) -> tuple[StaffRow, bytes] | None:
    async with console.store.read() as conn:
        row = await staff.by_name(conn, console.keys, name)
        # For a name that nobody has, somebody else's lock is tried and the result thrown away, so
        # that the answer takes as long. It is read each time, for the same reason.
        others = [one for one in await staff.everyone(conn, console.keys) if one.private_locked]
    known = row is not None and row.active
    # Who was invited and has not come has no lock yet: that must not be told by the time either.
    lock = row if row and row.private_locked else next(iter(others), None)
    if lock is None:
        return None
    try:
        private = await console.unlocking.run(lock, passphrase)
    except SealError:
        log.error("staff-key-damaged", extra={"staff": lock.id})
        async with console.store.write() as conn:
            now, kind = console.clock.now(), "staff-key-damaged"
            await alarms.sound_once(conn, secrets.token_hex(16), now, kind, lock.id)
        return None
    async with console.store.read() as conn:
        fresh = await staff.by_id(conn, console.keys, lock.id)
    # The passphrase may have been changed while this one was tried.
    same = fresh is not None and fresh.active and fresh.private_locked == lock.private_locked
    return (row, private) if known and same and row is not None and private is not None else None


def _name_key(name: str) -> str:
    """Names count as one however they are written; a hash, because this stays in memory."""
    folded = " ".join(unicodedata.normalize("NFKC", name[:LONGEST]).casefold().split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()
