"""Runs the sandbox alone, for tests that kill the bot while Telegram stays."""

from __future__ import annotations

import argparse
import asyncio
import signal
from pathlib import Path

from bot.sandbox.server import SandboxOptions, SandboxServer

ABOUT = "A small, strict Telegram Bot API server with phones on a web page, for this machine only."
DEFAULT_TOKEN = "1000001:sandbox-token"  # noqa: S105 - opens nothing but this sandbox


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser("python -m bot.sandbox", description=ABOUT)
    line.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    line.add_argument("--port", type=int, default=0, help="port; 0 takes a free one (%(default)s)")
    line.add_argument("--token", default=DEFAULT_TOKEN, help="the bot's token (%(default)s)")
    line.add_argument("--person", action="append", default=[], metavar="NAME", help="add a phone")
    line.add_argument("--state", type=Path, metavar="FILE", help="keep everything in this file")
    line.add_argument("--no-limits", action="store_true", help="switch flood limits off, for load")
    line.add_argument("--seed", type=int, help="make ids repeatable")
    line.add_argument(
        "--webhook-pause", type=float, default=1.0, metavar="SECONDS", help="base of the backoff"
    )
    return line


async def run(arguments: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM; the first line of output is the address."""
    options = SandboxOptions(
        host=arguments.host,
        port=arguments.port,
        people=arguments.person,
        limits=not arguments.no_limits,
        state_file=arguments.state,
        webhook_pause=arguments.webhook_pause,
        seed=arguments.seed,
    )
    server = SandboxServer(arguments.token, options)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await server.start()
    print(server.url, flush=True)  # noqa: T201 - whoever started it waits for this line
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    asyncio.run(run(parser().parse_args()))
