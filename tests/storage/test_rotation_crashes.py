"""A rotation that is killed at any step loses nothing, and the next one finishes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.engine import Store
from storage.rotation import rotate
from storage.secrets import Secrets
from tests.storage.living_rows import NOW, fill, opened

ROOT = Path(__file__).parents[2]

DYING = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from storage import durable_files, secrets as secrets_module
from storage.engine import Store
from storage.rotation import rotate
from storage.secrets import Secrets

url, folder, point = sys.argv[1], Path(sys.argv[2]), sys.argv[3]


def reached(here):
    if here == point:
        os._exit(9)


class DyingSecrets(Secrets):
    def new_epoch(self):
        reached("before the new key")
        number = super().new_epoch()
        reached("after the new key")
        return number

    def destroy_epochs(self, below):
        reached("before the old keys go")
        if point == "while the old keys go":
            first = min(self.epochs)
            durable_files.shred(self.folder / "epochs" / f"{first}.key")
            os._exit(9)
        super().destroy_epochs(below)
        reached("after the old keys are gone")


class DyingStore:
    def __init__(self, store):
        self.store, self.is_sqlite, self.count = store, store.is_sqlite, 0

    def write(self):
        return Dying(self)

    def read(self):
        return self.store.read()

    async def checkpoint(self):
        reached("before the log is emptied")
        await self.store.checkpoint()


class Dying:
    def __init__(self, owner):
        self.owner = owner

    async def __aenter__(self):
        self.inner = self.owner.store.write()
        return await self.inner.__aenter__()

    async def __aexit__(self, *error):
        self.owner.count += 1
        reached(f"before commit {self.owner.count}")
        await self.inner.__aexit__(*error)
        reached(f"after commit {self.owner.count}")


async def main():
    store = await Store.open(url)
    await rotate(DyingStore(store), DyingSecrets.load(folder), datetime.now(UTC))
    await store.close()
    print("finished")


asyncio.run(main())
"""

POINTS = [
    "before the new key",
    "after the new key",
    *(f"{when} commit {n}" for n in (1, 2, 3, 4, 5) for when in ("before", "after")),
    "before the log is emptied",
    "before the old keys go",
    "while the old keys go",
    "after the old keys are gone",
]


ON_BOTH = {"after the new key", "after commit 1", "before the old keys go"}
CRASHES = [("sqlite", point) for point in POINTS]
CRASHES += [("postgresql", point) for point in POINTS if point in ON_BOTH]


@pytest.mark.parametrize(("engine", "point"), CRASHES)
async def test_a_rotation_killed_anywhere_loses_nothing_and_is_finished_by_the_next(
    url, store, secrets, point
):
    await fill(store, secrets, count=600)  # two transactions for each table, and the last look
    before = await opened(store, secrets)
    await store.close()
    command = [sys.executable, "-c", DYING, url, str(secrets.folder), point]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert killed.returncode == 9, killed.stderr
    store = await Store.open(url)
    after_crash = Secrets.load(secrets.folder)
    assert (await opened(store, after_crash))[:2] == before[:2]
    done = await rotate(store, after_crash, NOW)
    after = await opened(store, Secrets.load(secrets.folder))
    await store.close()
    assert after[:2] == before[:2]
    assert after[2] == {done.epoch}
    assert [p.name for p in (secrets.folder / "epochs").iterdir()] == [f"{done.epoch}.key"]
