"""The console with 100,000 concerns: the lists and a search, over real HTTP, and its memory.

The concerns that are searched are sealed for real, each with its wrap and three parts. Of the
others only what is in the clear is real: nobody opens them here, so their sealed columns hold
random bytes of the same size.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import insert, update

from bot.casework.promises import ENGLAND
from bot.casework.working_days import Calendar
from bot.clock import MovableClock
from bot.console.app import console_app
from bot.desk.desk import Desk
from bot.turns.house import House
from bot.turns.languages import Languages
from bot.web import WebServer
from config import contacts
from config.settings import load
from config.wording import Wording
from storage import concerns, staff
from storage.concerns import NewConcern, NewPart
from storage.engine import Store
from storage.schema import concerns as stored
from storage.schema import wraps
from storage.secrets import Secrets
from tests.console.browsing import Browser
from tests.console.conftest import NOW, build, database, free_port, settings_file

ALL, READABLE, PARTS = 100_000, 5_000, 3
AT_ONCE = 2_500
TYPING = 4  # seconds
# Nine of ten are closed: some years of a trust's concerns.
STATES = (*("closed",) * 18, "looking", "sent")
WORDS = ("nobody", "came", "bell", "night", "nurse", "told", "my", "sister", "to", "wait", "again")


# What the console's own process runs.
SERVE = f"""
import asyncio, pathlib, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.console import bench_inbox
asyncio.run(bench_inbox.serve(pathlib.Path(sys.argv[1]), int(sys.argv[2])))
"""


async def fill(folder: Path) -> None:
    """All concerns for Ines, of which the first `READABLE` are for Anna."""
    keys, store = Secrets.load(folder / "secrets"), await Store.open(database(folder))
    async with store.read() as conn:
        ids = {row.name: row.id for row in await staff.everyone(conn, keys)}
    for start in range(0, READABLE, 500):
        new = [really(number, ids) for number in range(start, start + 500)]
        async with store.write() as conn:
            await concerns.send(conn, keys, new)
            for one, number in zip(new, range(start, start + 500), strict=True):
                await conn.execute(
                    update(stored)
                    .where(stored.c.id == one.id)
                    .values(**clear(number), acknowledged_at=NOW)
                )
    for start in range(READABLE, ALL, AT_ONCE):
        rows = [cheaply(number) for number in range(start, start + AT_ONCE)]
        async with store.write() as conn:
            await conn.execute(insert(stored), rows)
            held = [
                {"concern_id": row["id"], "reader_id": ids["Ines Bell"], "body": os.urandom(1202)}
                for row in rows
            ]
            await conn.execute(insert(wraps), held)
    await store.close()


def clear(number: int) -> dict[str, object]:
    state = STATES[number % len(STATES)]
    due = None if state == "closed" else NOW + timedelta(hours=number % 500 - 20)
    sent = NOW - timedelta(minutes=15 * number)
    return {
        "state": state,
        "sent_at": sent,
        "state_since": sent + timedelta(days=5),
        "due_at": due,
        "due_kind": None if due is None else "answer",
        "in_danger": number % 500 == 19,
    }


def really(number: int, ids: dict[str, str]) -> NewConcern:
    concern = secrets.token_hex(16)
    said = " ".join(secrets.choice(WORDS) for _ in range(40))
    needle = " needle" if number % 50 == 0 else ""
    parts = tuple(
        NewPart(secrets.token_hex(16), concern, kind, None, NOW, text.encode())
        for kind, text in (("words", said), ("added", said + needle), ("answer", said))
    )
    assert len(parts) == PARTS
    return NewConcern(
        id=concern,
        reference=f"REAL-{number:06}",
        team="willow",
        state="sent",
        level=0,
        sent_at=NOW,
        due_at=None,
        due_kind=None,
        conversation_id=secrets.token_hex(16),
        parts=parts,
        excluded=frozenset(),
        readers=frozenset({ids["Anna Osei"], ids["Ines Bell"]}),
    )


def cheaply(number: int) -> dict[str, object]:
    return clear(number) | {
        "id": secrets.token_hex(16),
        "reference": f"BULK-{number:06}",
        "team": "willow" if number % 2 else "birch",
        "level": 0,
        "missed": 0,
        "six_months_told": False,
        "public_key": os.urandom(1216),
        "return_sealed": os.urandom(62),
        "undelivered": False,
        "version": 1,
        "acknowledged_at": NOW,
    }


async def serve(folder: Path, port: int) -> None:
    """The console as a process of its own."""
    settings = load(
        {
            "HEARD_CONSOLE_URL": f"http://127.0.0.1:{port}",
            "HEARD_CONSOLE_PORT": str(port),
            "HEARD_ORGANISATION": "Northmoor Mental Health",
            "HEARD_SECOND_FACTOR": "offered",
            "HEARD_CONFIG": str(settings_file(folder)),
        }
    )
    house = House(
        organisation=settings.organisation,
        bot_id=1,
        teams=settings.teams,
        languages=Languages.of([Wording.load()], contacts.load()),
        calendar=Calendar("Europe/London", frozenset()),
        clocks=ENGLAND,
        console_url=settings.console_url,
    )
    keys, clock = Secrets.load(folder / "secrets"), MovableClock(NOW)
    store = await Store.open(database(folder))
    desk = Desk(store, keys, house, clock, lambda: None)
    server = WebServer(console_app(desk, store, keys, settings, clock), "127.0.0.1", port)
    await server.start()
    print("open", flush=True)
    await asyncio.Event().wait()


async def timed(browser, path: str, times: int = 15) -> list[float]:
    """Milliseconds of each."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        page = await browser.get(path)
        took.append((time.perf_counter() - began) * 1000)
        assert page.status == 200
    return took


