"""The second page of signing in: a code of the phone, or a recovery code. It is asked for only
after the right passphrase, so that nobody else learns whether there is a second factor."""

from __future__ import annotations

import logging
import secrets
from math import ceil

from starlette.requests import Request
from starlette.responses import Response

from bot.console.context import Console
from bot.console.door.signing import door_token, drop_cookie, enter
from bot.console.forms import read_form, same_token
from bot.console.gate import go
from bot.console.halfway import Half
from bot.desk import coming
from bot.desk.own_keys import Owner, Took
from storage import alarms
from storage.errors import DamagedRow

log = logging.getLogger(__name__)

LONGEST = 64


async def show_code(console: Console, request: Request) -> Response:
    token = request.cookies.get(console.halfway_cookie, "")
    if console.halfway.find(token) is None:
        return _back(console, "late")
    return _page(console, request, token)


async def give_code(console: Console, request: Request) -> Response:
    form = await read_form(request)
    token = request.cookies.get(console.halfway_cookie, "")
    half = console.halfway.find(token)
    if half is None:
        return _back(console, "late")
    if not same_token(form.get("csrf", ""), door_token(console, token)):
        return _page(console, request, token, 403)
    wait = ceil(console.codes.wait(half.staff_id))
    if wait > 0:
        return _page(console, request, token, 429, wait)
    half.tries -= 1  # before anything is awaited, so that many at once gain nothing
    console.codes.attempt(half.staff_id)
    took = await _take(console, half, form.get("code", "")[:LONGEST])
    if took is not Took.REFUSED:
        await coming.note(console.store, console.clock, half.staff_id, coming.IN)
        return _enter(console, request, token, half, took)
    log.warning("second-factor-refused", extra={"staff": half.staff_id})
    if half.tries > 0:
        return _page(console, request, token, 401)
    console.halfway.end(token)
    return _back(console, "tries")


def _enter(console: Console, request: Request, token: str, half: Half, took: Took) -> Response:
    console.codes.forgive(half.staff_id, all_of_it=True)
    live = console.halfway.find(token) is half
    private = half.private
    console.halfway.end(token)
    if took is Took.NO_FACTOR or not live:
        return _back(console, "late")
    log.info("signed-in", extra={"staff": half.staff_id, "kind": took})
    session = console.sessions.begin(half.staff_id, half.public_key, private, has_factor=True)
    return enter(console, request, session, half.after)


async def _take(console: Console, half: Half, code: str) -> Took:
    owner, now = Owner(half.staff_id, half.private), console.clock.now()
    try:
        return await console.own_keys.take_code(owner, code, console.seconds(), now)
    except DamagedRow:
        log.error("second-factor-damaged", extra={"staff": half.staff_id})
        async with console.store.write() as conn:
            kind = "second-factor-damaged"
            await alarms.sound_once(conn, secrets.token_hex(16), now, kind, half.staff_id)
        raise


def _page(
    console: Console, request: Request, token: str, status: int = 200, wait: int = 0
) -> Response:
    response = console.render(
        "code.html",
        status,
        csrf=door_token(console, token),
        status=status,
        wait=wait,
        paper=request.query_params.get("paper") == "1",
    )
    if wait:
        response.headers["retry-after"] = str(wait)
    return response


def _back(console: Console, why: str) -> Response:
    response = go(f"/sign-in?signed={why}")
    drop_cookie(console, response, console.halfway_cookie)
    return response
