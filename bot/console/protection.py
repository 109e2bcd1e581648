"""What every answer of the console carries and every request must pass, whatever page it is for:
one place, so that a new page cannot forget it."""

from __future__ import annotations

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

# Five boxes of 4,096 characters, percent-encoded at twelve bytes a character at the worst.
BODY_LIMIT = 256 * 1024

# One script of ours runs, by its full address, and speaks to us alone; no page needs it. A file
# that somebody sent can never be one, although it comes from the same place.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; script-src {script}; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SCRIPT = "/console.js"
HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-robots-tag": "noindex, nofollow",
}
HSTS = "max-age=31536000"  # one year; no includeSubDomains: the domain is not ours alone


class Protection:
    """Host check, same-origin check, size limit, headers; and an exception becomes a page that
    shows nothing. `hosts` are the values of Host under which the console answers."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], https: bool, failed: Response) -> None:
        self._app = app
        self._hosts = hosts
        self._https = https
        scheme = "https" if https else "http"
        script = " ".join(f"{scheme}://{host}{SCRIPT}" for host in sorted(hosts))
        self._policy = POLICY.format(script=script)
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _Answer(send, self._https, self._policy)
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        try:
            await self._app(scope, _limited(receive), guarded)
        except Exception:  # whatever it is: its text may hold words, and the server would print it
            log.exception("console-request-failed")
            if not guarded.started:
                await self._failed(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        # Probes call the health page by address, and it says nothing about anyone.
        if scope["path"] != "/health" and headers.get("host", "").lower() not in self._hosts:
            return Response("Not found here.", 400, media_type="text/plain")
        # Browsers say where a request comes from. The tokens in forms are the real guard.
        origin = headers.get("sec-fetch-site", "same-origin")
        if scope["method"] == "POST" and origin not in ("same-origin", "none"):
            log.warning("foreign-form-refused")
            return Response("Not allowed.", 403, media_type="text/plain")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > BODY_LIMIT:
            return Response("Too long.", 413, media_type="text/plain")
        return None


class _Answer:
    """Adds the headers to whatever is answered."""

    def __init__(self, send: Send, https: bool, policy: str) -> None:
        self._send = send
        self._https = https
        self._policy = policy
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["content-security-policy"] = self._policy
            # A page says otherwise only when it holds nobody's words: the style sheet, the icon.
            headers.setdefault("cache-control", "no-store")
            if self._https:
                headers["strict-transport-security"] = HSTS
        await self._send(message)


def _limited(receive: Receive) -> Receive:
    """`receive` that stops a body which has no honest length in front of it."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > BODY_LIMIT:
            raise HTTPException(413)
        return message

    return limited
