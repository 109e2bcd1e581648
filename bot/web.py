"""Serve a web application inside this process's event loop, leaving signals to the process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette


class _Server(uvicorn.Server):
    ready: asyncio.Event

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class WebServer:
    """`await start()`, use `url`, `await stop()`. Port 0 lets the system choose one."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        self._app = app
        self._wanted = host, port
        self._address: tuple[str, int] = host, port
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end; known once `start` has returned."""
        return "http://{}:{}".format(*self._address)

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        listener = _bound(*self._wanted)
        self._address = listener.getsockname()[:2]
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan="off",
            backlog=2048,
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config)
        self._server.ready = asyncio.Event()
        self._task = asyncio.create_task(self._server.serve([listener]))
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({ready, self._task}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Let requests in hand finish, for two seconds at most, then close. Twice is harmless."""
        if self._server is None or self._task is None:
            return
        self._server.should_exit = True
        await self._task
        self._server = None


def _bound(host: str, port: int) -> socket.socket:
    # Named TCP, or asyncio would leave out TCP_NODELAY and each answer would wait 40 ms.
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def free_port() -> int:
    """A port of this machine that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
