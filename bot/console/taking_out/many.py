"""Taking many concerns out: which, how many that is, what for; then the file, as it is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, time, timedelta
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from bot.casework.model import NotAllowed, State
from bot.casework.taking_out import REASONS, SHAPES, Shape
from bot.console import phrases
from bot.console.gate import Visit
from bot.console.inbox.filters import day_of
from bot.console.taking_out.asking import asked, headers
from bot.desk.export_tables import Writer
from bot.desk.exporting import Asked, Cut, Exporting
from config import lfpse

MANY: Final[Mapping[Shape, str]] = {
    shape: words for shape, words in SHAPES.items() if shape is not Shape.PDF
}
CHOSEN: Final = ("team", "state", "since", "until")


async def form(visit: Visit) -> Response:
    return _page(visit, await _ids(visit, visit.request.query_params), visit.request.query_params)


async def take(visit: Visit) -> Response:
    """Written as it is sent, so that neither memory nor patience runs out."""
    ids = await _ids(visit, visit.form)
    wanted = asked(visit, MANY)
    if isinstance(wanted, str):
        return _page(visit, ids, visit.form, wanted)
    name = f"concerns-{visit.console.clock.now():%Y-%m-%d}"
    return StreamingResponse(_written(visit, ids, wanted), headers=headers(name, wanted.shape))


async def _written(visit: Visit, ids: list[str], wanted: Asked) -> AsyncIterator[bytes]:
    writer = Writer(wanted.shape, lfpse.load())
    exporting = Exporting.of(visit.console.desk)
    yield writer.begin().encode()
    async for some in exporting.many(visit.member, visit.session.private, ids, wanted):
        yield writer.some(some.taken).encode()
    yield writer.end().encode()


async def _ids(visit: Visit, chosen: Mapping[str, str]) -> list[str]:
    try:
        return await Exporting.of(visit.console.desk).ids(visit.member, _cut(visit, chosen))
    except NotAllowed:
        raise HTTPException(403) from None


def _cut(visit: Visit, chosen: Mapping[str, str]) -> Cut:
    """What cannot be understood counts as not chosen; the page says how many come of it."""
    zone = visit.console.settings.timezone

    def begins(name: str, later: int) -> datetime | None:
        day = day_of(chosen.get(name, ""))
        if day is None:
            return None
        return datetime.combine(day + timedelta(days=later), time(), zone)

    team, state = chosen.get("team", ""), chosen.get("state", "")
    return Cut(
        frozenset({team} if team else ()),
        frozenset({state} if state in set(State) else ()),
        begins("since", 0),
        begins("until", 1),
    )


def _page(visit: Visit, ids: list[str], chosen: Mapping[str, str], wrong: str = "") -> Response:
    console = visit.console
    return visit.page(
        "take_out.html",
        422 if wrong else 200,
        reference=None,
        action="/take-out",
        shapes=MANY,
        reasons=REASONS,
        wrong=wrong,
        typed=visit.form,
        count=len(ids),
        kept={name: chosen.get(name, "") for name in CHOSEN},
        teams={team.id: team.name for team in console.settings.teams},
        states=phrases.STATES,
    )
