"""The one place that wires everything: settings in, a running Heard out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

from starlette.applications import Starlette

from bot import watching
from bot.admin import socket
from bot.admin.commands import OPERATIONS
from bot.admin.model import Hands, Refused
from bot.casework.access import missing_roles
from bot.channel import application, menu
from bot.channel.courtesy import Courtesy
from bot.channel.delivery import Delivery
from bot.channel.fetching import fetching
from bot.channel.fixed import Fixed
from bot.channel.intake import Intake
from bot.channel.limits import Limits
from bot.channel.polling import Polling
from bot.channel.sender import Post, Sender
from bot.channel.webhook import Webhook
from bot.clock import Clock, SystemClock
from bot.console.app import console_app
from bot.desk.desk import Desk
from bot.housing import make_house
from bot.mailing import mailing_of, waking
from bot.ticks import Ticks
from bot.turns.house import House
from bot.turns.people import working
from bot.turns.talk import Turns
from bot.web import WebServer
from config.settings import Settings
from storage import meta, outbox, staff
from storage.engine import Store
from storage.secrets import RECOVERY, Secrets

log = logging.getLogger(__name__)


@dataclass
class Heard:
    """The running parts. Tasks that end by themselves end the process: something is wrong."""

    house: House
    store: Store
    keys: Secrets
    turns: Turns
    desk: Desk
    ticks: Ticks
    sender: Sender
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def until(self, stop: asyncio.Event) -> None:
        """Run until told to stop. Raises what ended a part that should not have ended."""
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({stopping, *self.tasks}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        for task in self.tasks:
            if task.done():
                task.result()


def run(settings: Settings) -> None:
    """Run until SIGTERM or Ctrl-C. What is in hand is finished, or is safe for the next start."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = stop_signal()
    async with running(settings, SystemClock()) as heard:
        log.info("started")
        await heard.until(stop)
    log.info("stopped")


def stop_signal() -> asyncio.Event:
    """Set by SIGTERM and Ctrl-C."""
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    return stop


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Heard]:
    """Open everything in the order of need, and close it in the reverse.

    Raises Refused when a concern could go to nobody, or when keys and database do not belong
    together.
    """
    async with AsyncExitStack() as stack:
        keys = Secrets.load(settings.secrets)
        store = await Store.open(settings.database)
        stack.push_async_callback(store.close)
        await _fit_to_start(settings, store, keys)
        heard = await _wire(settings, clock, store, keys, stack)
        yield heard


async def _fit_to_start(settings: Settings, store: Store, keys: Secrets) -> None:
    async with store.read() as conn:
        public = await meta.get(conn, meta.RECOVERY_PUBLIC)
        everyone = working(await staff.everyone(conn, keys))
    if public not in keys.roots[RECOVERY]:  # two while it is being replaced
        raise Refused(
            f"The keys in {settings.secrets} do not belong to this database. Nothing was started. "
            "Point HEARD_SECRETS at the folder that `heard init` made with it."
        )
    if not settings.teams:
        raise Refused("There is no team. Add [[teams]] to the settings file (HEARD_CONFIG).")
    if gaps := missing_roles(everyone, settings.teams):
        raise Refused(
            "A concern could go to a role that nobody holds:\n  "
            + "\n  ".join(gaps)
            + "\nAdd people with: heard staff add NAME --team TEAM --role ROLE"
        )
    if store.is_sqlite:
        async with store.write() as conn:
            await outbox.reset_claims(conn)


