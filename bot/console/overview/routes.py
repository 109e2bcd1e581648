"""What is seen of many concerns at once."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.context import Console
from bot.console.overview import audit, changes, measures, themes
from bot.console.wiring import posted, shown


def routes(console: Console) -> list[Route]:
    return [
        shown(console, "/audit", audit.audit_page),
        shown(console, "/themes", themes.themes_page),
        shown(console, "/measures", measures.measures_page),
        shown(console, "/measures.csv", measures.measures_file),
        shown(console, "/changes", changes.changes_page),
        posted(console, "/changes/{line}/withdraw", changes.withdraw),
    ]
