"""A replacement of keys that is killed at any step loses nothing, and the next one finishes it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from storage import audit_verify, staff
from storage.engine import Store
from storage.sealing import key_pair_from_seed
from storage.secrets import Secrets
from tests.storage.dying import NEW_SEED, OLD_SEED, quiet, replace
from tests.storage.locked_rows import ANNA, PASSPHRASE, drafts_files, fill, read

ROOT = Path(__file__).parents[2]
OLD, NEW = key_pair_from_seed(OLD_SEED), key_pair_from_seed(NEW_SEED)
# How many steps each has at least: fewer would mean that the test looks past some.
KINDS = {
    "delivery.key": 30,
    "directory.key": 14,
    "audit": 14,
    "recovery": 14,
    "member": 2,
    "drafts": 10,
}


async def look(store, secrets, filled):
    """All that opens, as after a start, with every paper there is."""
    async with store.read() as conn:
        row = await staff.by_id(conn, secrets, ANNA)
        verdict = await audit_verify.verify(conn, secrets.folder, None, quiet)
    assert verdict.fault is None
    annas = await asyncio.to_thread(staff.unlock, row, PASSPHRASE)
    return await read(store, secrets, filled, OLD, NEW, annas=annas)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_kill_anywhere_loses_nothing_and_the_next_run_finishes(
    store, secrets, tmp_path, kind
):
    (secrets.folder / "recovery.pub").write_bytes(OLD.public)
    filled = await fill(store, Secrets.load(secrets.folder))
    before = await look(store, Secrets.load(secrets.folder), filled)
    await store.close()
    template, out = tmp_path / "template", tmp_path / "out"
    template.mkdir()
    (tmp_path / "heard.db").rename(template / "heard.db")
    secrets.folder.rename(template / "secrets")
    command = [sys.executable, "-m", "tests.storage.dying", kind, template, out]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    folders = sorted(out.iterdir())
    assert len(folders) > KINDS[kind]
    for folder in folders:
        store = await Store.open(f"sqlite+aiosqlite:///{folder / 'heard.db'}")
        try:
            keys = Secrets.load(folder / "secrets")
            assert await look(store, keys, filled) == before, folder.name
            if folder != folders[-1]:
                await replace(kind, store, keys)
            newest = Secrets.load(folder / "secrets")
            assert await look(store, newest, filled) == before, folder.name
            assert await drafts_files(store, newest) == 0
        finally:
            await store.close()
        assert {len(roots) for roots in newest.roots.values()} == {1}
        assert len(newest.epochs) == 1
        left = [path.name for path in (folder / "secrets").rglob(".*")]
        assert set(left) <= {".audit.head.half"}  # holds no key
