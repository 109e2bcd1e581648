"""heard keys: listed and replaced, with Heard stopped and with Heard running."""

import re
import subprocess
import sys

import pytest

from storage.secrets import Secrets
from tests.cli.conftest import PASSPHRASE
from tests.cli.test_run import running
from tests.cli.test_socket import running as answering
from tests.cli.test_socket import typed

KEY = re.compile(r"^ +([0-9A-Z-]{60,})$", re.MULTILINE)


def listed(text):
    return {line.split()[0]: line for line in text.splitlines()}


def replaced(home, old, *, type_back=None):
    """`heard keys rotate recovery`, with the new key typed from the paper. Its code and what it
    said."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bot", "keys", "rotate", "recovery", "--code-stdin"],
        cwd=home.folder,
        env=home.environment(PYTHONUNBUFFERED="1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    child.stdin.write(old + "\n")
    child.stdin.flush()
    said = ""
    while not KEY.search(said) and (line := child.stdout.readline()):
        said += line
    new = KEY.search(said)[1]
    out, err = child.communicate((type_back or new.lower()) + "\n")
    return new, child.returncode, said + out, err


def test_every_kind_is_listed_with_what_to_do(home):
    ended = home.heard("keys", "list")
    assert ended.returncode == 0, ended.stderr
    kinds = listed(ended.stdout)
    assert set(kinds) == {
        "drafts", "delivery", "directory", "recovery", "audit", "staff", "concern"
    }  # fmt: skip
    assert re.search(r"since \d\d \w{3} \d{4}", kinds["delivery"])
    assert "My page" in kinds["staff"]


@pytest.mark.parametrize("kind", ["drafts", "delivery", "directory", "audit"])
async def test_a_key_is_replaced_through_the_running_heard(home, kind):
    before = home.secrets
    files = {path: path.read_bytes() for path in before.folder.rglob("*.key")}
    async with answering(home):
        status, out, err = await typed(home, "keys", "rotate", kind)
        assert (status, "is replaced" in out) == (0, True), err
    after = {path: path.read_bytes() for path in before.folder.rglob("*.key")}
    assert after != files
    assert [len(one) for one in after.values()] == [32] * 4
    assert "Sam Okoro" in home.heard("staff", "list").stdout
    assert home.heard("audit", "verify").returncode == 0


def test_heard_itself_goes_on_with_the_new_keys(staffed, telegram):
    with running(staffed, telegram):
        for kind in ("delivery", "directory", "drafts", "audit"):
            ended = staffed.heard("keys", "rotate", kind)
            assert ended.returncode == 0, ended.stderr
        assert "Sam Okoro" in staffed.heard("staff", "list").stdout
        added = staffed.heard(
            "staff", "add", "New Here", "--team", "elm", "--role", "answerer",
            "--passphrase-stdin", said=PASSPHRASE + "\n",
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
    assert "New Here" in staffed.heard("staff", "list").stdout


def test_the_new_recovery_key_is_printed_once_and_gives_concerns_back(home):
    home.send("H-1", ["words"], ["Sam Okoro"])
    new, status, out, err = replaced(home, home.code)
    assert status == 0, err
    assert out.count(new) == 1
    assert "1 concerns" in out
    assert "still open with the OLD recovery key" in err
    lost = ("recover", "Sam Okoro", "--with", "Jo Bell", "--code-stdin", "--passphrase-stdin")
    said = f"{PASSPHRASE}\nvelvet harbour ninety quilt\n"
    refused = home.heard(*lost, said=f"{home.code}\n{said}")
    assert (refused.returncode, "not the one" in refused.stderr) == (1, True)
    given = home.heard(*lost, said=f"{new}\n{said}")
    assert "can read 1 concerns again" in given.stdout


def test_a_recovery_key_that_nobody_wrote_down_changes_nothing(home):
    before = Secrets.load(home.folder / "keys")
    _, status, _, err = replaced(home, home.code, type_back=home.code)
    assert (status, "Nothing was changed" in err) == (1, True)
    _, status, _, err = replaced(home, home.code[:-1] + ("0" if home.code[-1] != "0" else "1"))
    assert (status, "not a recovery key" in err) == (1, True)
    assert Secrets.load(home.folder / "keys") == before
