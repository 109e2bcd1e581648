"""One concern, and what can be done to it without a letter."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.concern import copies, files, pages
from bot.console.context import Console
from bot.console.wiring import ONE, posted, shown


def routes(console: Console) -> list[Route]:
    return [
        shown(console, ONE, pages.concern_page),
        shown(console, f"{ONE}/files/{{part}}", files.file_page),
        posted(console, f"{ONE}/send-copy", copies.send_copy),
        *(posted(console, f"{ONE}/{path}", pages.change) for path in pages.CHANGES),
    ]