def memory(process) -> SimpleNamespace:
    """What the process holds now and held at the most, in MiB."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    said = dict(line.split(":", 1) for line in lines)
    return SimpleNamespace(
        now=int(said["VmRSS"].split()[0]) / 1024, peak=int(said["VmHWM"].split()[0]) / 1024
    )


def cpu(process) -> float:
    """Seconds of processor that the process has had: what holds on a busy machine too."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def others(browser, done: asyncio.Event) -> list[float]:
    """Somebody else's pages meanwhile."""
    took = []
    while not done.is_set():
        took += await timed(browser, "/me", 1)
        await asyncio.sleep(0.02)
    return took


async def searched(browser) -> tuple[float, str]:
    page = await browser.get("/concerns/search")
    began = time.perf_counter()
    asked = await browser.post(
        "/concerns/search", {"csrf": page.csrf, "words": "needle", "team": ""}
    )
    found = await browser.get(asked.headers["Location"])
    return time.perf_counter() - began, found.text


def heading(text: str) -> str:
    return text.partition('id="found">')[2].partition("<")[0]


async def bench_inbox(tmp_path):
    await build(tmp_path)
    began = time.perf_counter()
    await fill(tmp_path)
    size = (tmp_path / "heard.db").stat().st_size / 1e6
    print(f"\n{ALL:,} concerns made in {time.perf_counter() - began:.0f} s, {size:.0f} MB")
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SERVE, str(tmp_path), str(port)),
        stdout=asyncio.subprocess.PIPE,
    )
    ines, anna = (Browser(f"http://127.0.0.1:{port}") for _ in range(2))
    try:
        assert await process.stdout.readline() == b"open\n"
        await ines.sign_in("Ines Bell")
        await anna.sign_in("Anna Osei")
        start = memory(process)
        print(f"memory at the start: {start.now:.0f} MiB")
        for who, browser in (("who reads all of them", ines), (f"of {READABLE:,} of them", anna)):
            for path in ("", "?show=us", "?show=closed", "?show=closed&page=300", "?team=willow"):
                before = cpu(process)
                took = await timed(browser, f"/concerns{path}")
                own = (cpu(process) - before) / len(took) * 1000
                print(
                    f"list {path or '(first page)':22} {who:22} median "
                    f"{statistics.median(took):4.0f} ms, worst {max(took):4.0f} ms, "
                    f"processor {own:4.0f} ms"
                )
        print(f"memory after the lists: {memory(process).now:.0f} MiB")
        await anna.get("/concerns/search")  # the form; a few words are typed into it
        await asyncio.sleep(TYPING)
        done = asyncio.Event()
        waiting = asyncio.create_task(others(ines, done))
        before = cpu(process)
        cold, text = await searched(anna)
        own = cpu(process) - before
        done.set()
        meanwhile = await waiting
        print(
            f"first search, {TYPING} s after its form: {cold:.2f} s "
            f"(processor {own:.2f} s with others' pages); "
            f"read all: {'read so far' not in text}; {heading(text)}"
        )
        print(
            f"somebody else's pages meanwhile: median {statistics.median(meanwhile):.0f} ms, "
            f"worst {max(meanwhile):.0f} ms"
        )
        while "read so far" in text:
            _, text = await searched(anna)
        for _ in range(3):
            before = cpu(process)
            warm, text = await searched(anna)
        assert "100 concerns found" in text
        end = memory(process)
        own = cpu(process) - before
        print(
            f"search, warm: {warm:.2f} s, processor {own:.2f} s ({cold / warm:.0f} times as fast)"
        )
        print(f"memory: {end.now:.0f} MiB now, {end.peak:.0f} MiB at the most")
        assert end.peak < start.now + 400
    finally:
        process.terminate()
        await process.wait()
        await ines.http.close()
        await anna.http.close()
