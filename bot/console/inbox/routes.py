"""The lists."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.context import Console
from bot.console.inbox import pages
from bot.console.wiring import shown


def routes(console: Console) -> list[Route]:
    return [shown(console, "/concerns", pages.list_page)]
