"""Our HTTP against the library's default: the same calls to one sandbox in one run."""

import asyncio
import sys
from contextlib import asynccontextmanager
from time import perf_counter, process_time

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channel.request import AiohttpRequest

TOKEN = "1000001:bench-token"
CALLS = 1500
AT_ONCE = 32


@asynccontextmanager
async def sandbox():
    """A sandbox in a process of its own, so that only the client's work is counted here."""
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--token", TOKEN, "--no-limits"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        line = (await process.stdout.readline()).decode()
        yield next(word for word in line.split() if word.startswith("http"))
    finally:
        process.terminate()
        await process.wait()


async def measured(url, request):
    """Calls a second, and milliseconds of this process's CPU for each."""
    bot = Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)
    left = iter(range(CALLS))

    async def work():
        for _ in left:
            await bot.get_me()

    async with request:
        await bot.get_me()
        wall, cpu = perf_counter(), process_time()
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return CALLS / (perf_counter() - wall), (process_time() - cpu) / CALLS * 1000


async def bench_request():
    async with sandbox() as url:
        theirs, their_cpu = await measured(url, HTTPXRequest(connection_pool_size=AT_ONCE))
        ours, our_cpu = await measured(url, AiohttpRequest())
    print(f"\nhttpx:   {theirs:6.0f} calls/s, {their_cpu:.2f} ms of CPU each")
    print(f"aiohttp: {ours:6.0f} calls/s, {our_cpu:.2f} ms of CPU each")
    print(f"ratio:   {ours / theirs:.1f} in calls/s, {their_cpu / our_cpu:.1f} in CPU")
    assert our_cpu < their_cpu
