"""New keys for the member who is signed in: what they can read is sealed to them anew."""

from __future__ import annotations

import logging
from typing import Final

from starlette.responses import Response

from bot.console.door import signing
from bot.console.door.signing import Refused
from bot.console.gate import Visit
from bot.console.people.own import REPLACED, worded
from storage import member_rotation, replacing, staff
from storage.errors import StoreUnavailable
from storage.member_rotation import OwnPair
from storage.sealing import new_key_pair
from storage.staff import StaffKeys

log = logging.getLogger(__name__)

LATER: Final = "That did not work just now. You still have your old keys. Try again later."


async def page(visit: Visit) -> Response:
    return _page(visit)


async def replace(visit: Visit) -> Response:
    """Their passphrase is asked for again, as slowly as at the door."""
    console, member = visit.console, visit.member
    passphrase = visit.form.get("passphrase", "")
    found = await signing.unlock(console, member.name, passphrase)
    if isinstance(found, Refused):
        return _page(visit, worded(found), found)
    row, private = found
    pair = new_key_pair()
    locked = await console.unlocking.work(staff.lock_again, row.id, passphrase, pair.private)
    own, new = OwnPair(row.id, row.public_key, private), StaffKeys(pair.public, locked)
    try:
        done = await member_rotation.replace(console.store, own, new, console.clock.now())
    except StoreUnavailable:
        return _page(visit, LATER, Refused(503))
    except replacing.Busy:  # the keys are replaced; only the last look for wraps could not wait
        log.warning("keys-replaced-late", extra={"staff": row.id})
        done = True
    if not done:
        return _page(visit, REPLACED)
    log.info("keys-replaced", extra={"staff": row.id})
    has_factor = visit.session.has_factor
    console.sessions.end_all_of(row.id)
    console.halfway.end_all_of(row.id)
    token = console.sessions.begin(row.id, new.public, pair.private, has_factor)
    return signing.enter(console, visit.request, token, "/me?done=new-keys")


def _page(visit: Visit, problem: str = "", refused: Refused | None = None) -> Response:
    status = refused.status if refused else (422 if problem else 200)
    response = visit.page("new_keys.html", status, problem=problem)
    if refused and refused.wait:
        response.headers["retry-after"] = str(refused.wait)
    return response
