"""The page with the phones: its files, its clock and its links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.sandbox.clock import ClockControls, Step, real_now
from bot.sandbox.people_api import answering, read_object
from bot.sandbox.refusals import NotPossibleError

Json = dict[str, Any]

FOLDER = Path(__file__).with_name("static")
LONDON = ZoneInfo("Europe/London")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A place that the page points to; ``hint`` says what it is for, or how to sign in."""

    label: str
    url: str
    hint: str = ""


class Page:
    """The page's routes."""

    def __init__(self, clock: ClockControls | None, links: Sequence[Link]) -> None:
        self._clock = clock
        self._links = links

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [
            Route("/", self.file, methods=["GET"]),
            Route("/static/{name}", self.file, methods=["GET"]),
            Route("/page", answering(self.about), methods=["GET"]),
            Route("/clock/advance", answering(self.advance), methods=["POST"]),
        ]

    async def file(self, request: Request) -> Response:
        """One of the page's files; only what lies in its folder can be named."""
        name = request.path_params.get("name", "index.html")
        if name not in {path.name for path in FOLDER.iterdir()}:
            return Response(status_code=404)
        headers = {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        return FileResponse(FOLDER / name, headers=headers)

    async def about(self, _request: Request) -> Json:
        """The time in words, whether it can be moved, and the links."""
        now = (real_now() if self._clock is None else self._clock.now()).astimezone(LONDON)
        return {
            "movable": self._clock is not None,
            "now": now.isoformat(),
            "words": f"{now:%A} {now.day} {now:%B} {now.year}, {now:%H:%M}",
            "links": [asdict(link) for link in self._links],
        }

    async def advance(self, request: Request) -> Json:
        """Move the clock by ``{"step": "hour" | "day" | "next"}`` and say what happened."""
        step = (await read_object(request))["step"]
        if self._clock is None or step not in get_args(Step):
            raise NotPossibleError("this clock cannot be moved so")
        return {"said": await self._clock.advance(step)}
