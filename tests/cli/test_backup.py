"""heard backup and heard restore, tried for real."""

import asyncio
import json
import shutil
from datetime import UTC, datetime

import pytest

from storage import concerns, conversations, outbox
from storage.conversations import ConversationChange
from storage.engine import Store
from storage.outbox import NewMessage
from tests.cli.conftest import PASSPHRASE, SETTINGS, Home, furnish

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TALK = "a" * 32


def with_a_draft(home):
    """Someone has written and not sent yet."""
    change = ConversationChange(
        id=TALK, chat_id=4711, version=0, talk=b"{}", own=b"{}", add_parts=(b"not sent",)
    )
    home.stored(lambda conn: conversations.save(conn, home.secrets, [change], NOW))


@pytest.fixture
def saved(home):
    """A Heard with one sent concern, one draft, and a backup of it."""
    home.send("H-1", ["the food is cold"], ["Sam Okoro"])
    with_a_draft(home)
    ended = home.heard("backup", "kept.heard-backup")
    assert ended.returncode == 0, ended.stderr
    return home


@pytest.fixture
def elsewhere(saved, tmp_path):
    """Another machine: settings and the backup file."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    shutil.copy(saved.folder / "kept.heard-backup", folder)
    return Home(furnish(folder).folder, saved.code)


def restored(home, code=None):
    return home.heard(
        "restore", "kept.heard-backup", "--code-stdin", said=(code or home.code) + "\n"
    )


def test_a_backup_is_one_file_for_its_owner_alone(saved):
    file = saved.folder / "kept.heard-backup"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"the food is cold" not in file.read_bytes()
    assert b"SQLite format" not in file.read_bytes()


def test_a_backup_overwrites_nothing(saved):
    before = (saved.folder / "kept.heard-backup").read_bytes()
    ended = saved.heard("backup", "kept.heard-backup")
    assert ended.returncode == 1
    assert "exists already" in ended.stderr
    assert (saved.folder / "kept.heard-backup").read_bytes() == before


def test_a_backup_into_no_folder_says_so(home):
    ended = home.heard("backup", "none/kept.heard-backup")
    assert ended.returncode == 1
    assert "There is no folder" in ended.stderr


def test_staff_read_on_from_a_restored_backup(elsewhere):
    ended = restored(elsewhere)
    assert ended.returncode == 0, ended.stderr
    words = ("export", "--reason", "inspection", "--staff", "Sam Okoro", "--passphrase-stdin")
    said = elsewhere.heard(*words, said=PASSPHRASE + "\n")
    entry = json.loads(said.stdout)
    assert [part["text"] for part in entry["parts"]] == ["the food is cold"]


def test_people_whose_drafts_were_lost_are_told(elsewhere):
    ended = restored(elsewhere)
    assert "Drafts that were lost: 1." in ended.stdout

    async def waiting():
        store = await Store.open(elsewhere.url)
        try:
            async with store.write() as conn:
                await conversations.set_unreachable(conn, TALK, False)
                return await outbox.waiting(conn)
        finally:
            await store.close()

    assert sum(asyncio.run(waiting()).values()) == 1


def test_an_answer_that_waited_goes_back_to_staff(home, tmp_path):
    with_a_draft(home)
    concern_id = home.send("H-1", ["words"], ["Sam Okoro"])
    answer = NewMessage(f"c:{TALK}", 2, b"{}", about=concern_id)
    home.stored(lambda conn: outbox.put(conn, home.secrets, [answer], NOW))
    assert home.heard("backup", str(tmp_path / "kept.heard-backup")).returncode == 0
    other = tmp_path / "other"
    other.mkdir()
    (other / "heard.toml").write_text(SETTINGS, encoding="utf-8")
    shutil.copy(tmp_path / "kept.heard-backup", other)
    there = Home(other, home.code)
    ended = restored(there)
    assert "for staff to see to: 1." in ended.stdout
    row = there.stored(lambda conn: concerns.load(conn, [concern_id]))[concern_id]
    assert row.undelivered


def test_a_restore_overwrites_nothing(saved):
    ended = restored(saved)
    assert ended.returncode == 1
    assert "is there already" in ended.stderr


def test_another_recovery_key_opens_nothing_and_changes_nothing(elsewhere, tmp_path):
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    made = furnish(stranger).heard("init").stdout
    code = next(line.strip() for line in made.splitlines() if line.count("-") == 13)
    ended = restored(elsewhere, code)
    assert ended.returncode == 1
    assert "does not open" in ended.stderr
    assert not list(elsewhere.folder.glob("heard.db*"))
    assert restored(elsewhere).returncode == 0


def test_a_mistyped_recovery_key_says_which_group(elsewhere):
    groups = elsewhere.code.split("-")
    groups[4] = ("1" if groups[4][0] != "1" else "2") + groups[4][1:]
    ended = restored(elsewhere, "-".join(groups))
    assert ended.returncode == 1
    assert "Group 5" in ended.stderr


def test_a_cut_backup_is_refused_whole(elsewhere):
    file = elsewhere.folder / "kept.heard-backup"
    file.write_bytes(file.read_bytes()[:-40_000])
    ended = restored(elsewhere)
    assert ended.returncode == 1
    assert "Nothing was changed" in ended.stderr
    assert not list(elsewhere.folder.glob("heard.db*"))
    assert not (elsewhere.folder / "keys").exists()
