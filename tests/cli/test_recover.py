"""heard recover: what the recovery key gives back, and what it does not."""

import json
from datetime import UTC, datetime

from storage import quarantine
from tests.cli.conftest import PASSPHRASE

NEW = "velvet harbour ninety quilt"


def recovered(home, name="Sam Okoro", code=None, passphrase=NEW):
    return home.heard(
        "recover", name, "--code-stdin", "--passphrase-stdin",
        said=f"{code or home.code}\n{passphrase}\n",
    )  # fmt: skip


def references(home, passphrase):
    ended = home.heard(
        "export", "--staff", "Sam Okoro", "--passphrase-stdin", said=passphrase + "\n"
    )
    return ended.returncode, {json.loads(line)["reference"] for line in ended.stdout.splitlines()}


def test_a_lost_passphrase_is_replaced_and_the_concerns_come_back(home):
    home.send("H-1", ["words"], ["Sam Okoro", "Jo Bell"])
    home.send("H-2", ["more"], ["Sam Okoro"])
    ended = recovered(home)
    assert ended.returncode == 0, ended.stderr
    assert "can read 2 concerns again" in ended.stdout
    assert references(home, NEW) == (0, {"H-1", "H-2"})
    assert references(home, PASSPHRASE) == (1, set())


def test_recovery_gives_nobody_more_than_they_had(home):
    home.send("H-1", ["about Sam"], ["Sam Okoro", "Jo Bell"], excluded=["Sam Okoro"])
    home.send("H-2", ["for Jo alone"], ["Jo Bell"])
    assert "can read 0 concerns again" in recovered(home).stdout
    assert references(home, NEW) == (0, set())


def test_a_wrong_recovery_key_changes_nothing(home):
    home.send("H-1", ["words"], ["Sam Okoro"])
    ended = recovered(home, code=home.code[:-4] + "0000")
    assert ended.returncode == 1
    assert "not the recovery key" in ended.stderr
    assert references(home, PASSPHRASE) == (0, {"H-1"})


def test_a_weak_new_passphrase_is_refused(home):
    ended = recovered(home, passphrase="too short")
    assert ended.returncode == 1
    assert "at least 12 characters" in ended.stderr


def test_recovering_nobody_is_refused(home):
    ended = recovered(home, name="Nobody")
    assert ended.returncode == 1
    assert "heard staff list" in ended.stderr


def test_updates_that_were_set_aside_can_be_read_with_the_key(home):
    public, at = home.secrets.recovery_public, datetime(2026, 11, 20, tzinfo=UTC)
    raw = json.dumps({"update_id": 7, "message": {"text": "help"}}).encode()
    home.stored(lambda conn: quarantine.put(conn, public, "f" * 32, at, "unreadable", raw))
    ended = home.heard("recover", "--set-aside", "--code-stdin", said=home.code + "\n")
    assert ended.returncode == 0, ended.stderr
    entry = json.loads(ended.stdout)
    assert json.loads(entry["update"])["message"]["text"] == "help"
    assert entry["reason"] == "unreadable"
