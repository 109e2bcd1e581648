"""Heard on one machine, with Telegram's part played by the sandbox: no token, no internet."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.admin import founding, staff
from bot.admin.model import Hands
from bot.app import Heard, make_house, running, stop_signal
from bot.clock import MovableClock
from bot.demo.clock import DemoClock
from bot.demo.made_up import PASSPHRASE, PHONES, SHOWN_STAFF, STAFF
from bot.demo.past import Time, beginning, live
from bot.sandbox import Link, SandboxOptions, SandboxServer, people
from bot.web import free_port
from config import settings as configuration
from config.settings import Settings
from storage import staff as staff_rows
from storage.engine import Store
from storage.secrets import Secrets

TOKEN: Final = "1000001:the-sandbox-takes-any-bot-for-this-one"  # noqa: S105 -- opens nothing
MADE_UP: Final = Path(__file__).with_name("made_up.toml")


class _Quiet:
    """The demo speaks for itself; what commands say while it is set up is not shown."""

    async def line(self, text: str) -> None: ...

    async def progress(self, text: str) -> None: ...


def demo(keep: Path | None, port: int) -> None:
    """Run until Ctrl-C. Without `keep`, everything it wrote is removed at the end."""
    folder = keep or Path(tempfile.mkdtemp(prefix="heard-demo-"))
    try:
        asyncio.run(_demo(folder.absolute(), port, kept=keep is not None))
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


async def _demo(folder: Path, port: int, *, kept: bool) -> None:
    print("Setting up a made-up Heard ...", flush=True)
    stop = stop_signal()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    phones, console = (port, port + 1) if port else (0, free_port())
    chosen = _settings(folder, f"http://127.0.0.1:{console}")
    fresh = not (chosen.secrets.exists())
    if fresh:
        await _set_up(chosen, datetime.now(UTC))
    clock = MovableClock(_resumed(folder), time.monotonic)
    controls = DemoClock(clock, chosen.timezone)
    async with AsyncExitStack() as stack:
        sandbox = SandboxServer(TOKEN, _options(chosen, folder, phones, controls))
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        with_phones = configuration.load(_environment(folder, chosen.console_url, sandbox.url))
        heard = await stack.enter_async_context(running(with_phones, clock))
        controls.heard = heard
        if fresh:
            await _link_phone(sandbox, heard)
        _welcome(sandbox.url, chosen, folder if kept else None)
        await heard.until(stop)
        (folder / "clock").write_text(clock.now().isoformat(), encoding="utf-8")
    print("\nStopped." + (f" Kept in {folder}." if kept else " Nothing is left behind."))


def _environment(folder: Path, console_url: str, telegram: str) -> Mapping[str, str]:
    return {
        "HEARD_CONFIG": str(MADE_UP),
        "HEARD_TELEGRAM_TOKEN": TOKEN,
        "HEARD_TELEGRAM_API": telegram,
        "HEARD_DATABASE": f"sqlite+aiosqlite:///{folder / 'heard.db'}",
        "HEARD_SECRETS": str(folder / "secrets"),
        "HEARD_CONSOLE_URL": console_url,
        "HEARD_CONSOLE_PORT": console_url.rpartition(":")[2],
        "HEARD_LOG_LEVEL": "error",
    }


def _settings(folder: Path, console_url: str) -> Settings:
    return configuration.load(_environment(folder, console_url, "http://127.0.0.1:1"))


def _resumed(folder: Path) -> datetime:
    """A kept demo goes on where its clock stood, which may be ahead of the machine's."""
    now = datetime.now(UTC)
    try:
        return max(now, datetime.fromisoformat((folder / "clock").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return now


async def _set_up(chosen: Settings, now: datetime) -> None:
    """What an operator does once, and then the past, up to now."""
    clock = MovableClock(beginning(now))
    await founding.found(chosen)
    store = await Store.open(chosen.database)
    try:
        hands = Hands(chosen, Secrets.load(chosen.secrets), store, clock)
        for one in STAFF:
            ask = {
                "name": one.name,
                "teams": list(one.teams),
                "roles": [role.value for role in one.roles],
                "passphrase": PASSPHRASE,
            }
            await staff.add(hands, ask, _Quiet())
        house = make_house(chosen, clock.now())
        await live(Time(store, hands.secrets, house, clock), now)
    finally:
        await store.close()


def _options(chosen: Settings, folder: Path, port: int, controls: DemoClock) -> SandboxOptions:
    hint = f"Sign in as {' or '.join(SHOWN_STAFF)}. Passphrase: {PASSPHRASE}"
    return SandboxOptions(
        port=port,
        people=PHONES,
        clock=controls,
        links=(Link("Staff console", chosen.console_url, hint),),
        state_file=folder / "phones.json",
    )


async def _link_phone(sandbox: SandboxServer, heard: Heard) -> None:
    """The member of staff's phone sends the one-time code that the console would show."""
    async with heard.store.read() as conn:
        row = await staff_rows.by_name(conn, heard.keys, SHOWN_STAFF[0])
    if row is None:
        return
    code = await heard.desk.start_link(row.id)
    phone = next(one for one in sandbox.world.people.values() if one.name == PHONES[-1])
    people.say(sandbox.world, phone.id, {"text": f"/link {code}"})


def _welcome(phones: str, chosen: Settings, kept: Path | None) -> None:
    names = " or ".join(SHOWN_STAFF)
    print(
        f"""
Heard is running on this machine. Everything in it is made up.

  Phones         {phones}
  Staff console  {chosen.console_url}
  Sign in as     {names}, passphrase: {PASSPHRASE}

Write something on the service user's phone, send it, then answer it in the console.
Move the clock at the top of the phones page to see promises, digests and outcomes come.
{f"Kept in {kept}. " if kept else ""}Ctrl-C stops it.""",
        flush=True,
    )
