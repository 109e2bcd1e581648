"""The ways in and out."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.context import Console
from bot.console.door import signing
from bot.console.wiring import posted, unsigned


def routes(console: Console) -> list[Route]:
    return [
        unsigned(console, "/sign-in", signing.show_sign_in),
        unsigned(console, "/sign-in", signing.sign_in, "POST"),
        posted(console, "/sign-out", signing.sign_out),
    ]
