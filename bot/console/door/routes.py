"""The ways in and out."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.context import Console
from bot.console.door import code, joining, signing
from bot.console.gate import signed_in
from bot.console.wiring import unsigned
from bot.desk.inviting import JOIN


def routes(console: Console) -> list[Route]:
    return [
        unsigned(console, "/sign-in", signing.show_sign_in),
        unsigned(console, "/sign-in", signing.sign_in, "POST"),
        unsigned(console, "/sign-in/code", code.show_code),
        unsigned(console, "/sign-in/code", code.give_code, "POST"),
        unsigned(console, JOIN + "{token}", joining.show_join),
        unsigned(console, JOIN + "{token}", joining.join, "POST"),
        Route("/sign-out", signed_in(console, signing.sign_out, setting_up=True), methods=["POST"]),
    ]
