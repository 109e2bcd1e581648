"""The lists, and the search."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.context import Console
from bot.console.inbox import pages, search
from bot.console.wiring import posted, shown


def routes(console: Console) -> list[Route]:
    return [
        shown(console, "/concerns", pages.list_page),
        shown(console, "/concerns/search", search.search_page),
        posted(console, "/concerns/search", search.search),
    ]
