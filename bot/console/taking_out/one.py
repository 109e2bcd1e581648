"""Taking one concern out: a form that asks what for, then the file."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.model import NotAllowed
from bot.casework.taking_out import REASONS, SHAPES, Shape
from bot.console.gate import Visit
from bot.console.taking_out.asking import asked, headers
from bot.desk.export_entry import Taken
from bot.desk.export_tables import Writer
from bot.desk.exporting import Asked, Exporting
from config import lfpse
from storage.concerns import ConcernRow

PAPER: Final = "bot.desk.export_paper"  # loads what draws, which nothing else in a start needs


async def form(visit: Visit) -> Response:
    row = await _row(visit)
    return _page(visit, row)


async def take(visit: Visit) -> Response:
    row = await _row(visit)
    wanted = asked(visit, SHAPES)
    if isinstance(wanted, str):
        return _page(visit, row, wanted)
    exporting = Exporting.of(visit.console.desk)
    taken = await exporting.one(visit.member, visit.session.private, visit.reference, wanted)
    if taken is None:
        raise HTTPException(404)
    return Response(await _file(visit, taken, wanted), headers=headers(row.reference, wanted.shape))


async def _row(visit: Visit) -> ConcernRow:
    try:
        row = await Exporting.of(visit.console.desk).may_take(visit.member, visit.reference)
    except NotAllowed:
        raise HTTPException(403) from None
    if row is None:
        raise HTTPException(404)
    return row


async def _file(visit: Visit, taken: Taken, wanted: Asked) -> bytes:
    console = visit.console
    if wanted.shape is not Shape.PDF:
        writer = Writer(wanted.shape, lfpse.load())
        return (writer.begin() + writer.some([taken]) + writer.end()).encode()
    draw = import_module(PAPER).paper
    zone, made = console.zone(taken.row.team), console.clock.now()
    organisation, reason = console.settings.organisation, REASONS[wanted.reason]
    paper: bytes = await asyncio.to_thread(draw, taken, organisation, zone, made, reason)
    return paper


def _page(visit: Visit, row: ConcernRow, wrong: str = "") -> Response:
    return visit.page(
        "take_out.html",
        422 if wrong else 200,
        reference=row.reference,
        action=f"/concerns/{row.reference}/take-out",
        shapes=SHAPES,
        reasons=REASONS,
        wrong=wrong,
        typed=visit.form,
        count=None,
        kept={},
    )
