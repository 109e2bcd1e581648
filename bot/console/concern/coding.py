"""What a concern is about, as staff say it: the handler of its form."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Action, may
from bot.casework.model import NotAllowed
from bot.console.concern.pages import readable, refusal_of, show_concern
from bot.console.gate import Visit, go
from bot.desk.themes import Coding

FIELD: Final = "theme-"


async def code(visit: Visit) -> Response:
    concern, desk = await readable(visit), visit.console.desk
    if not may(visit.member, concern.team, Action.CODE):
        raise HTTPException(403)
    ids = {name.removeprefix(FIELD) for name in visit.form if name.startswith(FIELD)}
    try:
        await Coding(desk, desk.house.themes).code(visit.member, concern.reference, ids)
    except NotAllowed as refused:
        return await show_concern(visit, 409, refusal=refusal_of(refused))
    return go(f"/concerns/{concern.reference}?done=coded")
