"""A whole Heard in the test's own process, with the sandbox, so that its clock can be moved."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from colleague import Colleague
from heard_process import TEAMS, TOKEN, free_port
from people import Phone, Street, until

from bot.admin import founding
from bot.admin.model import Hands, Operation
from bot.app import Heard, running
from bot.clock import MovableClock
from bot.sandbox import SandboxOptions, SandboxServer
from config import settings as configuration
from config.settings import Settings
from storage import outbox, staff
from storage.engine import Store
from storage.sealing import Argon2Cost
from storage.secrets import Secrets
from storage.staff import StaffRow

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday, and no holiday near
CHEAP = Argon2Cost(memory_kib=1024, passes=1, lanes=1)
Roles = Mapping[str, tuple[tuple[str, str], ...]]


def passphrase_of(name: str) -> str:
    return f"quiet otter {name.partition(' ')[0].lower()} lantern"


@dataclass
class Printed:
    """Where a command speaks."""

    lines: list[str] = field(default_factory=list)

    async def line(self, text: str) -> None:
        self.lines.append(text)

    async def progress(self, text: str) -> None: ...


@dataclass
class Inside:
    """What a test can do from outside (phones, browsers) and with the clock."""

    heard: Heard
    street: Street
    clock: MovableClock
    settings: Settings

    @property
    def console_url(self) -> str:
        return self.settings.console_url

    async def sign_in(self, name: str) -> Colleague:
        return await Colleague.sign_in(self.console_url, name, passphrase_of(name))

    async def link(self, name: str) -> Phone:
        """A phone of this member of staff, linked as the console tells them to."""
        phone = await self.street.newcomer(name)
        async with self.heard.store.read() as conn:
            row = await staff.by_name(conn, self.heard.keys, name)
        assert row is not None
        await phone.say(f"/link {await self.heard.desk.start_link(row.id)}")
        await phone.until("This chat is linked.")
        return phone

    async def move(self, days: float) -> None:
        """Let time pass in steps of twelve hours, each with its ticks."""
        for _ in range(round(days * 2)):
            self.clock.move_to(self.clock.now() + timedelta(hours=12))
            await self.heard.ticks.look_now()
            self.heard.sender.wake()
            await until(self.nothing_to_send)

    async def nothing_to_send(self) -> bool:
        async with self.heard.store.read() as conn:
            due = await outbox.next_due(conn)
        return due is None or due > self.clock.now()

    async def private_of(self, name: str) -> bytes:
        """What a member of staff can open, as their browser session holds it."""
        async with self.heard.store.read() as conn:
            row = await staff.by_name(conn, self.heard.keys, name)
        assert row is not None
        return staff.unlock(row, passphrase_of(name))

    async def tell(self, operation: Operation, **ask: str) -> list[str]:
        """What `heard` does for an operator while it runs; returns what it printed."""
        printed = Printed()
        hands = Hands(self.settings, self.heard.keys, self.heard.store, self.clock)
        await operation(hands, ask, printed)
        return printed.lines

    async def staff_ids(self) -> dict[str, str]:
        async with self.heard.store.read() as conn:
            return {row.name: row.id for row in await staff.everyone(conn, self.heard.keys)}


def environment(
    folder: Path, telegram: str = "http://127.0.0.1:1", port: int = 0
) -> dict[str, str]:
    file = folder / "heard.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():  # a test may have put its own teams there
        file.write_text(TEAMS, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    return kept | {
        "HEARD_CONFIG": str(file),
        "HEARD_TELEGRAM_TOKEN": TOKEN,
        "HEARD_TELEGRAM_API": telegram,
        "HEARD_TELEGRAM_RATE": "0",
        "HEARD_DATABASE": f"sqlite+aiosqlite:///{folder / 'heard.db'}",
        "HEARD_SECRETS": str(folder / "secrets"),
        "HEARD_CONSOLE_URL": f"http://127.0.0.1:{port or 8100}",
        "HEARD_CONSOLE_PORT": str(port or 8100),
        "HEARD_SECOND_FACTOR": "offered",
    }


async def found(folder: Path, roles: Roles) -> str:
    """Keys, database and staff with quick passphrases; returns the recovery code."""
    settings = configuration.load(environment(folder))
    code = await founding.found(settings)
    store, keys = await Store.open(settings.database), Secrets.load(settings.secrets)
    try:
        async with store.write() as conn:
            for number, (name, held) in enumerate(roles.items()):
                member = f"{number:032x}"
                pair = staff.new_keys(member, passphrase_of(name), CHEAP)
                row = StaffRow(member, name, pair.public, pair.private_locked, True, False, held)
                await staff.add_with_keys(conn, keys, row, MORNING)
    finally:
        await store.close()
    return code


@asynccontextmanager
async def inside(folder: Path, start: datetime = MORNING) -> AsyncIterator[Inside]:
    """Run what `found` made."""
    clock, port = MovableClock(start), free_port()
    async with AsyncExitStack() as stack:
        sandbox = SandboxServer(TOKEN, SandboxOptions(limits=False, webhook_pause=0.05))
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        settings = configuration.load(environment(folder, sandbox.url, port))
        heard = await stack.enter_async_context(running(settings, clock))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield Inside(heard, Street(http, sandbox.url), clock, settings)
