"""One place wires everything: an unfit Heard does not start, and a stopped one lost nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import update

from bot.admin.model import Refused
from bot.app import make_house, running
from bot.sandbox import people
from bot.sandbox.server import SandboxOptions, SandboxServer
from bot.web import free_port
from config.settings import load
from storage import schema
from storage.engine import FileInUse, NotMigrated, Store
from storage.secrets import Secrets
from tests.turns.built import database, opened
from tests.turns.world import NOW

ROOT = Path(__file__).parents[2]
TOKEN = "7000001:" + "A" * 35
PEOPLE, ROUNDS = 12, 2


def environment(folder, telegram="http://127.0.0.1:9", **more):
    port = str(free_port())
    given = {
        "HEARD_CONFIG": str(folder / "heard.toml"),
        "HEARD_DATABASE": database(folder),
        "HEARD_SECRETS": str(folder / "secrets"),
        "HEARD_TELEGRAM_TOKEN": TOKEN,
        "HEARD_TELEGRAM_API": telegram,
        "HEARD_TELEGRAM_RATE": "0",
        "HEARD_CONSOLE_URL": f"http://127.0.0.1:{port}",
        "HEARD_CONSOLE_PORT": port,
    }
    return given | more


@pytest.fixture
def folder(pattern, tmp_path):
    shutil.copytree(pattern, tmp_path / "trust", copy_function=shutil.copy2)
    return tmp_path / "trust"


async def refusal(settings, clock=None, kind=Refused):
    with pytest.raises(kind) as error:
        async with running(settings, clock):
            pytest.fail("it started")
    return str(error.value)


async def change(folder, statement):
    store = await Store.open(database(folder))
    async with store.write() as conn:
        await conn.execute(statement)
    await store.close()


async def test_it_does_not_start_when_a_role_is_empty_and_names_it(folder):
    async with opened(folder) as world:
        ids = [world.ids[name] for name in ("Grace Okoro", "Tom Byrne", "Ruth Adeyemi")]
    staff = schema.staff
    await change(folder, update(staff).where(staff.c.id.in_(ids)).values(active=False))
    said = await refusal(load(environment(folder)))
    assert "Nobody with a key has the senior role." in said
    assert "The independent role needs 2 people with keys" in said
    assert "Rowan Ward has no lead with a key." in said
    assert "heard staff add" in said


async def test_it_does_not_start_without_a_team(folder):
    (folder / "heard.toml").write_text('organisation = "Ashby Trust"\n')
    assert "There is no team." in await refusal(load(environment(folder)))


async def test_it_does_not_start_with_the_keys_of_another_database(folder, tmp_path):
    Secrets.create(tmp_path / "others")
    given = environment(folder, HEARD_SECRETS=str(tmp_path / "others"))
    said = await refusal(load(given))
    assert "do not belong to this database" in said and "HEARD_SECRETS" in said


async def test_it_does_not_start_without_a_database_or_beside_another(folder):
    nowhere = environment(folder, HEARD_DATABASE=f"sqlite+aiosqlite:///{folder / 'no.db'}")
    assert "heard init" in await refusal(load(nowhere), kind=NotMigrated)
    store = await Store.open(database(folder))
    await refusal(load(environment(folder)), kind=FileInUse)
    await store.close()


async def test_a_refusal_lets_go_of_the_database(folder):
    (folder / "heard.toml").write_text('organisation = "Ashby Trust"\n')
    for _ in range(2):
        await refusal(load(environment(folder)))
    store = await Store.open(database(folder))  # FileInUse if it had been kept
    assert store.is_sqlite
    await store.close()


async def test_the_house_has_the_places_calendar_and_clocks_of_the_settings(folder):
    house = make_house(load(environment(folder)), NOW)
    assert [(one.id, one.name) for one in house.places] == [
        ("rowan", "Rowan Ward"),
        ("north", "North Community Team"),
    ]
    assert house.bot_id == 7000001
    assert not house.calendar.is_working_day(NOW.date().replace(month=12, day=25))
    assert house.clocks.acknowledge_working_days == 3
    assert house.team_name("north") == "North Community Team"
    assert house.team_name("independent") == "People outside all teams"
    assert house.team_name("gone") == "gone"
    assert not house.console_url.endswith("/")
    assert replace(house, teams=()).places == ()


class Process:
    """`heard run`, as an operator's service manager runs it."""

    def __init__(self, folder, telegram) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
        self.log = folder / "heard.log"
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=ROOT,
                env=env | environment(folder, telegram),
                stderr=log,
            )

    async def ended(self) -> int:
        return await asyncio.to_thread(self.running.wait, 60)


async def until(done, process) -> None:
    async with asyncio.timeout(60):
        while not done():
            assert process.running.poll() is None, process.log.read_text()
            await asyncio.sleep(0.005)


async def test_a_stop_in_the_middle_of_work_loses_and_doubles_nothing(folder):
    sandbox = SandboxServer(TOKEN, SandboxOptions(limits=False))
    await sandbox.start()
    world = sandbox.world
    ids = [world.new_person(f"Person {number}").id for number in range(PEOPLE)]

    def answered():
        return sum(len(world.chat(one).messages) - said[one] for one in ids)

    said = dict.fromkeys(ids, 0)
    process = None
    try:
        for round_ in range(ROUNDS):
            process = Process(folder, sandbox.url)
            before = answered()
            for number in range(4):
                for one in ids:
                    people.say(world, one, {"text": f"words {round_} {number} of {one}"})
                    said[one] += 1
            await until(lambda before=before: answered() > before, process)
            process.running.send_signal(signal.SIGTERM)
            assert await process.ended() == 0, process.log.read_text()
        process = Process(folder, sandbox.url)
        await until(lambda: sandbox.polled, process)
        async with aiohttp.ClientSession() as http:
            token = f"{sandbox.url}/bot{TOKEN}/getWebhookInfo"
            async with http.get(token) as info:
                assert (await info.json())["result"]["pending_update_count"] == 0
        process.running.send_signal(signal.SIGTERM)
        assert await process.ended() == 0
    finally:
        if process is not None and process.running.poll() is None:
            process.running.kill()
            process.running.wait()
        await sandbox.stop()
    async with opened(folder) as after:
        for one in ids:
            wanted = [f"words {r} {n} of {one}" for r in range(ROUNDS) for n in range(4)]
            assert await after.draft(one) == wanted
        assert not await after.alarms()
    assert "Traceback" not in process.log.read_text()
