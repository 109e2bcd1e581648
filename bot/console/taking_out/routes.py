"""Taking concerns out of Heard, one or many."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.context import Console
from bot.console.taking_out import many, one
from bot.console.wiring import ONE, posted, shown


def routes(console: Console) -> list[Route]:
    return [
        shown(console, f"{ONE}/take-out", one.form),
        posted(console, f"{ONE}/take-out", one.take),
        shown(console, "/take-out", many.form),
        posted(console, "/take-out", many.take),
    ]
