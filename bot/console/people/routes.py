"""A member's own page."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.context import Console
from bot.console.people import pages
from bot.console.wiring import posted, shown


def routes(console: Console) -> list[Route]:
    return [
        shown(console, "/me", pages.my_page),
        posted(console, "/me/link", pages.link_telegram),
    ]
