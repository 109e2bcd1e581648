"""The forms for what only colleagues see: a note, and what is noted in set words."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework import marks
from bot.casework.access import Action, may
from bot.casework.model import Concern, NotAllowed
from bot.console.concern.pages import readable, refusal_of, show_concern
from bot.console.gate import Visit, go
from bot.desk import noting

NOTHING_WRITTEN: Final = "Write a note first."
SEE_BELOW: Final = "Something is missing. It is shown at the form below, with what you wrote."


async def note_posted(visit: Visit) -> Response:
    await for_whom_may(visit, Action.NOTE)
    words = visit.form.get("note", "").strip()[: marks.LONGEST]
    if not words:
        return await show_concern(visit, 422, refusal=NOTHING_WRITTEN)
    return await _kept(visit, marks.NOTE, words.encode())


async def mark_posted(visit: Visit) -> Response:
    """A mark, or where it was sent on to. What was written is shown again when something is
    missing."""
    concern = await for_whom_may(visit, Action.MARK)
    mark = marks.EVERY.get(str(visit.request.path_params["kind"]))
    if mark is None:
        raise HTTPException(404)
    console = visit.console
    today = console.clock.now().astimezone(console.zone(concern.team)).date()
    said = marks.taken(mark, visit.form)
    if marks.problems(mark, said, today):
        return await show_concern(visit, 422, refusal=SEE_BELOW)
    return await _kept(visit, mark.kind, marks.packed(said))


async def for_whom_may(visit: Visit, action: Action) -> Concern:
    """The concern of this page, or a refusal: 404 for whom it does not exist, 403 for whom their
    role does not let."""
    concern = await readable(visit)
    if not may(visit.member, concern.team, action):
        raise HTTPException(403)
    return concern


async def _kept(visit: Visit, kind: str, words: bytes) -> Response:
    try:
        await noting.write(visit.console.desk, visit.member, visit.reference, kind, words)
    except NotAllowed as refused:
        return await show_concern(visit, 409, refusal=refusal_of(refused))
    return go(f"/concerns/{visit.reference}?done=noted")
