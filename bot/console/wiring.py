"""How an area of the console names its pages; `app.py` gathers the areas."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.context import Console
from bot.console.gate import Page, signed_in

ONE = "/concerns/{reference}"  # the page of one concern, and what every path under it starts with


def shown(console: Console, path: str, page: Page) -> Route:
    """A page for somebody who is signed in."""
    return Route(path, signed_in(console, page))


def posted(console: Console, path: str, page: Page) -> Route:
    """What a form of theirs posts to."""
    return Route(path, signed_in(console, page), methods=["POST"])


def unsigned(
    console: Console,
    path: str,
    page: Callable[[Console, Request], Awaitable[Response]],
    method: str = "GET",
) -> Route:
    """A page for anybody."""

    async def endpoint(request: Request) -> Response:
        return await page(console, request)

    return Route(path, endpoint, methods=[method])
