"""Builds a trust in a folder: keys, database, staff and settings, once; tests get copies."""

from __future__ import annotations

import secrets as chance
import shutil
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import event

from bot.app import make_house
from bot.clock import MovableClock
from config.settings import load
from storage import meta, migrate, staff
from storage.engine import Store
from storage.sealing import Argon2Cost, key_pair_from_seed, seed_from_code
from storage.secrets import Secrets
from storage.staff import StaffRow
from tests.turns.world import NOW, PASSPHRASE, World

CHEAP = Argon2Cost(memory_kib=8, passes=1, lanes=1)
SETTINGS = """
organisation = "Ashby Trust"
second_factor = "offered"

[[teams]]
id = "rowan"
name = "Rowan Ward"

[[teams]]
id = "north"
name = "North Community Team"
digest_at = "09:00"
"""
STAFF = {
    "Dave Palmer": (("rowan", "answerer"),),
    "Rita Reed": (("rowan", "reader"),),
    "Ruth Adeyemi": (("rowan", "lead"),),
    "Sunil Mehta": (("north", "answerer"), ("north", "lead")),
    "Grace Okoro": (("*", "senior"),),
    "Helen Marsh": (("*", "independent"),),
    "Tom Byrne": (("*", "independent"),),
}


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Every statement handed to the writing driver, and every commit; a set of rows as one."""
    said: list[str] = []
    engine = store._writer.sync_engine

    def note(_conn, _cursor, statement, *_rest) -> None:
        said.append(statement.partition("\n")[0][:60])

    def committed(_conn) -> None:
        said.append("COMMIT")

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", committed)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", committed)


def database(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'heard.db'}"


async def build(folder: Path, url: str | None = None) -> None:
    """Keys, database and staff: what an operator makes once."""
    url = url or database(folder)
    keys, code = Secrets.create(folder / "secrets")
    (folder / "code").write_text(code)
    (folder / "heard.toml").write_text(SETTINGS)
    await migrate.upgrade(url)
    store = await Store.open(url)
    async with store.write() as conn:
        await meta.put(conn, meta.RECOVERY_PUBLIC, keys.recovery_public)
        for name, held in STAFF.items():
            member = chance.token_hex(16)
            pair = staff.new_keys(member, PASSPHRASE, CHEAP)
            row = StaffRow(member, name, pair.public, pair.private_locked, True, False, held)
            await staff.add_with_keys(conn, keys, row, NOW)
    await store.close()


@asynccontextmanager
async def copied(pattern: Path, folder: Path):
    """A world of one's own, copied from one that was built before."""
    shutil.copytree(pattern, folder, copy_function=shutil.copy2)
    async with opened(folder) as world:
        yield world


@asynccontextmanager
async def opened(folder: Path, url: str | None = None):
    keys = Secrets.load(folder / "secrets")
    store = await Store.open(url or database(folder))
    world = None
    try:
        settings = load({"HEARD_CONFIG": str(folder / "heard.toml")})
        async with store.read() as conn:
            ids = {row.name: row.id for row in await staff.everyone(conn, keys)}
        recovery = key_pair_from_seed(seed_from_code((folder / "code").read_text()))
        house = make_house(settings, NOW)
        world = World(folder, store, keys, recovery, house, MovableClock(NOW), ids)
        yield world
    finally:
        await (world.store if world else store).close()
