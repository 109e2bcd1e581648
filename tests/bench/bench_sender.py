"""How many messages a second the sender delivers when each round trip takes 50 ms, from a real
SQLite outbox to the sandbox, one chat at a time and 64 at once."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import perf_counter

import aiohttp

from bot.channel.application import build, connect
from bot.channel.delivery import Delivery
from bot.channel.limits import Limits
from bot.channel.sender import Post, Sender
from storage import conversations, outbox
from storage.conversations import ConversationChange
from storage.engine import Store
from storage.migrate import upgrade
from storage.outbox import NewMessage
from storage.secrets import Secrets

TOKEN = "1000001:bench-token"
LATENCY_MS = 50
BODY = json.dumps({"text": "We have news about your concern.", "rows": []}).encode()


@asynccontextmanager
async def sandbox():
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--token", TOKEN, "--no-limits"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        line = (await process.stdout.readline()).decode()
        url = next(word for word in line.split() if word.startswith("http"))
        async with aiohttp.ClientSession(url) as session:
            yield url, session
    finally:
        process.terminate()
        await process.wait()


async def people(session, count):
    names = [f"Person {number}" for number in range(count)]
    async with session.post("/people", json={"names": names}) as answer:
        made = [person["id"] for person in (await answer.json())["people"]]
    starts = [{"person": person, "do": "start"} for person in made]
    async with session.post("/batch", json={"actions": starts}) as answer:
        assert answer.status == 200
    return made


async def fill(store, secrets, chats):
    """One message for each chat."""
    changes = [
        ConversationChange(f"{chat:032x}", chat, version=0, talk=b"", own=b"", new_key=True)
        for chat in chats
    ]
    rows = [NewMessage(f"c:{change.id}", 2, BODY) for change in changes]
    async with store.write() as conn:
        await conversations.save(conn, secrets, changes, datetime.now(UTC))
        await outbox.put(conn, secrets, rows, datetime.now(UTC))


async def rate(store, secrets, bot, in_flight):
    """Messages a second until the outbox is empty."""
    limits = Limits(0)
    post = Post(store, secrets, lambda: datetime.now(UTC))
    sender = Sender(post, Delivery(bot, limits), limits, in_flight)
    async with store.read() as conn:
        count = sum((await outbox.waiting(conn)).values())
    begun = perf_counter()
    task = asyncio.create_task(sender.run())
    left = count
    while left:
        await asyncio.sleep(0.02)
        async with store.read() as conn:
            left = sum((await outbox.waiting(conn)).values())
    spent = perf_counter() - begun
    await sender.stop()
    await task
    return count / spent


async def bench_sender(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'heard.db'}"
    await upgrade(url)
    secrets, _ = Secrets.create(tmp_path / "secrets")
    store = await Store.open(url)
    async with sandbox() as (address, session):
        application = build(TOKEN, address)
        await connect(application)
        latency = {"ms": LATENCY_MS}
        async with session.post("/control/latency", json=latency) as answer:
            assert answer.status == 200
        speeds = {}
        for in_flight, count in ((1, 60), (64, 3000)):
            await fill(store, secrets, await people(session, count))
            speeds[in_flight] = await rate(store, secrets, application.bot, in_flight)
            print(f"\n{in_flight:3} in flight: {speeds[in_flight]:6.0f} messages/s")
        await application.shutdown()
    await store.close()
    assert speeds[64] > 10 * speeds[1]
