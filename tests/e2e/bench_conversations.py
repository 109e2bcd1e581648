"""How many whole conversations a second one Heard carries, over HTTP, polling and webhook."""

import asyncio
import random
import time

import aiohttp
from crowd import Crowd
from heard_process import Heard, Sandbox

PEOPLE = 500
PATIENCE = 240


async def carried(folder, webhook):
    """Seconds for everybody to get their receipt, and the messages that were sent for it."""
    sandbox = Sandbox()
    sandbox.start()
    heard = Heard(folder, sandbox.url, webhook)
    try:
        await asyncio.to_thread(heard.install)
        heard.start()
        await heard.until_up()
        async with aiohttp.ClientSession() as http, asyncio.timeout(PATIENCE):
            crowd = await Crowd.gather(http, sandbox.url, PEOPLE, random.Random(1))
            begun = time.monotonic()
            await crowd.act(list(crowd.members))
            while not crowd.finished:
                await crowd.follow()
            took = time.monotonic() - begun
            async with http.get(f"{sandbox.url}/control/sent") as answer:
                total = (await answer.json())["total"]
        heard.stop()
    finally:
        if heard.process is not None and heard.process.poll() is None:
            heard.kill()
        sandbox.stop()
    return took, total


async def bench_conversations(tmp_path):
    for webhook in (False, True):
        folder = tmp_path / str(webhook)
        folder.mkdir()
        took, total = await carried(folder, webhook)
        print(
            f"\n{'webhook' if webhook else 'polling'}: {PEOPLE} conversations in {took:.1f} s, "
            f"{PEOPLE / took:.0f}/s, {total / took:.0f} messages/s out"
        )
