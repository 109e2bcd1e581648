"""A backup opens with the recovery code only, and going on from one loses nothing that was sent."""

from __future__ import annotations

import asyncio
import base64
import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import concerns, conversations, meta, outbox, staff
from storage.backup import BackupError, Manifest, backup
from storage.concerns import NewConcern, NewPart
from storage.conversations import ConversationChange
from storage.durable_files import put_in_place
from storage.engine import Store
from storage.errors import NotAReader
from storage.migrate import upgrade
from storage.outbox import NewMessage
from storage.restore import RestoreReport, restore
from storage.schema import HEAD
from storage.schema import outbox as outbox_rows
from storage.sealing import (
    StreamWriter,
    WrongCode,
    context,
    key_pair_from_seed,
    new_key_pair,
    recovery_code,
    seed_from_code,
)
from storage.secrets import Secrets, SecretsError

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
SENT, DRAFT, ANSWER = b"Nobody rang me back.", b"I am still writing.", b"We are sorry."
CHAT = 4871226091
READER = new_key_pair()


class Installation:
    """A database and secrets with one concern, one draft and one answer that was not delivered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "heard.db"
        self.url = f"sqlite+aiosqlite:///{self.database}"
        self.secrets, self.code = Secrets.create(folder / "secrets")

    async def open(self) -> None:
        await upgrade(self.url)
        self.store = await Store.open(self.url)
        async with self.store.write() as conn:
            await meta.put(conn, meta.RECOVERY_PUBLIC, self.secrets.recovery_public)
            row = staff.StaffRow("s1", "Ada", READER.public, b"locked", True, False, ())
            await staff.add_with_keys(conn, self.secrets, row, NOW)
            await staff.add_with_keys(
                conn,
                self.secrets,
                staff.StaffRow("s2", "Bob", READER.public, b"locked", True, False, ()),
                NOW,
            )
            await conversations.save(conn, self.secrets, self.talks(), NOW)
            await concerns.send(conn, self.secrets, [self.concern("k1"), self.concern("k2")])
            await outbox.put(conn, self.secrets, self.messages(), NOW)

    def talks(self) -> list[ConversationChange]:
        drafting = ConversationChange("c1", CHAT, 0, b"drafting", b"owns k1", add_parts=(DRAFT,))
        idle = ConversationChange("c2", CHAT + 1, 0, b"idle", b"owns k2", unreachable=True)
        return [drafting, idle]

    def concern(self, name: str) -> NewConcern:
        part = NewPart(f"p-{name}", name, "words", None, NOW, SENT)
        return NewConcern(
            name, name, "t", "sent", 0, NOW, None, None, "c1", (part,), frozenset({"s2"}),
            frozenset({"s1"}),
        )  # fmt: skip

    def messages(self) -> list[NewMessage]:
        return [
            NewMessage("c:c1", 2, ANSWER, about="k1"),
            NewMessage("c:c1", 0, b"prompt"),
            NewMessage("s:s1", 3, b"digest", about="k2"),
        ]


@pytest.fixture
async def home(tmp_path):
    (tmp_path / "home").mkdir()
    installation = Installation(tmp_path / "home")
    await installation.open()
    yield installation
    await installation.store.close()


@pytest.fixture
async def file(home, tmp_path):
    await backup(home.store, home.secrets, tmp_path / "heard.backup")
    return tmp_path / "heard.backup"


class Restored:
    def __init__(self, folder: Path) -> None:
        self.database, self.secrets = folder / "new" / "heard.db", folder / "new-secrets"

    async def make(self, file: Path, code: str) -> RestoreReport:
        return await restore(file, code, self.database, self.secrets, LATER)

    async def store(self) -> Store:
        return await Store.open(f"sqlite+aiosqlite:///{self.database}")


@pytest.fixture
def new(tmp_path):
    return Restored(tmp_path)


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# Making one


async def test_a_backup_is_one_private_file_and_nothing_else_is_left(home, file, tmp_path):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert left_in(tmp_path) == {"home", "heard.backup"}
    assert not [name for name in left_in(home.folder) if name.endswith("snapshot")]


async def test_a_stolen_backup_shows_nothing(home, file):
    stolen = file.read_bytes()
    keys = [*home.secrets.kept().values(), *home.secrets.epochs.values()]
    for hidden in (*keys, SENT, DRAFT, b"Ada", str(CHAT).encode(), b"SQLite format", b"conversa"):
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


# Going on from one


async def test_what_was_sent_is_read_after_a_restore_by_who_could_read_it(home, file, new):
    await new.make(file, home.code)
    store = await new.store()
    async with store.read() as conn:
        opened = await concerns.open_parts(conn, "k1", "s1", READER.private)
        with pytest.raises(NotAReader):
            await concerns.open_parts(conn, "k1", "s2", READER.private)
        names = [row.name for row in await staff.everyone(conn, Secrets.load(new.secrets))]
    await store.close()
    assert [part.words for part in opened.parts] == [SENT]
    assert names == ["Ada", "Bob"]


async def test_people_are_known_again_and_the_report_says_whose_draft_is_lost(home, file, new):
    report = await new.make(file, home.code)
    assert report.conversations_with_lost_drafts == ("c1",)
    assert report.conversations_reset == ("c1", "c2")
    store, secrets = await new.store(), Secrets.load(new.secrets)
    async with store.read() as conn:
        talks = await conversations.load(conn, secrets, [CHAT, CHAT + 1])
        parts, damaged = await conversations.draft_parts(conn, secrets, ["c1", "c2"])
        address = await concerns.return_addresses(conn, secrets, ["k1"])
    await store.close()
    drafting, idle = talks[CHAT], talks[CHAT + 1]
    assert not drafting.damaged
    assert (drafting.talk, drafting.own, idle.own) == (b"", b"owns k1", b"owns k2")
    assert (drafting.unreachable, idle.unreachable) == (False, True)
    assert (parts, damaged) == ({"c1": [], "c2": []}, frozenset())
    assert address == {"k1": "c1"}


async def test_people_can_write_again_after_a_restore(home, file, new):
    await new.make(file, home.code)
    store, secrets = await new.store(), Secrets.load(new.secrets)
    async with store.write() as conn:
        known = (await conversations.load(conn, secrets, [CHAT]))[CHAT]
        again = ConversationChange("c1", CHAT, known.version, b"t", known.own, add_parts=(b"x",))
        await conversations.save(conn, secrets, [again], LATER)
        assert (await conversations.draft_parts(conn, secrets, ["c1"]))[0] == {"c1": [b"x"]}
    await store.close()


async def test_answers_that_never_went_out_go_back_to_staff(home, file, new):
    report = await new.make(file, home.code)
    assert report.undelivered == ("k1",)
    assert report.damaged_messages == 0
    store = await new.store()
    async with store.read() as conn:
        found = await concerns.load(conn, ["k1", "k2"])
        waiting = list(await conn.execute(select(outbox_rows)))
    await store.close()
    assert (found["k1"].undelivered, found["k2"].undelivered) == (True, False)
    assert waiting == []


async def test_the_new_epoch_is_one_that_no_old_row_names(home, file, new):
    await new.make(file, home.code)
    assert list(Secrets.load(new.secrets).epochs) == [2]


async def test_a_restore_is_private_and_leaves_nothing_half_done(home, file, new, tmp_path):
    await new.make(file, home.code)
    assert stat.S_IMODE(new.database.stat().st_mode) == 0o600
    assert left_in(new.database.parent) == {"heard.db"}
    assert left_in(new.secrets) == {"delivery.key", "directory.key", "recovery.pub", "epochs"}
    with sqlite3.connect(new.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_restored_database_can_be_backed_up_and_restored_again(home, file, new, tmp_path):
    await new.make(file, home.code)
    store = await new.store()
    await backup(store, Secrets.load(new.secrets), tmp_path / "second")
    await store.close()
    third = Restored(tmp_path / "third")
    assert (await third.make(tmp_path / "second", home.code)).conversations_reset == ("c1", "c2")
    assert list(Secrets.load(third.secrets).epochs) == [3]


async def test_a_restore_overwrites_nothing(home, file, new):
    await new.make(file, home.code)
    before = new.database.read_bytes()
    elsewhere = new.database.with_name("other.db")
    with pytest.raises(BackupError, match="there already"):
        await restore(file, home.code, new.database, new.secrets.with_name("s"), LATER)
    with pytest.raises(BackupError, match="not empty"):
        await restore(file, home.code, elsewhere, new.secrets, LATER)
    assert new.database.read_bytes() == before
    assert not elsewhere.exists()
    assert not new.secrets.with_name("s").exists()


def nothing_made(new: Restored) -> bool:
    return not new.secrets.exists() and (
        not new.database.parent.exists() or not left_in(new.database.parent)
    )


async def test_a_wrong_code_opens_nothing_and_changes_nothing(home, file, new):
    mistyped = home.code[:5] + ("7" if home.code[5] != "7" else "8") + home.code[6:]
    with pytest.raises(WrongCode, match="Group 2"):
        await new.make(file, mistyped)
    with pytest.raises(BackupError, match="another installation"):
        await new.make(file, recovery_code(os.urandom(32)))
    assert nothing_made(new)


@pytest.mark.parametrize("keep", [0, 1, 2000, 70_000, -100, -1])
async def test_a_cut_backup_is_refused_whole(home, file, new, keep):
    whole = file.read_bytes()
    file.write_bytes(whole[:keep])
    with pytest.raises(BackupError):
        await new.make(file, home.code)
    assert nothing_made(new)


@pytest.mark.parametrize("at", [0, 1, 2, 1500, 70_000, -1])
async def test_a_changed_backup_is_refused_whole(home, file, new, at):
    changed = bytearray(file.read_bytes())
    changed[at] ^= 1
    file.write_bytes(changed)
    with pytest.raises(BackupError):
        await new.make(file, home.code)
    assert nothing_made(new)


async def test_no_file_at_all_is_said_plainly(home, new, tmp_path):
    with pytest.raises(BackupError, match="There is no backup"):
        await new.make(tmp_path / "nothing", home.code)


def forge(home: Installation, content: bytes, file: Path) -> None:
    """What someone could make who has the public half alone."""
    writer = StreamWriter(home.secrets.recovery_public, context("backup file"))
    file.write_bytes(writer.feed(content) + writer.finish())


def forged(home: Installation, revision: str = HEAD, database: bytes = b"", **files) -> bytes:
    kept = home.secrets.kept() | files
    return Manifest(revision, len(database), kept).encode() + database


async def test_a_forged_backup_changes_nothing(home, new, tmp_path):
    other = key_pair_from_seed(bytes(32)).public
    empty = Manifest(HEAD, 0, {}).encode()
    later = forged(home).replace(b'"format": 1', b'"format": 2')
    contents = {
        "empty": b"",
        "no manifest": b"\xff\xff\xff\xffrubbish",
        "no json": b"\0\0\0\5hello",
        "no fields": b"\0\0\0\2{}",
        "no secrets": empty,
        "a later format": later,
        "a later revision": forged(home, "9999"),
        "another recovery key": forged(home, **{"recovery.pub": other}),
        "a short secret": forged(home, **{"delivery.key": b"x"}),
        "a strange name": forged(home, **{"../../x": b"x"}),
        "less than it says": forged(home, database=b"SQLite")[:-1],
        "no database": forged(home, database=b"no database at all" * 100),
    }
    for name, content in contents.items():
        forge(home, content, tmp_path / name)
        with pytest.raises((BackupError, SecretsError)):
            await new.make(tmp_path / name, home.code)
        assert nothing_made(new), name


async def test_a_restore_that_fails_late_takes_its_secrets_away_again(home, new, tmp_path):
    await home.store.checkpoint()
    with sqlite3.connect(home.database) as real, sqlite3.connect(tmp_path / "d") as broken:
        real.backup(broken)
        broken.execute("PRAGMA journal_mode=DELETE")
        broken.execute("DROP TABLE draft_parts")
    forge(home, forged(home, database=(tmp_path / "d").read_bytes()), tmp_path / "b")
    with pytest.raises(BackupError, match="cannot be used"):
        await new.make(tmp_path / "b", home.code)
    assert left_in(new.secrets) == left_in(new.database.parent) == set()


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
