"""The way to every signed-in page: session, token and member are checked in one place, so that a
page cannot be reached, and nothing can be posted, without them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.casework.access import Duty, may_do
from bot.casework.model import Member
from bot.console.context import Console
from bot.console.forms import Form, read_form, same_token
from bot.console.sessions import Session

log = logging.getLogger(__name__)

SEE_OTHER = 303
SET_UP = "/me/second-factor"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request by someone signed in. `form` is empty unless something was posted."""

    console: Console
    request: Request
    session: Session
    member: Member
    form: Form

    @property
    def reference(self) -> str:
        return str(self.request.path_params["reference"])

    def may(self, duty: str) -> bool:
        """Whether the member's roles allow this, for templates that lead to its page."""
        return may_do(self.member, Duty(duty))

    def page(self, template: str, status: int = 200, /, **context: object) -> HTMLResponse:
        return self.console.render(template, status, visit=self, **context)


Page = Callable[[Visit], Awaitable[Response]]
Late = Callable[[Console, Request, Form], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def go(path: str) -> RedirectResponse:
    """To another page of ours, by GET. `path` is never taken from a request unchecked."""
    return RedirectResponse(path, SEE_OTHER)


async def to_sign_in(_console: Console, request: Request, _form: Form) -> Response:
    """Nobody is signed in here: sign in first, then come back to what was asked for."""
    reference = request.path_params.get("reference")
    posted_to = f"/concerns/{reference}" if reference else "/concerns"
    wanted = request.url.path if request.method in ("GET", "HEAD") else posted_to
    return go(f"/sign-in?next={quote(wanted)}")


def signed_in(
    console: Console, page: Page, late: Late = to_sign_in, setting_up: bool = False
) -> Endpoint:
    """`page` for a live session; `late` for everyone else. `setting_up`: also for whoever must set
    up a second factor before anything else."""

    async def endpoint(request: Request) -> Response:
        token = request.cookies.get(console.session_cookie, "")
        form = await read_form(request) if request.method == "POST" else {}
        session = console.sessions.find(token)
        if session is None:
            return await late(console, request, form)
        try:
            if request.method == "POST":
                _insist_on_token(form, session)
            member = await console.member(session)
            if member is None:
                console.sessions.end(token)
                return await to_sign_in(console, request, form)
            if console.insists and not session.has_factor and not setting_up:
                return go(SET_UP)
            return await page(Visit(console, request, session, member, form))
        except HTTPException as refused:
            _note(refused, session, page)
            raise

    return endpoint


def _insist_on_token(form: Form, session: Session) -> None:
    if not same_token(form.get("csrf", ""), session.csrf):
        raise HTTPException(403)


def _note(refused: HTTPException, session: Session, page: Page) -> None:
    """The one place that logs what a member was refused: who, and which page of ours. Never its
    address, which somebody may have written words into."""
    area = page.__module__.rpartition(".")[2]
    about = {"staff": session.staff_id, "kind": f"{area}-{page.__name__}".replace("_", "-")}
    if refused.status_code == 403:
        log.warning("not-allowed", extra=about)
    if refused.status_code == 404:
        log.warning("not-found", extra=about)
