"""The one button that sends somebody a copy of what they sent and were told."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Action, may
from bot.casework.model import NotAllowed
from bot.console.concern.pages import readable, refusal_of, show_concern
from bot.console.gate import Visit, go
from bot.turns.copies import Copies


async def send_copy(visit: Visit) -> Response:
    """Open the concern for the member who pressed it, and send the file behind a neutral notice."""
    concern, desk = await readable(visit), visit.console.desk
    if not may(visit.member, concern.team, Action.ANSWER):
        raise HTTPException(403)
    copies = Copies(desk.store, desk.keys, desk.house, desk.clock, desk.wake)
    try:
        await copies.send(visit.member, visit.session.private, concern.reference)
    except NotAllowed as refused:
        return await show_concern(visit, 409, refusal=refusal_of(refused))
    return go(f"/concerns/{concern.reference}?done=send-copy")
