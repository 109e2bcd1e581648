"""The forms that link two concerns, and that have the person asked whether they are one matter."""

from __future__ import annotations

import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Action
from bot.casework.model import NotAllowed
from bot.console.concern.noting import for_whom_may
from bot.console.concern.pages import refusal_of, show_concern
from bot.console.gate import Visit, go
from bot.desk import linking

DOES: Final = {
    "relate": (linking.relate, "linked"),
    "unrelate": (linking.unrelate, "unlinked"),
    "ask": (linking.ask_whether_one, "asked-whether-one"),
}


async def link_posted(visit: Visit) -> Response:
    await for_whom_may(visit, Action.LINK)
    does = DOES.get(visit.form.get("do", ""))
    if does is None:
        raise HTTPException(400)
    act, done = does
    try:
        other = as_reference(visit.form.get("other", ""))
        await act(visit.console.desk, visit.member, visit.reference, other)
    except NotAllowed as refused:
        return await show_concern(visit, 409, refusal=refusal_of(refused))
    return go(f"/concerns/{visit.reference}?done={done}")


def as_reference(typed: str) -> str:
    """As references are written, however this one was copied."""
    return re.sub(r"\s+", "", typed).upper()