async def _wire(
    settings: Settings, clock: Clock, store: Store, keys: Secrets, stack: AsyncExitStack
) -> Heard:
    house = make_house(settings, clock.now())
    for language in settings.languages:
        house.lexicon(language)  # a fault in its lists must stop the start, not the first who write
    telegram = application.build(settings.telegram_token, settings.telegram_api)
    stack.push_async_callback(telegram.shutdown)
    bot, limits = telegram.bot, Limits(settings.telegram_rate)
    sender = Sender(Post(store, keys, clock.now), Delivery(bot, limits), limits)
    mailing = await mailing_of(settings, store, keys, house, clock)
    ours = (store, keys, house, clock, waking(sender, *mailing))
    ticks = Ticks(watching.looks(*ours))
    heard = Heard(house, store, keys, Turns(*ours), Desk(*ours), ticks, sender)
    await _serve_admin(settings, clock, heard, stack)
    await _serve_console(settings, clock, heard, stack)
    courtesy = Courtesy(bot, limits)
    fixed = Fixed(bot, limits, house.languages.in_each("fixed.cannot-save"))
    stack.push_async_callback(fixed.stop)
    await ticks.look_now()
    ticks.start()
    stack.push_async_callback(ticks.stop)
    parts: list[Part] = [courtesy, sender, *mailing, fetching(ours, bot, limits)]
    for part in parts:
        _keep_running(heard, part, stack)
    intake = Intake(heard.turns, fixed, courtesy.offer)
    await _take_in(settings, telegram, intake, heard, stack)
    return heard


async def _take_in(
    settings: Settings,
    telegram: application.TelegramApp,
    intake: Intake,
    heard: Heard,
    stack: AsyncExitStack,
) -> None:
    """Begin to receive updates, as soon as Telegram can be reached. People who write meanwhile
    wait with Telegram, and staff can work already."""
    part: Part = Polling(telegram.bot, intake)
    begin: Callable[[], Awaitable[None]] = partial(application.receive_by_polling, telegram.bot)
    if settings.webhook_url is not None:
        hook = Webhook(intake, settings.webhook_secret, urlsplit(settings.webhook_url).path or "/")
        server = WebServer(
            Starlette(routes=[hook.route]), settings.webhook_host, settings.webhook_port
        )
        await server.start()
        stack.push_async_callback(server.stop)
        begin = partial(
            application.receive_by_webhook,
            telegram.bot,
            settings.webhook_url,
            settings.webhook_secret,
        )
        part = hook
    _keep_running(heard, _Intake(telegram, begin, part, menu.profile(heard.house.wording)), stack)


class Part(Protocol):
    """Something that runs until it is told to stop."""

    async def run(self) -> None: ...

    async def stop(self) -> None: ...


@dataclass
class _Intake:
    """Reach Telegram, say who we are, then receive. Stopping before it was reached is fine."""

    telegram: application.TelegramApp
    begin: Callable[[], Awaitable[None]]
    part: Part
    profile: application.Profile
    reached: asyncio.Task[None] | None = None

    async def run(self) -> None:
        self.reached = asyncio.create_task(self._reach())
        with contextlib.suppress(asyncio.CancelledError):
            await self.reached
            hello = application.introduce(self.telegram.bot, self.profile)
            await asyncio.gather(hello, self.part.run())

    async def _reach(self) -> None:
        await application.connect(self.telegram)
        await self.begin()

    async def stop(self) -> None:
        if self.reached is not None:
            self.reached.cancel()
        await self.part.stop()


def _keep_running(heard: Heard, part: Part, stack: AsyncExitStack) -> None:
    task = asyncio.create_task(part.run())
    heard.tasks.append(task)

    async def end() -> None:
        await part.stop()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)


async def _serve_admin(
    settings: Settings, clock: Clock, heard: Heard, stack: AsyncExitStack
) -> None:
    path = socket.path_of(settings)
    if path is not None:
        hands = Hands(settings, heard.keys, heard.store, clock)
        await stack.enter_async_context(socket.serving(path, hands, OPERATIONS))


async def _serve_console(
    settings: Settings, clock: Clock, heard: Heard, stack: AsyncExitStack
) -> None:
    app = console_app(heard.desk, heard.store, heard.keys, settings, clock)
    server = WebServer(app, settings.console_host, settings.console_port)
    await server.start()
    stack.push_async_callback(server.stop)
