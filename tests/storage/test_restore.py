"""Going on from a backup loses nothing that was sent, and says by name what was lost."""

from __future__ import annotations

import os
import sqlite3
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import concerns, conversations, outbox, staff
from storage.backup import BackupError, Manifest, backup
from storage.conversations import ConversationChange
from storage.errors import NotAReader
from storage.forgetting import LEAVING
from storage.outbox import NewMessage
from storage.restore import restore
from storage.schema import HEAD
from storage.schema import outbox as outbox_rows
from storage.sealing import (
    StreamWriter,
    WrongCode,
    context,
    key_pair_from_seed,
    recovery_code,
)
from storage.secrets import Secrets, SecretsError
from tests.storage.installation import (
    CHAT,
    LATER,
    READER,
    SENT,
    Installation,
    Restored,
    installed,
    left_in,
    lost,
)


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
    assert names == ["Adaeze Nwosu", "Bob Tanner"]


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


async def test_who_was_leaving_when_the_backup_was_made_is_gone_after_the_restore(
    home, new, tmp_path
):
    async with home.store.write() as conn:
        known = (await conversations.load(conn, home.secrets, [CHAT + 1]))[CHAT + 1]
        leaving = ConversationChange(
            "c2", CHAT + 1, known.version, b"", b"", due_kind=LEAVING, new_key=True
        )
        await conversations.save(conn, home.secrets, [leaving], LATER)
    await backup(home.store, home.secrets, tmp_path / "late.backup")
    report = await new.make(tmp_path / "late.backup", home.code)
    assert report.conversations_reset == ("c1",)
    store, secrets = await new.store(), Secrets.load(new.secrets)
    async with store.read() as conn:
        assert await conversations.load(conn, secrets, [CHAT + 1]) == {}
    await store.close()


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
    assert [row.about for row in waiting] == [None]


async def test_whose_draft_is_lost_has_word_waiting_the_moment_the_database_is_there(
    home, file, new
):
    await new.make(file, home.code)
    secrets, store = Secrets.load(new.secrets), await new.store()
    async with store.write() as conn:
        waiting = await outbox.claim(conn, secrets, LATER, timedelta(minutes=1), 10)
    await store.close()
    assert [(one.chat_id, one.body) for one in waiting] == [(CHAT, b"Your draft was lost.")]


async def test_a_restore_that_cannot_leave_word_restores_nothing(home, file, new):
    def broken(conversation_id):
        return NewMessage(conversation_id, 1, b"to nobody's line")

    with pytest.raises(BackupError, match="cannot be used"):
        await restore(file, home.code, new.database, new.secrets, LATER, broken)
    assert left_in(new.secrets) == left_in(new.database.parent) == set()


async def test_the_new_epoch_is_one_that_no_old_row_names(home, file, new):
    await new.make(file, home.code)
    assert list(Secrets.load(new.secrets).epochs) == [2]


async def test_a_restore_is_private_and_leaves_nothing_half_done(home, file, new, tmp_path):
    await new.make(file, home.code)
    assert stat.S_IMODE(new.database.stat().st_mode) == 0o600
    assert left_in(new.database.parent) == {"heard.db"}
    assert left_in(new.secrets) == {
        "audit.key",
        "delivery.key",
        "directory.key",
        "recovery.pub",
        "epochs",
    }
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
        await restore(file, home.code, new.database, new.secrets.with_name("s"), LATER, lost)
    with pytest.raises(BackupError, match="not empty"):
        await restore(file, home.code, elsewhere, new.secrets, LATER, lost)
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


async def test_a_backup_whose_database_was_cut_before_it_was_sealed_is_refused(home, new, tmp_path):
    await home.store.checkpoint()
    forge(home, forged(home, database=home.database.read_bytes())[:-4096], tmp_path / "b")
    with pytest.raises(BackupError, match="cut database"):
        await new.make(tmp_path / "b", home.code)
    assert nothing_made(new)


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
