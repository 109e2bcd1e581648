"""A backup opens with the recovery code only, and going on from one loses nothing that was sent."""

from __future__ import annotations

import asyncio
import base64
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from storage import conversations
from storage.backup import BackupError, Manifest, backup
from storage.conversations import ConversationChange
from storage.durable_files import put_in_place
from storage.schema import HEAD
from storage.sealing import (
    key_pair_from_seed,
    seed_from_code,
)
from storage.secrets import Secrets
from tests.storage.installation import (
    CHAT,
    DRAFT,
    NOW,
    SENT,
    Restored,
    installed,
    left_in,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def home(tmp_path):
    async with installed(tmp_path / "home") as installation:
        yield installation


@pytest.fixture
def new(tmp_path):
    return Restored(tmp_path)


@pytest.fixture
async def file(home, tmp_path):
    await backup(home.store, home.secrets, tmp_path / "heard.backup")
    return tmp_path / "heard.backup"


async def test_a_backup_is_one_private_file_and_nothing_else_is_left(home, file, tmp_path):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert left_in(tmp_path) == {"home", "heard.backup"}
    assert not [name for name in left_in(home.folder) if name.endswith("snapshot")]


async def test_a_stolen_backup_shows_nothing(home, file):
    stolen = file.read_bytes()
    keys = [*home.secrets.kept().values(), *home.secrets.epochs.values()]
    names = b"Adaeze Nwosu", b"SQLite format", b"conversations"
    for hidden in (*keys, SENT, DRAFT, str(CHAT).encode(), *names):
        assert len(hidden) > 8  # what is shorter stands in any noise
        assert hidden not in stolen
        assert base64.b64encode(hidden).rstrip(b"=")[:-1] not in stolen


async def test_no_epoch_key_is_in_a_backup_even_for_the_recovery_code(home, file, new):
    await new.make(file, home.code)
    everything = b"".join(
        path.read_bytes() for path in [new.database, *new.secrets.rglob("*")] if path.is_file()
    )
    assert home.secrets.kept()["delivery.key"] in everything
    assert home.secrets.epoch_key(1) not in everything


async def test_a_backup_is_never_written_over_another_file(home, file):
    before = file.read_bytes()
    with pytest.raises(BackupError, match="there already"):
        await backup(home.store, home.secrets, file)
    assert file.read_bytes() == before


async def test_a_backup_into_no_folder_says_what_to_do(home, tmp_path):
    with pytest.raises(BackupError, match="Make it first"):
        await backup(home.store, home.secrets, tmp_path / "nowhere" / "b")


async def test_a_full_disk_leaves_no_half_backup(home, tmp_path):
    script = (
        "import asyncio, resource, signal, sys; from pathlib import Path\n"
        "from storage.backup import backup; from storage.engine import Store\n"
        "from storage.secrets import Secrets\n"
        "async def main():\n"
        "    store = await Store.open(sys.argv[1])\n"
        "    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "    try: await backup(store, Secrets.load(Path(sys.argv[2])), Path(sys.argv[3]))\n"
        "    finally: await store.close()\n"
        "asyncio.run(main())\n"
    )
    await home.store.close()
    command = [sys.executable, "-c", script, home.url, home.folder / "secrets", tmp_path / "b"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "BackupError" in done.stderr
    assert left_in(tmp_path) == {"home"}
    assert not [name for name in left_in(home.folder) if name.endswith("snapshot")]


async def test_a_backup_made_while_people_write_is_one_moment(home, tmp_path, new):
    writing = True

    async def write():
        number = 10
        while writing:
            async with home.store.write() as conn:
                talks = [
                    ConversationChange(f"c{number + n}", CHAT + number + n, 0, b"t", b"o")
                    for n in (0, 1)
                ]
                await conversations.save(conn, home.secrets, talks, NOW)
            number += 2
        return number

    task = asyncio.create_task(write())
    await backup(home.store, home.secrets, tmp_path / "b")
    writing = False
    written = await task
    report = await new.make(tmp_path / "b", home.code)
    assert 2 <= len(report.conversations_reset) <= written
    assert len(report.conversations_reset) % 2 == 0


async def test_a_memory_stick_without_links_still_gets_its_file(tmp_path):
    # The real call, where links are refused: a folder cannot be linked on any file system.
    (tmp_path / "half").mkdir()
    put_in_place(tmp_path / "half", tmp_path / "whole")
    assert left_in(tmp_path) == {"whole"}


def test_the_manifest_prints_no_secret():
    manifest = Manifest(HEAD, 1, {"delivery.key": b"SECRETSECRET"})
    assert "SECRET" not in repr(manifest)


def test_a_recovery_code_gives_the_public_half_of_the_installation(tmp_path):
    secrets, code = Secrets.create(tmp_path / "s")
    assert key_pair_from_seed(seed_from_code(code)).public == secrets.recovery_public


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_backup_of_postgresql_is_refused_plainly(store, secrets, tmp_path):
    with pytest.raises(BackupError, match="its own tools"):
        await backup(store, secrets, tmp_path / "b")
    assert not (tmp_path / "b").exists()
