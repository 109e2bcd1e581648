"""The two buttons that say whose it is: "I'll take it" and "Needs someone higher"."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Action, may
from bot.casework.model import NotAllowed
from bot.console.concern.pages import readable, refusal_of, show_concern
from bot.console.gate import Visit, go
from bot.desk import taking

# By the last word of the form's address: what its roles must allow, and what does it.
FORMS: Final = {"take": (Action.TAKE, taking.take), "higher": (Action.HIGHER, taking.higher)}


async def whose(visit: Visit) -> Response:
    """Take it or pass it up, and show the page as it is then, which counts as opening it."""
    path = visit.request.url.path.rpartition("/")[2]
    action, do = FORMS[path]
    concern = await readable(visit)
    if not may(visit.member, concern.team, action):
        raise HTTPException(403)
    try:
        after = await do(visit.console.desk, visit.member, concern.reference)
    except NotAllowed as refused:
        return await show_concern(visit, 409, refusal=refusal_of(refused))
    return go(f"/concerns/{after.reference}?done={'untold' if after.forgotten else path}")
