"""The secrets folder: private whatever the umask, never overwritten, whole or refused."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.sealing import Damaged, key_pair_from_seed, lock, seed_from_code, unlock
from storage.secrets import Purpose, Secrets, SecretsError, UnknownEpoch, check_modes

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "deep" / "secrets"


@pytest.fixture
def secrets(folder):
    return Secrets.create(folder)[0]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_the_same_after_a_restart(folder):
    made, _ = Secrets.create(folder)
    assert Secrets.load(folder) == made


def test_the_recovery_code_belongs_to_the_public_half_and_is_kept_nowhere(folder):
    made, code = Secrets.create(folder)
    pair = key_pair_from_seed(seed_from_code(code))
    assert pair.public == made.recovery_public
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for hidden in (code.encode(), seed_from_code(code), pair.private):
        assert hidden not in everything


def test_files_are_private_even_under_an_open_umask(tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from storage.secrets import Secrets\n"
        "os.umask(0)\nSecrets.create(Path(sys.argv[1]))[0].new_epoch()\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "s")], check=True, cwd=ROOT)
    paths = [tmp_path / "s", *(tmp_path / "s").rglob("*")]
    assert {mode(path) for path in paths if path.is_dir()} == {0o700}
    assert {mode(path) for path in paths if path.is_file()} == {0o600}
    assert sorted(p.name for p in paths if p.is_file()) == [
        "1.key",
        "2.key",
        "audit.key",
        "delivery.key",
        "directory.key",
        "recovery.pub",
    ]


def test_existing_secrets_are_never_overwritten(folder, secrets):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(SecretsError, match="not empty"):
        Secrets.create(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_empty_folder_that_is_there_already_is_used_and_closed_to_others(tmp_path):
    tmp_path.chmod(0o755)
    Secrets.create(tmp_path)
    assert mode(tmp_path) == 0o700


@pytest.mark.parametrize(
    "name", ["delivery.key", "directory.key", "recovery.pub", "epochs/1.key", "epochs", "."]
)
def test_secrets_open_to_others_are_refused_with_what_to_do(folder, secrets, name):
    path = folder / name
    path.chmod(mode(path) | 0o040)
    with pytest.raises(SecretsError, match=f"chmod [67]00 {path}"):
        Secrets.load(folder)
    assert len(check_modes(folder)) == 1


@pytest.mark.parametrize("name", ["delivery.key", "directory.key", "recovery.pub", "epochs/1.key"])
def test_a_missing_or_cut_secret_stops_the_start(folder, secrets, name):
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:-1])
    with pytest.raises(SecretsError, match="damaged"):
        Secrets.load(folder)
    (folder / name).unlink()
    with pytest.raises(SecretsError, match=r"missing|holds no key"):
        Secrets.load(folder)


def test_no_folder_at_all_says_how_to_make_one(tmp_path):
    with pytest.raises(SecretsError, match="heard init"):
        Secrets.load(tmp_path / "nothing")
    assert check_modes(tmp_path / "nothing")


def test_a_half_written_epoch_is_not_taken_for_one(folder, secrets):
    (folder / "epochs" / ".2.key.half").write_bytes(b"cut")
    assert Secrets.load(folder).newest_epoch() == 1
    assert secrets.new_epoch() == 2
    assert Secrets.load(folder) == secrets


def test_a_new_epoch_is_on_disk_before_it_is_used(folder, secrets):
    assert secrets.new_epoch() == 2
    assert secrets.newest_epoch() == 2
    assert Secrets.load(folder).epochs == secrets.epochs


def test_two_processes_cannot_both_begin_the_same_epoch(folder, secrets):
    other = Secrets.load(folder)
    secrets.new_epoch()
    with pytest.raises(FileExistsError):
        other.new_epoch()
    assert Secrets.load(folder) == secrets


def test_a_destroyed_epoch_opens_nothing_and_leaves_no_bytes(folder, secrets):
    old = secrets.epoch_key(1)
    inode = os.open(folder / "epochs" / "1.key", os.O_RDONLY)
    secrets.new_epoch()
    secrets.destroy_epochs(below=2)
    assert os.pread(inode, 32, 0) != old
    os.close(inode)
    assert [path.name for path in (folder / "epochs").iterdir()] == ["2.key"]
    assert list(Secrets.load(folder).epochs) == list(secrets.epochs) == [2]
    with pytest.raises(UnknownEpoch):
        secrets.epoch_key(1)
    with pytest.raises(UnknownEpoch):
        secrets.epoch_made_at(1)


def test_the_newest_epoch_is_never_destroyed(secrets):
    with pytest.raises(ValueError):
        secrets.destroy_epochs(below=2)
    assert secrets.epoch_key(1)


def test_an_unknown_epoch_counts_as_damage(secrets):
    with pytest.raises(Damaged):
        secrets.epoch_key(99)


def test_an_epoch_knows_its_age(folder, secrets):
    yesterday = datetime.now(UTC) - timedelta(days=1)
    os.utime(folder / "epochs" / "1.key", (0, yesterday.timestamp()))
    assert abs(secrets.epoch_made_at(1) - yesterday) < timedelta(seconds=1)


def test_each_purpose_has_its_own_key(secrets):
    keys = [secrets.key(purpose) for purpose in Purpose]
    assert len({*keys, *secrets.kept().values()}) == len(Purpose) + 4
    blob = lock(secrets.key(Purpose.CHAT_ID), b"1", b"")
    with pytest.raises(Damaged):
        unlock(secrets.key(Purpose.OWN), blob, b"")


def test_the_directory_key_alone_gives_names_and_no_chat_ids(folder, tmp_path):
    real, _ = Secrets.create(folder)
    files = real.kept() | {"delivery.key": bytes(32)}
    console = Secrets.put_back(tmp_path / "console", files, first_epoch=1)
    same = {purpose for purpose in Purpose if console.key(purpose) == real.key(purpose)}
    assert same == {Purpose.STAFF_NAME, Purpose.STAFF_EMAIL, Purpose.STAFF_TAG}


def test_what_a_backup_keeps_holds_no_epoch_and_can_be_put_back(folder, secrets, tmp_path):
    kept = secrets.kept()
    assert not set(kept.values()) & set(secrets.epochs.values())
    again = Secrets.put_back(tmp_path / "again", kept, first_epoch=8)
    assert again.kept() == kept
    assert list(again.epochs) == [8]
    assert Secrets.load(tmp_path / "again") == again


def test_something_else_than_a_backups_secrets_is_not_put_back(secrets, tmp_path):
    for files in ({}, secrets.kept() | {"more": b""}, secrets.kept() | {"delivery.key": b"x"}):
        with pytest.raises(SecretsError):
            Secrets.put_back(tmp_path / "again", files, first_epoch=2)
    assert not (tmp_path / "again").exists()


def test_printing_secrets_shows_no_key(secrets):
    shown = f"{secrets} {secrets!r} {[secrets]}"
    for key in [*secrets.kept().values(), *secrets.epochs.values()]:
        assert repr(key) not in shown
        assert key.hex() not in shown


def test_a_copied_folder_works_elsewhere(folder, secrets, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    assert Secrets.load(tmp_path / "copy").kept() == secrets.kept()
