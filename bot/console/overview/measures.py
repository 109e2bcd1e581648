"""How well people are heard, of the concerns that whoever looks may read: a page, and a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Duty, may_do
from bot.console import phrases
from bot.console.gate import Visit
from bot.console.overview.figures import Table, tables
from bot.desk.export_tables import cell
from bot.desk.measuring import Measuring

PERIODS: Final = (30, 90, 365)  # days
USUAL: Final = 90


async def measures_page(visit: Visit) -> Response:
    days = _period(visit)
    found = await _tables(visit, days)
    since = visit.console.clock.now() - timedelta(days=days)
    return visit.page(
        "measures.html",
        tables=found,
        days=days,
        periods=PERIODS,
        since=phrases.day_and_year(since.astimezone(visit.console.settings.timezone).date()),
    )


async def measures_file(visit: Visit) -> Response:
    """The numbers of the page, made safe in the same way."""
    days = _period(visit)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["days", "measure", "row", "figure", "value"])
    for table in await _tables(visit, days):
        for row in table.rows:
            for name, value in zip(table.columns, row.cells, strict=True):
                rows.writerow([days, *(cell(one) for one in (table.title, row.name, name, value))])
    headers = {
        "content-disposition": f'attachment; filename="measures-{days}-days.csv"',
        "cache-control": "no-store",
    }
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


async def _tables(visit: Visit, days: int) -> list[Table]:
    if not may_do(visit.member, Duty.SEE_MEASURES):
        raise HTTPException(403)
    console = visit.console
    house = console.desk.house
    found = await Measuring(console.desk).measure(visit.member, days)
    return tables(found, house.team_name, house.clocks)


def _period(visit: Visit) -> int:
    """What is not one of ours counts as not chosen."""
    given = visit.request.query_params.get("days", "")
    return next((days for days in PERIODS if str(days) == given), USUAL)
