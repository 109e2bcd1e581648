"""One visit to a form for writing: whose concern it is, as it is now, and how its person reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.casework.access import Action, may
from bot.console import writing
from bot.console.concern import standing
from bot.console.concern.pages import readable
from bot.console.gate import Visit
from bot.desk.desk import OpenedConcern
from bot.desk.speaking import wording_of
from config.wording import Wording


@dataclass(frozen=True, slots=True)
class Desktop:
    """What kind of letter, the concern as it is now, and the words round the letter."""

    visit: Visit
    kind: str
    opened: OpenedConcern
    today: date
    wording: Wording

    @property
    def seen(self) -> str:
        """Changes whenever the concern does: who answers should know what they answer."""
        return f"{self.opened.concern.version}.{len(self.opened.parts)}"

    @property
    def carer(self) -> standing.Carer:
        """Whom it goes to, if not to the person themselves; nobody, if they are forgotten."""
        forgotten = self.opened.concern.forgotten
        return standing.Carer() if forgotten else standing.carer(self.opened.parts)

    @property
    def lead(self) -> str:
        return standing.KEPT_ONLY if self.opened.concern.forgotten else writing.LEADS[self.kind]

    @property
    def limits(self) -> writing.Limits:
        """By the same clocks that casework keeps."""
        house = self.visit.console.desk.house
        waits, promises = house.clocks.longest_wait_days, house.clocks.longest_promise_days
        days = waits if self.kind == "pause" else promises
        return writing.Limits(self.today, timedelta(days), house.calendar.is_working_day)


async def sit_down(visit: Visit) -> Desktop:
    """Open the concern for somebody who may answer it, or refuse."""
    concern = await readable(visit)
    if not may(visit.member, concern.team, Action.ANSWER):
        raise HTTPException(403)
    console = visit.console
    opened = await console.desk.open(visit.member, visit.session.private, visit.reference)
    if opened is None:
        raise HTTPException(404)
    wording = await wording_of(console.desk, concern.id)
    return Desktop(visit, kind_of(visit.request), opened, today_of(visit, concern.team), wording)


def today_of(visit: Visit, team: str) -> date:
    return visit.console.clock.now().astimezone(visit.console.zone(team)).date()


def kind_of(request: Request) -> str:
    """Which form it is, by its address: `/concerns/REF/answer`, `/concerns/REF/answer/check`."""
    return request.url.path.removesuffix("/check").rpartition("/")[2]
