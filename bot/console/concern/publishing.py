"""You said, we did: writing a public line from an outcome, looking at it, and publishing it."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Action, may
from bot.casework.answer import Problem
from bot.casework.model import NotAllowed
from bot.casework.published import LONGEST, Line, publishable
from bot.console.concern.pages import readable, refusal_of, show_concern
from bot.console.gate import Visit, go
from bot.desk.desk import OpenedConcern
from bot.desk.publishing import Judged, Publishing

CONFIRM: Final = "Nobody can be recognised from these lines: not the person, not anybody else."
CONFIRM_WHY: Final = "Say that nobody can be recognised from these lines, or change them."


async def form(visit: Visit) -> Response:
    return _form(visit, await _opened(visit), Line("", ""))


async def posted(visit: Visit) -> Response:
    """Look at it first; publish only what was looked at and confirmed."""
    opened, given = await _opened(visit), visit.form
    line = Line(given.get("said", ""), given.get("did", "")).tidy
    publishing, do = Publishing(visit.console.desk), given.get("do", "preview")
    if do == "edit":
        return _form(visit, opened, line)
    judged = await publishing.judge(opened, line)
    if judged.problems:
        return _form(visit, opened, line, list(judged.problems))
    if do != "publish":
        return _preview(visit, opened, line, judged)
    if given.get("apart") != "yes":
        return _preview(visit, opened, line, judged, CONFIRM_WHY)
    try:
        await publishing.publish(visit.member, visit.reference, line)
    except NotAllowed as refused:
        return await show_concern(visit, 409, refusal=refusal_of(refused))
    return go(f"/concerns/{visit.reference}?done=published")


async def _opened(visit: Visit) -> OpenedConcern:
    """Open the concern for somebody who may publish from it, or refuse."""
    concern = await readable(visit)
    if not may(visit.member, concern.team, Action.PUBLISH):
        raise HTTPException(403)
    if not publishable(concern):
        raise HTTPException(404)
    opened = await visit.console.desk.open(visit.member, visit.session.private, visit.reference)
    if opened is None:
        raise HTTPException(404)
    return opened


def _form(
    visit: Visit, opened: OpenedConcern, line: Line, problems: list[Problem] | None = None
) -> Response:
    found = problems or []
    whys = {"said": "", "did": ""}
    for one in found:
        whys[one.field] = f"{whys[one.field]} {one.text}".lstrip()
    return visit.page(
        "publish.html",
        422 if found else 200,
        reference=opened.concern.reference,
        some_excluded=opened.some_excluded,
        line=line,
        longest=LONGEST,
        problems=found,
        whys=whys,
    )


def _preview(
    visit: Visit, opened: OpenedConcern, line: Line, judged: Judged, why: str = ""
) -> Response:
    return visit.page(
        "publish_preview.html",
        422 if why else 200,
        reference=opened.concern.reference,
        some_excluded=opened.some_excluded,
        place=visit.console.desk.house.team_name(opened.concern.team),
        line=line,
        copied=judged.copied,
        findings=judged.findings,
        confirm=CONFIRM,
        why=why,
    )
