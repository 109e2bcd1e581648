"""Kills a replacement of keys at every step: run as a program, it leaves one folder for each.

`python -m tests.storage.dying KIND TEMPLATE OUT`: TEMPLATE holds heard.db and secrets. A step is a
commit (before and after) or a change of a file's name. Each try works on a copy and dies as if by
kill -9, one step later than the one before, until one comes to its end.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

from storage import audit_rotation, member_rotation, moving, recovery_rotation, rotation, staff
from storage.engine import Store
from storage.member_rotation import OwnPair
from storage.sealing import key_pair_from_seed
from storage.secrets import DELIVERY, DIRECTORY, Secrets
from tests.storage.locked_rows import ANNA, NOW, PASSPHRASE

OLD_SEED, NEW_SEED = bytes(32), bytes(range(32))
ANNAS_NEXT = key_pair_from_seed(bytes(reversed(range(32))))
NAMED = {"os.rename", "os.link", "os.remove"}


class Steps:
    def __init__(self, last: int) -> None:
        self.left = last

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            os._exit(9)


class DyingStore(Store):
    """A store whose process may die before and after each commit."""

    steps: Steps

    def write(self):
        return _Dying(super().write(), self.steps)


class _Dying:
    def __init__(self, inner, steps: Steps) -> None:
        self.inner, self.steps = inner, steps

    async def __aenter__(self):
        return await self.inner.__aenter__()

    async def __aexit__(self, *error):
        self.steps.step()
        await self.inner.__aexit__(*error)
        self.steps.step()


async def quiet(*_said) -> None:
    return


async def replace(kind: str, store: Store, secrets: Secrets) -> None:
    """One replacement, or what is left of it."""
    if kind in {DELIVERY, DIRECTORY}:
        await moving.replace(store, secrets, kind, NOW)
    elif kind == "audit":
        await audit_rotation.replace(store, secrets, NOW)
    elif kind == "recovery":
        old, new = key_pair_from_seed(OLD_SEED), key_pair_from_seed(NEW_SEED)
        await recovery_rotation.replace(store, secrets, old, new, quiet)
    elif kind == "member":
        async with store.read() as conn:
            row = await staff.by_id(conn, secrets, ANNA)
        own = OwnPair(ANNA, row.public_key, staff.unlock(row, PASSPHRASE))
        locked = staff.lock_again(ANNA, PASSPHRASE, ANNAS_NEXT.private)
        new = staff.StaffKeys(ANNAS_NEXT.public, locked)
        await member_rotation.replace(store, own, new, NOW)
    else:
        await rotation.rotate(store, secrets, NOW)


async def _die(kind: str, folder: Path, steps: Steps) -> None:
    store = await DyingStore.open(f"sqlite+aiosqlite:///{folder / 'heard.db'}")
    store.steps = steps
    secrets = Secrets.load(folder / "secrets")
    sys.addaudithook(lambda event, _arguments: steps.step() if event in NAMED else None)
    await replace(kind, store, secrets)
    os._exit(0)


def main(kind: str, template: Path, out: Path) -> None:
    for number in range(1000):
        folder = out / f"{number:03}"
        shutil.copytree(template, folder)
        child = os.fork()
        if child == 0:
            asyncio.run(_die(kind, folder, Steps(number)))
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            return
        if code != 9:
            sys.exit(f"step {number} ended with {code}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
