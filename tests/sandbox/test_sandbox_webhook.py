"""A webhook gets each update until it takes it, in order within a chat, with the secret."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta

import pytest
from aiohttp import web
from telegram.error import BadRequest


class Receiver:
    """A bot's webhook that answers as it is told and remembers what came."""

    def __init__(self):
        self.came = []
        self.secrets = set()
        self.answers = deque()
        self.hold = None
        self.now = self.most = 0
        self._changed = asyncio.Condition()

    async def take(self, request):
        update = await request.json()
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.now += 1
        self.most = max(self.most, self.now)
        async with self._changed:
            self.came.append(update)
            self._changed.notify_all()
        if self.hold is not None:
            await self.hold.wait()
        self.now -= 1
        answer = self.answers.popleft() if self.answers else 200
        if answer == "cut":
            request.transport.close()
        return web.Response(status=200 if answer == "cut" else answer)

    async def until(self, count):
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: len(self.came) >= count), 10)

    def texts(self):
        return [update["message"]["text"] for update in self.came]


@pytest.fixture
async def receiver():
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


@pytest.fixture
async def person(people, take_all):
    person = await people.new()
    await take_all()
    return person


async def drained(bot):
    while (await bot.get_webhook_info()).pending_update_count:
        await asyncio.sleep(0.005)


async def test_what_waited_and_what_comes_is_delivered_with_the_secret(
    bot, people, person, receiver
):
    await people.post(f"/people/{person}/say", text="before")
    await bot.set_webhook(receiver.url, secret_token="s3cret_-")
    await people.post(f"/people/{person}/say", text="after")
    await drained(bot)
    assert (receiver.texts(), receiver.secrets) == (["before", "after"], {"s3cret_-"})


async def test_anything_but_success_brings_the_update_again_before_the_next(
    bot, people, person, receiver
):
    receiver.answers.extend([500, "cut", 302, 503, 204])
    await bot.set_webhook(receiver.url)
    await people.post(f"/people/{person}/say", text="one")
    await people.post(f"/people/{person}/say", text="two")
    await drained(bot)
    assert receiver.texts() == ["one"] * 5 + ["two"]
    assert len({update["update_id"] for update in receiver.came}) == 2
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


async def test_chats_do_not_wait_for_each_other_up_to_the_limit(bot, people, person, receiver):
    crowd = [await people.new(f"P{n}") for n in range(5)]
    await bot.get_updates(offset=-1)
    receiver.hold = asyncio.Event()
    await bot.set_webhook(receiver.url, max_connections=3, drop_pending_updates=True)
    for someone in crowd:
        await people.post(f"/people/{someone}/say", text="hello")
    await receiver.until(3)
    receiver.hold.set()
    await drained(bot)
    assert (len(receiver.came), receiver.most) == (5, 3)


async def test_setting_the_same_webhook_again_sends_nothing_twice(bot, people, person, receiver):
    receiver.hold = asyncio.Event()
    await bot.set_webhook(receiver.url, secret_token="a")
    await people.post(f"/people/{person}/say", text="once")
    await receiver.until(1)
    await bot.set_webhook(receiver.url, secret_token="a")
    receiver.hold.set()
    await drained(bot)
    assert receiver.texts() == ["once"]


async def test_an_update_is_given_up_after_a_day(bot, people, person, receiver, clock):
    receiver.answers.extend([500] * 1000)
    await bot.set_webhook(receiver.url)
    await people.post(f"/people/{person}/say", text="never taken")
    await receiver.until(2)
    clock.time += timedelta(days=1)
    await drained(bot)


async def test_after_the_webhook_is_gone_polling_gets_what_was_not_taken(
    bot, people, person, receiver
):
    receiver.answers.extend([500] * 1000)
    await bot.set_webhook(receiver.url)
    await people.post(f"/people/{person}/say", text="kept")
    await receiver.until(1)
    await bot.delete_webhook()
    assert [u.message.text for u in await bot.get_updates()] == ["kept"]


async def test_a_dead_webhook_is_reported(bot, people, person, unused_tcp_port_address):
    await bot.set_webhook(unused_tcp_port_address)
    await people.post(f"/people/{person}/say", text="x")
    while not (info := await bot.get_webhook_info()).last_error_message:
        await asyncio.sleep(0.005)
    assert (info.last_error_message, info.pending_update_count) == ("Connection refused", 1)


@pytest.fixture
async def unused_tcp_port_address():
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}/hook"


async def test_duplicates_are_posted_twice(bot, people, person, receiver):
    await bot.set_webhook(receiver.url)
    await people.post("/control/duplicates", count=1)
    await people.post(f"/people/{person}/say", text="twice")
    await drained(bot)
    assert receiver.texts() == ["twice", "twice"]


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"url": "http://example.org/"}, "An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org/", "secret_token": "a b"}, "unallowed characters"),
        ({"url": "https://example.org/", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
async def test_webhooks_that_telegram_would_not_take(bot, asked, complaint):
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.set_webhook(**asked)
