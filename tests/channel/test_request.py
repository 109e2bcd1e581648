"""The HTTP under the library: what it sends, what it raises, and that it never tells the token."""

import asyncio
import traceback

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut

from bot.channel.application import build, connect
from bot.channel.refusals import TokenRefused
from bot.channel.request import AiohttpRequest

TOKEN = "1000001:never-tell-this"


class Server:
    """A web server that keeps what it was sent and answers as told."""

    def __init__(self):
        self.seen = []
        self.connections = set()
        self.status = 200
        self.answer = b'{"ok": true, "result": true}'
        self.hold = None
        self.arrived = asyncio.Event()

    async def handle(self, request):
        self.connections.add(request.transport.get_extra_info("peername"))
        if request.content_type == "multipart/form-data":
            form = await request.post()
            body = {name: getattr(one, "file", None) for name, one in form.items()}
            body = {name: file and file.read() for name, file in body.items()}
        else:
            body = await request.text()
        self.seen.append((request.content_type, body))
        self.arrived.set()
        if self.hold is not None:
            await self.hold.wait()
        return web.Response(body=self.answer, status=self.status)


@pytest.fixture
async def server():
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    if server.hold is not None:
        server.hold.set()
    await runner.cleanup()


@pytest.fixture
async def bot(server):
    request = AiohttpRequest()
    await request.initialize()
    yield Bot(TOKEN, base_url=f"{server.url}/bot", request=request, get_updates_request=request)
    await request.shutdown()


def everything_told(error):
    return "".join(traceback.format_exception(error)) + repr(error)


async def test_fields_travel_as_json_and_nested_ones_stay_nested(bot, server):
    await bot.do_api_request("x", api_kwargs={"text": "héllo", "rows": [[{"a": 1}]], "no": None})
    assert server.seen == [("application/json", '{"text": "h\\u00e9llo", "rows": [[{"a": 1}]]}')]


async def test_files_travel_as_a_form(bot, server):
    await bot.do_api_request("x", api_kwargs={"photo": InputFile(b"bytes", "a.png"), "n": 1})
    kind, form = server.seen[0]
    assert kind == "multipart/form-data"
    assert b"bytes" in form.values()
    assert "n" in form


async def test_calls_one_after_another_use_one_connection(bot, server):
    for _ in range(5):
        await bot.do_api_request("x")
    assert len(server.connections) == 1


async def test_a_call_may_bring_its_own_time(bot, server):
    server.hold = asyncio.Event()
    with pytest.raises(TimedOut) as raised:
        await bot.do_api_request("x", read_timeout=0.05)
    assert TOKEN not in everything_told(raised.value)


async def test_a_long_poll_outlives_the_default_time(bot, server):
    server.hold = asyncio.Event()
    poll = asyncio.create_task(bot.do_api_request("x", read_timeout=60))
    await server.arrived.wait()
    server.hold.set()
    assert await poll is True


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "http://no.such.host.invalid", "http://["])
async def test_no_way_there_is_a_network_error_without_the_token(base):
    request = AiohttpRequest()
    await request.initialize()
    bot = Bot(TOKEN, base_url=f"{base}/bot", request=request, get_updates_request=request)
    with pytest.raises(NetworkError) as raised:
        await bot.do_api_request("x")
    await request.shutdown()
    assert TOKEN not in everything_told(raised.value)


async def test_an_answer_that_is_not_json_is_not_logged(bot, server, caplog):
    server.answer = b"<html>secret words</html>"
    with pytest.raises(TelegramError) as raised:
        await bot.do_api_request("x")
    assert "secret" not in caplog.text + everything_told(raised.value)


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_stops_the_start_without_being_told(server, status, caplog):
    server.status, server.answer = status, b'{"ok": false, "description": "Unauthorized"}'
    application = build(TOKEN, server.url)
    with pytest.raises(TokenRefused) as raised:
        await connect(application)
    await application.bot.shutdown()
    assert TOKEN not in caplog.text + everything_told(raised.value)
    assert "HEARD_TELEGRAM_TOKEN" in str(raised.value)
    assert not isinstance(raised.value.__cause__, InvalidToken)
