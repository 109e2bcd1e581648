"""Writing to the person."""

from __future__ import annotations

from starlette.routing import Route

from bot.console import writing
from bot.console.context import Console
from bot.console.gate import signed_in
from bot.console.letters import answers, checking
from bot.console.wiring import ONE, posted, shown


def routes(console: Console) -> list[Route]:
    return [route for kind in writing.HEADINGS for route in _of(console, f"{ONE}/{kind}")]


def _of(console: Console, path: str) -> tuple[Route, Route, Route]:
    kept = signed_in(console, answers.answer_posted, answers.answer_late)
    return (
        shown(console, path, answers.answer_page),
        Route(path, answers.never_lost(console, kept), methods=["POST"]),
        posted(console, f"{path}/check", checking.check),
    )
