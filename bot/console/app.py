"""The console as one list of routes and one of middleware: what staff can reach is all here."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.console.concern.routes import routes as concern_routes
from bot.console.context import Console
from bot.console.door.routes import routes as door_routes
from bot.console.gate import go
from bot.console.halfway import Halfway
from bot.console.inbox.routes import routes as inbox_routes
from bot.console.letters.routes import routes as letters_routes
from bot.console.overview.routes import routes as overview_routes
from bot.console.people.routes import routes as people_routes
from bot.console.protection import SCRIPT, Protection
from bot.console.sessions import Sessions
from bot.console.taking_out.routes import routes as taking_out_routes
from bot.console.throttle import OVERALL, PER_CODE, PER_NAME, Throttle
from bot.console.unlocking import Unlocking
from bot.console.wiring import unsigned
from bot.desk.desk import Desk
from config.settings import Settings
from storage import concerns, staff
from storage.engine import Store
from storage.errors import DamagedRow, StorageError
from storage.secrets import Secrets

HERE: Final = Path(__file__).parent
ERRORS: Final = {
    400: ("That did not work", "The request could not be read. Nothing was changed."),
    403: ("You cannot do that", "Nothing was changed. If it was a form, open it again."),
    404: ("Not found", "There is nothing here that you can read."),
    413: ("Too long", "That was too long. Nothing was changed."),
    409: ("This cannot be opened", "Its key is damaged. Please tell whoever runs Heard."),
    503: ("Not just now", "Nothing could be saved just now. Nothing was sent. Please try again."),
    500: ("Something went wrong", "It is our fault. Nothing was sent. Please try again."),
}


# Every area of the console names its own pages.
AREAS: Final[tuple[Callable[[Console], list[Route]], ...]] = (
    door_routes,
    inbox_routes,
    concern_routes,
    letters_routes,
    people_routes,
    overview_routes,
    taking_out_routes,
)


class ConsoleError(ValueError):
    """The console's address is not safe to use: the operator must change `console_url`."""


def console_app(
    desk: Desk, store: Store, keys: Secrets, settings: Settings, clock: Clock
) -> Starlette:
    """The console, with real time for sessions and sign-in delays.

    Raises ConsoleError for an address without https that is not this machine.
    """
    return application(build_console(desk, store, keys, settings, clock))


def build_console(
    desk: Desk, store: Store, keys: Secrets, settings: Settings, clock: Clock
) -> Console:
    """The working parts, on their own so that a test can put its own clock or lock into them."""
    return Console(
        desk=desk,
        store=store,
        keys=keys,
        settings=settings,
        clock=clock,
        sessions=Sessions(time.monotonic, _later),
        halfway=Halfway(time.monotonic, _later),
        names=Throttle(PER_NAME, time.monotonic),
        codes=Throttle(PER_CODE, time.monotonic),
        everyone=Throttle(OVERALL, time.monotonic),
        door_key=secrets.token_bytes(32),
        unlocking=Unlocking(staff.unlock),
        templates=Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        ),
    )


def application(console: Console) -> Starlette:
    """Routes and middleware round the parts. `state.console` is for whoever wires the process."""
    hosts = frozenset({_address(console.settings.console_url)})
    failed = _error_page(console, 500)

    async def refused(_request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            status = error.status_code
        else:
            status = 409 if isinstance(error, DamagedRow) else 503
        return _error_page(console, status)

    app = Starlette(
        routes=routes(console),
        middleware=[
            Middleware(Protection, hosts=hosts, https=console.https, failed=failed),
        ],
        exception_handlers={HTTPException: refused, StorageError: refused},
    )
    # Or an address with a stroke too many is answered with one made of what the browser sent.
    app.router.redirect_slashes = False
    app.state.console = console
    return app


def routes(console: Console) -> list[BaseRoute]:
    return [
        unsigned(console, "/", _home),
        unsigned(console, "/health", _health),
        Route("/console.css", _file("console.css", "text/css")),
        Route(SCRIPT, _file("console.js", "text/javascript")),
        Route("/icon.svg", _file("icon.svg", "image/svg+xml")),
        *(route for area in AREAS for route in area(console)),
    ]


async def _home(_console: Console, _request: Request) -> Response:
    return go("/concerns")


async def _health(console: Console, _request: Request) -> Response:
    """For probes: whether the database answers, and not a word more."""
    try:
        async with console.store.read() as conn:
            await concerns.next_due(conn)
    except StorageError:
        return PlainTextResponse("not ok", 503)
    return PlainTextResponse("ok")


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    """A file of ours, read once. It holds nobody's words, so browsers may keep it for an hour."""
    content = (HERE / "static" / name).read_bytes()

    async def endpoint(_request: Request) -> Response:
        return Response(content, headers={"cache-control": "max-age=3600"}, media_type=kind)

    return endpoint


def _error_page(console: Console, status: int) -> Response:
    heading, text = ERRORS.get(status, ERRORS[400])
    return console.render("error.html", status, heading=heading, text=text)


def _address(url: str) -> str:
    """What browsers send as Host. Without https the session would travel in the clear, so that is
    for this machine alone."""
    parts = urlsplit(url)
    here = parts.scheme == "http" and _is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not here:
        raise ConsoleError("console_url must start with https:// unless it is this machine")
    default = {"https": 443, "http": 80}.get(parts.scheme)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, default) else f"{host}:{parts.port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _later(seconds: float, call: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, call)
