"""One running Heard with its Telegram, for all the tests of a file."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from heard_process import TOKEN, Heard, Sandbox
from people import Phone, Street, until

REFERENCE = re.compile(r"Your reference is (H-[0-9A-Z]{4}-[0-9A-Z]{4})")


@dataclass
class Town:
    """Heard, the sandbox, and what was said in it that no log may hold."""

    heard: Heard
    sandbox: Sandbox
    said: set[str] = field(default_factory=set)
    chats: set[int] = field(default_factory=set)

    @asynccontextmanager
    async def street(self) -> AsyncIterator[Street]:
        async with aiohttp.ClientSession() as http:
            street = Street(http, self.sandbox.url)
            yield street
            self.chats |= {phone.person for phone in street.phones}

    def column(self, table: str, what: str) -> list[str]:
        """What an operator with the file can see of a table, in a fixed order, without nothings."""
        with closing(sqlite3.connect(f"file:{self.heard.database}?mode=ro", uri=True)) as db:
            found = db.execute(f"SELECT {what} AS it FROM {table} WHERE it IS NOT NULL ORDER BY it")
            return [str(row[0]) for row in found]

    def count(self, table: str) -> int:
        return len(self.column(table, "1"))

    def leaks(self) -> list[str]:
        """What the log holds of tokens, chat ids and words."""
        log = self.heard.log.read_text(errors="replace")
        secret = {TOKEN, TOKEN.partition(":")[2], *map(str, self.chats), *self.said}
        return [one for one in secret if one and one in log]


@contextmanager
def town(
    folder: Path, installed: Heard, *, webhook: bool = False, **settings: str
) -> Iterator[Town]:
    sandbox = Sandbox()
    sandbox.start()
    heard = Heard(folder, sandbox.url, webhook, more={"HEARD_LOG_LEVEL": "debug", **settings})
    heard.install_like(installed)
    heard.start()
    try:
        with ThreadPoolExecutor(1) as apart:  # the caller may have a loop of its own
            apart.submit(asyncio.run, heard.until_up()).result()
        yield Town(heard, sandbox)
    finally:
        if heard.process is not None and heard.process.poll() is None:
            heard.stop()
        sandbox.stop()


async def send(phone: Phone, place: str = "Not sure") -> str:
    """From words that are saved to the reference in the receipt."""
    await phone.tap("Send")
    await phone.tap(place)
    await phone.tap("No, send it")
    return await receipt(phone)


async def receipt(phone: Phone) -> str:
    found = REFERENCE.search((await phone.until("Your reference is "))["text"])
    assert found is not None
    return found[1]


async def skip_all(phone: Phone) -> None:
    """Every question after the receipt, each with one tap."""
    await phone.tap("Skip", after="Is someone in danger right now?")
    await phone.tap("Skip", after="Who is this for?")
    await phone.tap("Nothing needed")
    await phone.tap("No, leave it here")


async def buttons(phone: Phone) -> list[tuple[int, str, str]]:
    """Every button in the chat: its message, its label, its data."""
    return [
        (message["id"], button["text"], button["data"])
        for message in (await phone.chat())["messages"]
        for row in message["buttons"]
        for button in row
        if "data" in button
    ]


async def pending(street: Street) -> int:
    """Updates that Telegram still keeps because nobody said that they arrived."""
    async with street.http.get(f"{street.url}/control/state") as answer:
        number: int = (await answer.json())["pending"]
    return number


async def taken_in(street: Street) -> None:
    """Wait until everything that was sent is committed and acknowledged."""

    async def nothing_waits() -> bool:
        return not await pending(street)

    await until(nothing_waits)


def set_aside(heard: Heard) -> list[dict[str, Any]]:
    done = heard.command("recover", "--set-aside", "--code-stdin", given=heard.recovery_code + "\n")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
