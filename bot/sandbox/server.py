"""Runs the sandbox as a web server inside whoever's event loop: the Bot API, the people's API and
the phones.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from bot.sandbox import state
from bot.sandbox.botapi import BotApi
from bot.sandbox.clock import ClockControls, real_now
from bot.sandbox.control import Control
from bot.sandbox.intake import Intake
from bot.sandbox.limits import Limits
from bot.sandbox.page import Link, Page
from bot.sandbox.people_api import PeopleApi
from bot.sandbox.webhook import Deliverer, Webhook
from bot.sandbox.world import World
from bot.web import WebServer

EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared with, for a container, never a default
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How to run it. ``webhook_pause`` is the first backoff in seconds; ``seed`` makes ids
    repeatable.
    """

    host: str = "127.0.0.1"
    port: int = 0
    people: Sequence[str] = ()
    clock: ClockControls | None = None
    links: Sequence[Link] = ()
    limits: bool = True
    state_file: Path | None = None
    webhook_pause: float = 1.0
    seed: int | None = None


class SandboxServer:
    """``await start()``, use ``url``, ``await stop()``. The Bot API's base URL for the library is
    ``url + "/bot"``.

    The token is the one that the bot must use; its digits before the colon become the bot's id.
    """

    def __init__(self, token: str, options: SandboxOptions = SandboxOptions()) -> None:
        self.options = options
        clock = options.clock
        now = real_now if clock is None else clock.now
        self.world = World(int(token.partition(":")[0]), now, Random(options.seed))  # noqa: S311 - ids, no secrets
        self._deliverer = Deliverer(self.world, options.webhook_pause)
        self._intake = Intake(self.world, self._deliverer)
        limits = Limits(time.monotonic, options.limits)
        self._bot_api = BotApi(token, self.world, self._intake, limits)
        self._control = Control(self.world, self._bot_api, self._deliverer)
        self._web = WebServer(self.app(), options.host, options.port)
        self._running = False

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end; known once ``start`` has returned."""
        return self._web.url

    @property
    def polled(self) -> bool:
        """Whether the bot is waiting in a long poll, for tests that must not guess."""
        return self._intake.polled

    def app(self) -> Starlette:
        """The web application."""
        # Answering only to this machine's names keeps foreign pages out (DNS rebinding).
        hosts = ["*"] if self.options.host == EVERYWHERE else [*LOCAL_NAMES, self.options.host]
        every = ["GET", "POST"]
        return Starlette(
            routes=[
                Route("/file/bot{token}/{path:path}", self._bot_api.download),
                Route("/bot{token}/{method}", self._bot_api.__call__, methods=every),
                *PeopleApi(self.world).routes(),
                *self._control.routes(),
                *Page(self.options.clock, self.options.links).routes(),
            ],
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts)],
        )

    async def start(self) -> None:
        """Load what was kept, seed the people and listen. Raises OSError when the port is taken."""
        webhook = self._load()
        for name in self.options.people:
            if name not in [person.name for person in self.world.people.values()]:
                self.world.new_person(name)
        await self._web.start()
        self._running = True
        await self._deliverer.set(webhook)

    async def stop(self) -> None:
        """Let everyone who waits go home, stop listening, keep the state if asked to."""
        if not self._running:
            return
        self._running = False
        self.world.news.close()
        self._intake.close()
        self._bot_api.closing.set()
        webhook = self._deliverer.to_json()
        await self._deliverer.stop()
        await self._web.stop()
        if self.options.state_file is not None:
            state.save_file(self.options.state_file, state.to_json(self.world, webhook))

    def _load(self) -> Webhook | None:
        path = self.options.state_file
        if path is None or not path.exists():
            return None
        return state.load(self.world, state.load_file(path))
