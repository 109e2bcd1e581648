"""A web server inside our own loop: requests in hand are finished, signals left alone."""

from __future__ import annotations

import asyncio
import signal
import socket

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.web import WebServer, free_port


class Slow:
    """A page that is asked for, and answers when it may."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def __call__(self, request) -> PlainTextResponse:
        self.asked.set()
        await self.may_answer.wait()
        return PlainTextResponse("there you are")


async def page(request) -> PlainTextResponse:
    return PlainTextResponse("hello")


def app(slow=None) -> Starlette:
    routes = [Route("/", page)]
    if slow is not None:
        routes.append(Route("/slow", slow.__call__))
    return Starlette(routes=routes)


async def got(url):
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return await answer.text()


async def test_it_listens_where_it_says_once_started():
    server = WebServer(app(), "127.0.0.1", 0)
    await server.start()
    try:
        assert await got(server.url) == "hello"
    finally:
        await server.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await got(server.url)


async def test_a_request_in_hand_is_finished_before_it_stops():
    slow = Slow()
    server = WebServer(app(slow), "127.0.0.1", 0)
    await server.start()
    asking = asyncio.create_task(got(server.url + "/slow"))
    await slow.asked.wait()
    stopping = asyncio.create_task(server.stop())
    await asyncio.sleep(0)
    slow.may_answer.set()
    assert await asking == "there you are"
    await stopping


async def test_a_port_that_is_taken_is_said_at_the_start():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        server = WebServer(app(), "127.0.0.1", other.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            await server.start()
        await server.stop()


async def answers(url):
    """Whether anybody listens there."""
    host, port = url.removeprefix("http://").split(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except ConnectionRefusedError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def test_stopping_twice_or_unstarted_is_harmless():
    server = WebServer(app(), "127.0.0.1", 0)
    await server.stop()
    await server.start()
    assert await answers(server.url)
    await server.stop()
    await server.stop()
    assert not await answers(server.url)


async def test_signals_stay_with_the_process():
    before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)]
    server = WebServer(app(), "127.0.0.1", 0)
    await server.start()
    assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)] == before
    await server.stop()


async def test_a_free_port_can_be_listened_on():
    port = free_port()
    server = WebServer(app(), "127.0.0.1", port)
    await server.start()
    assert server.url == f"http://127.0.0.1:{port}"
    assert await answers(server.url)
    await server.stop()
