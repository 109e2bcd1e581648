"""What was published for everybody: the lines, and taking one back."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.model import NotAllowed
from bot.console import phrases
from bot.console.gate import Visit, go
from bot.desk.publishing import Publishing, may_withdraw
from storage.published import EVERYWHERE

DONE = {"withdrawn": "The line is withdrawn. The bot and new posters do not show it any more."}


async def changes_page(visit: Visit) -> Response:
    console = visit.console
    house, lines = console.desk.house, await Publishing(console.desk).lines()
    shown = [
        {
            "id": line.id,
            "team": house.organisation if line.team == EVERYWHERE else house.team_name(line.team),
            "on": phrases.day_and_year(line.at.astimezone(console.zone(line.team)).date()),
            "said": line.said,
            "did": line.did,
            "withdrawn": line.withdrawn_at is not None,
            "mine": may_withdraw(visit.member, line),
        }
        for line in lines
    ]
    done = DONE.get(visit.request.query_params.get("done", ""), "")
    return visit.page("changes.html", lines=shown, done=done)


async def withdraw(visit: Visit) -> Response:
    line_id = str(visit.request.path_params["line"])
    try:
        await Publishing(visit.console.desk).withdraw(visit.member, line_id)
    except NotAllowed as refused:
        raise HTTPException(404 if str(refused) == "no-line" else 403) from None
    return go("/changes?done=withdrawn")
