"""Heard on one machine, with Telegram's part played by the sandbox: no token, no internet."""

from __future__ import annotations

import asyncio
import errno
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.admin import founding, staff
from bot.admin.model import Hands, Refused
from bot.app import Heard, running, stop_signal
from bot.clock import MovableClock
from bot.demo.clock import DemoClock
from bot.demo.made_up import PASSPHRASE, PHONES, SHOWN_STAFF, STAFF, WITH_THE_PHONE
from bot.demo.past import Parts, beginning, live, tuesday_morning
from bot.housing import make_house
from bot.sandbox import Link, SandboxOptions, SandboxServer, people
from bot.web import free_port
from config import settings as configuration
from config.settings import Settings
from storage import staff as staff_rows
from storage.engine import Store
from storage.secrets import Secrets

TOKEN: Final = "1000001:the-sandbox-takes-any-bot-for-this-one"  # noqa: S105 -- opens nothing
ASK: Final = "Write “who will see this?”, “my concerns” or “my data”."
MADE_UP: Final = Path(__file__).with_name("made_up.toml")


class _Quiet:
    """The demo speaks for itself; what commands say while it is set up is not shown."""

    async def line(self, text: str) -> None: ...

    async def progress(self, text: str) -> None: ...


def demo(keep: Path | None, port: int) -> None:
    """Run until Ctrl-C. Without `keep`, everything it wrote is removed at the end.

    Raises Refused when a port is taken.
    """
    folder = keep or Path(tempfile.mkdtemp(prefix="heard-demo-"))
    try:
        asyncio.run(_demo(folder.absolute(), port, kept=keep is not None))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Refused(
            f"Port {port} or {port + 1} is in use, perhaps by another demo. Stop that, or let the "
            "system choose: `make demo DEMO='--port 0'` or `heard demo --port 0`."
        ) from None
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


async def _demo(folder: Path, port: int, *, kept: bool) -> None:
    print("Setting up a made-up Heard ...", flush=True)
    stop = stop_signal()
    # A closed terminal window must not leave what was typed behind.
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, stop.set)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    phones, console = (port, port + 1) if port else (0, free_port())
    chosen = _settings(folder, f"http://127.0.0.1:{console}")
    clock = MovableClock(_start(folder, datetime.now(UTC)), time.monotonic)
    controls = DemoClock(clock, chosen.timezone)
    async with AsyncExitStack() as stack:
        sandbox = SandboxServer(TOKEN, _options(chosen, folder, phones, controls))
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        if not chosen.secrets.exists():
            await _set_up(chosen, clock.now())
        with_phones = configuration.load(_environment(folder, chosen.console_url, sandbox.url))
        heard = await stack.enter_async_context(running(with_phones, clock))
        controls.heard = heard
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
        "HEARD_SECOND_FACTOR": "offered",  # whoever tries it has no phone at hand
    }


def _settings(folder: Path, console_url: str) -> Settings:
    return configuration.load(_environment(folder, console_url, "http://127.0.0.1:1"))


def _start(folder: Path, now: datetime) -> datetime:
    """A kept demo goes on where its clock stood. A new one begins on a morning early in the week:
    started late at night or before a holiday, nothing would come until people may be disturbed.
    """
    try:
        return datetime.fromisoformat((folder / "clock").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return tuesday_morning(now)


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
        await live(Parts(store, hands.secrets, house, clock), now)
    finally:
        await store.close()


def _options(chosen: Settings, folder: Path, port: int, controls: DemoClock) -> SandboxOptions:
    answers, leads, _ = (one.name for one in SHOWN_STAFF)
    return SandboxOptions(
        port=port,
        people=PHONES,
        clock=controls,
        links=(
            Link(
                "1. Raise a concern",
                "",
                f"On the {PHONES[0].lower()}'s phone: Start, write what worries you, Send, "
                "Rowan ward, “No, send it”.",
            ),
            Link(
                "2. Answer it in the staff console",
                chosen.console_url,
                f"Sign in as {answers}. Passphrase: {PASSPHRASE}",
            ),
            Link(
                "3. Let time pass",
                "",
                f"Press “To the next event”: {leads}, the lead, gets his daily list, and a "
                "missed date is owned up to.",
            ),
            Link("4. Ask at any moment", "", f"{ASK} Attach a photo. Tap “Get help now”."),
        ),
        state_file=folder / "phones.json",
    )


async def _link_phone(sandbox: SandboxServer, heard: Heard) -> None:
    """The member of staff's new phone sends the one-time code that the console would show."""
    phone = next(one for one in sandbox.world.people.values() if one.name == PHONES[-1])
    async with heard.store.read() as conn:
        row = await staff_rows.by_name(conn, heard.keys, WITH_THE_PHONE)
    if row is None or row.linked or phone.started:
        return
    code = await heard.desk.start_link(row.id)
    people.say(sandbox.world, phone.id, {"text": f"/link {code}"})


def _welcome(phones: str, chosen: Settings, kept: Path | None) -> None:
    indent = "\n" + " " * 17
    names = indent.join(f"{one.name:<13} {one.part}" for one in SHOWN_STAFF)
    print(
        f"""
Heard is running on this machine. Everything in it is made up.

  Phones         {phones}
  Staff console  {chosen.console_url}
  Sign in as     {names}
  Passphrase     {PASSPHRASE}

What to try, in two minutes:
  1. Open the phones. On the first: Start, write what worries you, Send, Rowan ward,
     "No, send it". What is asked after the receipt can all be skipped.
  2. Sign in to the console as {SHOWN_STAFF[0].name}. Open it, acknowledge it, write the outcome.
  3. Read it on the phone. Tap "Not really": it goes one level up, to {SHOWN_STAFF[1].name}.
  4. Send another and answer nothing. Press "To the next event" above the phones: daily lists
     come, and people are told the truth when a date is missed.
  5. At any moment: {ASK} Attach a photo. Tap "Get help now".

{f"Kept in {kept}. " if kept else ""}Ctrl-C stops it.""",
        flush=True,
    )
