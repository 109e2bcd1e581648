"""The Bot API over HTTP: who calls, what they ask, whether a fault is due, and Telegram's envelope
round the answer.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.sandbox import documents, methods, profile
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import HALVES, download
from bot.sandbox.intake import Intake
from bot.sandbox.limits import Limits
from bot.sandbox.refusals import RefusedError, bad_request
from bot.sandbox.spec import Spec
from bot.sandbox.world import World

Json = dict[str, Any]

TOKEN_SHAPE = re.compile(r"[0-9]{1,16}:[A-Za-z0-9_-]{1,128}")
METHODS = methods.METHODS | profile.METHODS | documents.METHODS
LIMITED = frozenset({"sendMessage", "sendDocument"})
DOWNLOAD = "download"


class BotApi:
    """Serves one bot's token."""

    def __init__(self, token: str, world: World, intake: Intake, limits: Limits) -> None:
        self.faults = Faults()
        self.limits = limits
        self.closing = asyncio.Event()
        self._token = token
        self._world = world
        self._intake = intake
        self._spec = Spec.load()

    async def __call__(self, request: Request) -> Response:
        """Answer ``/bot<token>/<method>``."""
        try:
            self._know(request.path_params["token"])
            method = self._spec.method(request.path_params["method"])
            raw = await _fields(request)
        except RefusedError as refusal:
            return _answer(refusal.code, refusal.body())
        if self.faults.latency_ms:
            await asyncio.sleep(self.faults.latency_ms / 1000)
        fault = self.faults.take(method, _chat_id(raw))
        if fault is not None and not fault.after:
            return await self._fail(fault, request)
        answer = await self._perform(method, raw)
        return answer if fault is None else await self._fail(fault, request)

    async def download(self, request: Request) -> Response:
        """Answer ``/file/bot<token>/<path>``, as Telegram does, with bytes or in words."""
        try:
            self._know(request.path_params["token"])
        except RefusedError as refusal:
            return _answer(refusal.code, refusal.body())
        fault = self.faults.take(DOWNLOAD, None)
        if fault is not None and fault.kind not in HALVES:
            return await self._fail(fault, request)
        file = self._world.files.at(request.path_params["path"])
        if file is None:
            return _answer(404, RefusedError(404, "Not Found").body())
        stalled = self._hang(request) if fault is not None and fault.kind == "stall" else None
        return download(file, fault, stalled)

    async def _perform(self, method: str, raw: Json) -> Response:
        try:
            arguments = self._spec.check(method, raw)
            methods.refuse_unserved(arguments)
            result: object
            if method in METHODS:
                if method in LIMITED:
                    methods.open_chat(self._world, arguments["chat_id"])
                    self.limits.spend(arguments["chat_id"])
                result = METHODS[method](self._world, arguments)
            else:
                result = await self._intake.methods[method](arguments)
        except RefusedError as refusal:
            return _answer(refusal.code, refusal.body())
        return _answer(200, {"ok": True, "result": result})

    def _know(self, token: str) -> None:
        if not TOKEN_SHAPE.fullmatch(token):
            raise RefusedError(404, "Not Found")
        if not hmac.compare_digest(token, self._token):
            raise RefusedError(401, "Unauthorized")

    async def _fail(self, fault: Fault, request: Request) -> Response:
        if fault.kind == "status":
            return _answer(fault.status, fault.body())
        if fault.kind == "timeout":
            await self._hang(request)
        return CutConnection()

    async def _hang(self, request: Request) -> None:
        """Say nothing until the caller gives up or the sandbox closes."""
        gone = asyncio.ensure_future(request.receive())
        closing = asyncio.ensure_future(self.closing.wait())
        await asyncio.wait({gone, closing}, return_when=asyncio.FIRST_COMPLETED)
        for task in (gone, closing):
            task.cancel()
        await asyncio.gather(gone, closing, return_exceptions=True)


class CutConnection(Response):
    """Promises a body and breaks off, at which the server closes the connection."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Start an answer that never ends."""
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})


def _answer(status: int, body: Json) -> Response:
    headers = {}
    if "parameters" in body:
        headers["Retry-After"] = str(body["parameters"]["retry_after"])
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, headers, "application/json")


def _chat_id(raw: Json) -> object:
    value = raw.get("chat_id")
    return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else value


async def _fields(request: Request) -> Json:
    """The call's fields from the query string and a form, multipart or JSON body."""
    fields: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form() as form:
            for name, part in form.multi_items():
                if isinstance(part, UploadFile):
                    fields[name] = documents.Upload.of(await part.read(), part.filename)
                else:
                    fields[name] = part
        return fields
    body = await request.body()
    try:
        if kind == "application/json" and body:
            given = json.loads(body)
            if not isinstance(given, dict):
                raise bad_request("can't parse JSON object")
            return fields | given
        return fields | dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        raise bad_request("can't parse the request's body") from None
