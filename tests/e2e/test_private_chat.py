"""What stays to be seen on a phone that others may look at: a chat that was cleared, and one
neutral reminder of what was not sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from heard_process import TOKEN, free_port
from inside import MORNING, Roles, environment, found
from people import Phone, Street, until
from town import send

from bot.app import Heard, running
from bot.clock import MovableClock
from bot.sandbox import SandboxOptions, SandboxServer
from config import settings as configuration
from storage import outbox

ROLES: Roles = {
    "Priya Shah": (("rowan", "answerer"), ("rowan", "lead")),
    "Tom Reyes": (("birch", "answerer"), ("birch", "lead")),
    "Grace Okafor": (("*", "senior"), ("*", "independent")),
    "Sam Lindqvist": (("*", "independent"),),
}
WORDS = "They shout at my brother when he is slow."
NUDGE = "Something here is saved, but not sent."
DAY, STEP = timedelta(days=1), timedelta(hours=3)


@dataclass
class OneClock:
    """The phones and Heard live in the same time, which a test moves."""

    clock: MovableClock
    folder: Path
    sandbox: SandboxServer
    street: Street
    heard: Heard | None = None

    def now(self):  # the sandbox asks
        return self.clock.now()

    async def advance(self, step: str) -> str:
        raise AssertionError(f"nobody presses {step} here")

    @asynccontextmanager
    async def heard_runs(self) -> AsyncIterator[Heard]:
        settings = configuration.load(environment(self.folder, self.sandbox.url, free_port()))
        async with running(settings, self.clock) as heard:
            self.heard = heard
            yield heard

    async def pass_days(self, days: float) -> None:
        assert self.heard is not None
        for _ in range(round(days * DAY / STEP)):
            self.clock.move_to(self.clock.now() + STEP)
            await self.heard.ticks.look_now()
            self.heard.sender.wake()
            await until(self._nothing_to_send)

    async def _nothing_to_send(self) -> bool:
        assert self.heard is not None
        async with self.heard.store.read() as conn:
            due = await outbox.next_due(conn)
        return due is None or due > self.clock.now()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[OneClock]:
    await found(tmp_path, ROLES)
    clock = MovableClock(MORNING)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        sandbox = SandboxServer(TOKEN, SandboxOptions(limits=False, webhook_pause=0.05))
        sandbox.world.now = clock.now
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        yield OneClock(clock, tmp_path, sandbox, Street(http, sandbox.url))


async def shown(phone: Phone) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = (await phone.chat())["messages"]
    return messages


async def some_deleted(phone: Phone) -> bool:
    return bool((await phone.chat())["deleted"])


async def clears(phone: Phone) -> dict[str, Any]:
    await phone.say("clear this chat")
    await phone.tap("Yes, clear it")
    return await phone.until("I have cleared")


async def test_a_cleared_chat_shows_only_the_way_back_and_the_way_to_help(world: OneClock) -> None:
    async with world.heard_runs():
        phone = await world.street.newcomer("Ann")
        await phone.start()
        await phone.say(WORDS)
        reference = await send(phone)
        before = {one["id"] for one in await shown(phone)}
        told = await clears(phone)
        left = await shown(phone)
    assert "I have cleared our chat." in told["text"]
    assert reference in told["text"]
    assert "999" in told["text"]
    assert not before & {one["id"] for one in left}
    assert all(one["from"] == "bot" and WORDS not in one["text"] for one in left)
    assert left[0]["id"] == told["id"]


async def test_what_is_older_than_two_days_stays_and_how_to_delete_it_is_told(
    world: OneClock,
) -> None:
    async with world.heard_runs():
        phone = await world.street.newcomer("Ann")
        await phone.start()
        await phone.say("old words")
        await phone.until("not sent")
        await world.pass_days(2.5)
        await phone.say(WORDS)
        reference = await send(phone)
        told = await clears(phone)
        texts = [one["text"] for one in await shown(phone)]
    assert "Clear history" in told["text"] and reference in told["text"]
    assert "old words" in texts
    assert WORDS not in texts


async def test_a_stop_in_the_middle_of_clearing_is_gone_on_from(world: OneClock) -> None:
    async with world.heard_runs():
        phone = await world.street.newcomer("Ann")
        for number in range(120):
            await phone.say(f"{WORDS} {number}")
        await phone.until("not sent")
        await send(phone)
        await phone.say("clear this chat")
        await world.street.control("faults", kind="cut", method="deleteMessages", after=True)
        await phone.tap("Yes, clear it")
        await until(partial(some_deleted, phone))
    async with world.heard_runs():
        await world.pass_days(1)  # what failed is tried again in the same time as all else
        told = await phone.until("I have cleared our chat.")
        assert next(iter(await shown(phone)))["id"] == told["id"]


async def test_thirty_days_of_a_draft_bring_one_reminder_and_none_once_it_is_off(
    world: OneClock,
) -> None:
    async with world.heard_runs():
        phone = await world.street.newcomer("Ann")
        await phone.say(WORDS)
        await phone.until("not sent")
        await world.pass_days(30)
        nudges = [one for one in await shown(phone) if NUDGE in one["text"]]
        assert len(nudges) == 1
        came = world.clock.now().fromisoformat(nudges[0]["date"])
        assert timedelta() < came - MORNING <= DAY and 9 <= came.hour < 20
        await phone.tap("No more reminders")
        await phone.tap("Stop")
        await phone.tap("Delete it")
        await phone.say("another day, another matter")
        await phone.until("not sent")
        await world.pass_days(3)
        assert len([one for one in await shown(phone) if NUDGE in one["text"]]) == 1
