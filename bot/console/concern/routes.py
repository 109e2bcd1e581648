"""One concern, and what can be done to it without a letter."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.concern import (
    coding,
    copies,
    files,
    handing,
    linking,
    noting,
    pages,
    publishing,
    taking,
)
from bot.console.context import Console
from bot.console.wiring import ONE, posted, shown


def routes(console: Console) -> list[Route]:
    return [
        shown(console, ONE, pages.concern_page),
        shown(console, f"{ONE}/files/{{part}}", files.file_page),
        posted(console, f"{ONE}/send-copy", copies.send_copy),
        posted(console, f"{ONE}/code", coding.code),
        shown(console, f"{ONE}/publish", publishing.form),
        posted(console, f"{ONE}/publish", publishing.posted),
        posted(console, f"{ONE}/note", noting.note_posted),
        posted(console, f"{ONE}/mark/{{kind}}", noting.mark_posted),
        posted(console, f"{ONE}/link", linking.link_posted),
        posted(console, f"{ONE}/pass-to-person", handing.pass_to_person),
        posted(console, f"{ONE}/pass-to-team", handing.pass_to_team),
        posted(console, f"{ONE}/give-access", handing.give_access),
        shown(console, f"{ONE}/step-back", handing.step_back_page),
        posted(console, f"{ONE}/step-back", handing.step_back),
        shown(console, "/stepped-back", handing.stepped_back),
        *(posted(console, f"{ONE}/{path}", pages.change) for path in pages.CHANGES),
        *(posted(console, f"{ONE}/{path}", taking.whose) for path in taking.FORMS),
    ]
