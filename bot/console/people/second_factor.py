"""Setting up the phone whose codes are asked for at sign-in, its recovery codes, and another phone.

What is shown once stands in the answer to a form, so that no address leads back to it.
"""

from __future__ import annotations

import io
import logging
from math import ceil

import segno
from markupsafe import Markup
from starlette.responses import Response

from bot.console.gate import SET_UP, Visit, go
from bot.console.people.own import end_others, owner
from bot.desk.own_keys import Took
from storage import one_time_codes

log = logging.getLogger(__name__)

LONGEST = 64
WRONG = "That code is wrong, too old, or was used before. Wait for the next one and try again."


async def page(visit: Visit) -> Response:
    return await _page(visit)


async def set_up(visit: Visit) -> Response:
    """A right code shows that the phone has the secret; only then it is asked for from now on."""
    console, session = visit.console, visit.session
    if not session.offered:
        return await _page(visit)
    codes = await console.own_keys.set_up(
        owner(visit),
        session.offered,
        visit.form.get("code", "")[:LONGEST],
        console.seconds(),
        console.clock.now(),
    )
    if codes is None:
        return await _page(visit, 422, WRONG)
    session.offered = b""
    session.has_factor = True
    log.info("second-factor-set", extra={"staff": visit.member.id})
    response = visit.page("recovery_codes.html", codes=codes, first=True)
    end_others(visit, response)
    return response


async def new_codes(visit: Visit) -> Response:
    refusal = await _refusal(visit)
    if refusal is not None:
        return refusal
    codes = await visit.console.own_keys.new_codes(owner(visit), visit.console.clock.now())
    if codes is None:
        return go(SET_UP)
    return visit.page("recovery_codes.html", codes=codes, first=False)


async def give_up(visit: Visit) -> Response:
    """Take the phone off: to set up another one, or, where it is left to them, for good."""
    refusal = await _refusal(visit)
    if refusal is not None:
        return refusal
    await visit.console.own_keys.give_up(visit.member.id, visit.console.clock.now())
    visit.session.has_factor = False
    log.info("second-factor-removed", extra={"staff": visit.member.id})
    return go(SET_UP if visit.console.insists else "/me?done=phone-off")


async def _refusal(visit: Visit) -> Response | None:
    """A session that was left open must not be enough: each of these asks for a code."""
    console, member = visit.console, visit.member
    wait = ceil(console.codes.wait(member.id))
    if wait > 0:
        problem = f"Too many tries. Wait {wait} seconds, then try again."
        return await _page(visit, 429, problem)
    console.codes.attempt(member.id)
    code = visit.form.get("code", "")[:LONGEST]
    took = await console.own_keys.take_code(
        owner(visit), code, console.seconds(), console.clock.now()
    )
    if took is Took.REFUSED:
        log.warning("second-factor-refused", extra={"staff": member.id})
        return await _page(visit, 422, WRONG)
    console.codes.forgive(member.id, all_of_it=True)
    return go(SET_UP) if took is Took.NO_FACTOR else None


async def _page(visit: Visit, status: int = 200, problem: str = "") -> Response:
    console, session = visit.console, visit.session
    left = await console.own_keys.codes_left(owner(visit))
    session.has_factor = left is not None
    if left is not None:
        return visit.page("second_factor.html", status, problem=problem, codes_left=left)
    # The same secret until a phone has it, or whoever reloads the page scans a picture in vain.
    session.offered = session.offered or one_time_codes.new_secret()
    return visit.page(
        "second_factor_set_up.html",
        status,
        problem=problem,
        picture=_picture(visit),
        secret=one_time_codes.spelled_out(session.offered),
    )


def _picture(visit: Visit) -> Markup:
    """The secret as a QR code, drawn with attributes alone: no style is allowed in a page."""
    issuer = f"Heard {visit.console.settings.organisation}"
    said = one_time_codes.address(visit.session.offered, visit.member.name, issuer)
    drawn = io.BytesIO()
    segno.make_qr(said, error="m").save(
        drawn,
        kind="svg",
        scale=5,
        light="#ffffff",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        title="A picture for the app on your phone",
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - made by the library from squares
