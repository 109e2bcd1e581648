"""A sandbox on loopback, the real library as the bot, and a plain HTTP client as the people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot, Update

from bot.sandbox import SandboxOptions, SandboxServer

TOKEN = "1000001:sandbox-token"
ALL_KINDS = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]


class MovableClock:
    """A business clock that stands still until moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def advance(self, step: str) -> str:
        self.time += {"hour": timedelta(hours=1), "day": timedelta(days=1)}.get(
            step, timedelta(minutes=7)
        )
        return f"It is now {self.time:%H:%M}. The next event was the morning list."


class People:
    """The people's API: methods take what the route takes and give back what it answers."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        status, answer = await self.try_post(path, **body)
        assert status == 200, answer
        return answer

    async def try_post(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(path, json=body) as answer:
            return answer.status, await answer.json()

    async def api(self, method: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        """A Bot API call without the library, which warns when it meets a 429."""
        return await self.try_post(f"/bot{TOKEN}/{method}", **fields)

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        async with self.session.get(path, params=query) as answer:
            assert answer.status == 200
            return await answer.json()

    async def new(self, name: str = "Carer", *, started: bool = True) -> int:
        person = (await self.post("/people", name=name))["id"]
        if started:
            await self.post(f"/people/{person}/start")
        return person

    async def chat(self, person: int) -> dict[str, Any]:
        return await self.get(f"/people/{person}/chat")

    async def sent(self) -> list[dict[str, Any]]:
        return (await self.get("/control/sent"))["sent"]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


StartSandbox = Callable[[SandboxOptions], Awaitable[SandboxServer]]


@pytest.fixture
async def start_sandbox() -> AsyncIterator[StartSandbox]:
    async with AsyncExitStack() as stack:

        async def start(options: SandboxOptions) -> SandboxServer:
            server = SandboxServer(TOKEN, options)
            await server.start()
            stack.push_async_callback(server.stop)
            return server

        yield start


@pytest.fixture
async def sandbox(start_sandbox: StartSandbox, clock: MovableClock) -> SandboxServer:
    return await start_sandbox(SandboxOptions(clock=clock, webhook_pause=0.01))


@pytest.fixture
async def people(sandbox: SandboxServer) -> AsyncIterator[People]:
    async with aiohttp.ClientSession(sandbox.url) as session:
        yield People(session)


@pytest.fixture
async def bot(sandbox: SandboxServer) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{sandbox.url}/bot") as bot:
        yield bot


@pytest.fixture
def take_all(bot: Bot) -> Callable[[], Awaitable[list[Update]]]:
    """Receive and confirm everything that waits."""

    async def take() -> list[Update]:
        found = await bot.get_updates(allowed_updates=ALL_KINDS)
        if found:
            await bot.get_updates(offset=found[-1].update_id + 1)
        return list(found)

    return take
