"""heard staff: who may read, and with which passphrase."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from bot import passphrases
from storage import staff
from tests.cli.conftest import PASSPHRASE


def add(home, *arguments, passphrase=PASSPHRASE):
    said = passphrase + "\n"
    return home.heard("staff", "add", *arguments, "--passphrase-stdin", said=said)


def listed(home):
    lines = home.heard("staff", "list", "--json").stdout.splitlines()
    return {entry["name"]: entry for entry in map(json.loads, lines)}


def test_a_member_is_added_with_each_role_in_its_team(home):
    ended = add(
        home, "Ann", "--team", "elm", "--role", "reader", "--team", "oak", "--role", "lead",
        "--role", "senior",
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    held = {(role["team"], role["role"]) for role in listed(home)["Ann"]["roles"]}
    assert held == {("elm", "reader"), ("oak", "lead"), ("*", "senior")}


def test_one_team_serves_all_roles(home):
    assert add(home, "Ann", "--team", "oak", "--role", "reader", "--role", "lead").returncode == 0
    assert {role["team"] for role in listed(home)["Ann"]["roles"]} == {"oak"}


@pytest.mark.parametrize(
    "membership",
    [
        ["--role", "lead"],
        ["--team", "elm", "--team", "oak", "--role", "lead"],
        ["--team", "elm", "--team", "oak", "--role", "senior"],
    ],
)
def test_a_role_without_its_team_is_refused(home, membership):
    ended = add(home, "Ann", *membership)
    assert ended.returncode == 1
    assert "Give each role inside a team its own --team" in ended.stderr


def test_a_team_that_is_not_in_the_settings_is_refused(home):
    ended = add(home, "Ann", "--team", "ash", "--role", "lead")
    assert ended.returncode == 1
    assert "There is no team 'ash'. Teams in the settings: elm, oak." in ended.stderr


def test_a_name_is_taken_whatever_its_capitals(home):
    ended = add(home, "sam  OKORO", "--role", "senior")
    assert ended.returncode == 1
    assert "There is a member of staff called sam OKORO already." in ended.stderr


def test_nobody_is_added_with_a_weak_passphrase(home):
    ended = add(home, "Ann", "--role", "senior", passphrase="Password1234")
    assert ended.returncode == 1
    assert "soon guessed" in ended.stderr
    assert "Ann" not in listed(home)


@pytest.mark.parametrize(
    "weak",
    [
        "short words",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "123456789012",
        "qwertyuiopasdf",
        "zyxwvutsrqponm",
        "Password123456",
        "annannannannann",
        "letmein letmein",
        "Riverside Elm Ward",
        "HeardHeardHeard",
    ],
)
def test_a_passphrase_that_is_soon_guessed_is_refused(weak):
    assert passphrases.fault(weak, ["Ann", "Riverside", "Elm Ward"])


@pytest.mark.parametrize(
    "good", [PASSPHRASE, "x7#Qm2!vR9pL", "дождь идёт над рекой", "雨傘電車山猫月光海辺花火"]
)
def test_a_passphrase_of_unrelated_words_or_letters_is_taken(good):
    assert passphrases.fault(good, ["Ann", "Riverside", "Elm Ward"]) == ""


def test_a_very_long_passphrase_is_looked_at_in_its_beginning_alone():
    assert passphrases.fault(PASSPHRASE + "a" * 900, ["Ann"]) == ""
    assert "at most" in passphrases.fault(PASSPHRASE + "a" * 1000, ["Ann"])


def invite(home, *arguments):
    return home.heard("staff", "invite", *arguments)


def test_an_invitation_prints_one_link_and_the_member_has_no_key_yet(home):
    ended = invite(home, "Ann", "--team", "elm", "--role", "reader")
    assert ended.returncode == 0, ended.stderr
    assert re.fullmatch(r"http://127\.0\.0\.1:8100/join/[\w-]{43}\n", ended.stdout)
    for said in ("Give them that line yourself", "works once", "Do not send it by e-mail"):
        assert said in ended.stderr
    assert "Ann (invited, has not come yet)" in home.heard("staff", "list").stdout
    tried = home.heard(
        "export", "--reason", "inspection", "--staff", "Ann", "--passphrase-stdin",
        said=PASSPHRASE + "\n",
    )  # fmt: skip
    assert "The name or the passphrase is wrong." in tried.stderr


def test_who_was_invited_is_invited_anew_and_who_is_here_is_not(home):
    first = invite(home, "Ann", "--role", "senior")
    second = invite(home, "ann", "--team", "elm", "--role", "lead")
    assert first.stdout != second.stdout
    assert listed(home)["Ann"]["roles"] == [{"team": "elm", "role": "lead"}]
    refused = invite(home, "Sam Okoro", "--role", "senior")
    assert refused.returncode == 1
    assert "There is a member of staff called Sam Okoro already." in refused.stderr


def test_who_has_not_come_fills_no_role(home):
    invite(home, "Ann", "--team", "oak", "--role", "lead")
    said = home.heard("doctor").stdout
    assert "Oak House has no lead with a key." in said
    assert "Elm Ward has no lead" not in said


def test_the_prompt_asks_twice_and_shows_nothing(home):
    parent, child = os.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "staff", "add", "Ann", "--role", "senior"],
        cwd=home.folder,
        env=home.environment(),
        preexec_fn=lambda: os.login_tty(child),  # noqa: PLW1509 (no thread runs here)
    )
    os.close(child)
    shown = b""
    for prompt in (b"Passphrase for Ann: ", b"Repeat for confirmation: "):
        while prompt not in shown:
            shown += os.read(parent, 1000)
        os.write(parent, PASSPHRASE.encode() + b"\n")
    try:
        while more := os.read(parent, 1000):
            shown += more
    except OSError:
        pass  # Linux says so when the other end is closed
    os.close(parent)
    assert running.wait() == 0
    assert b"Added Ann" in shown
    assert PASSPHRASE.encode() not in shown


def test_a_link_code_works_once(home):
    line = home.heard("staff", "link", "Sam Okoro").stdout
    code = line.removeprefix("/link ").strip()
    now = datetime.now(UTC)
    link = lambda conn: staff.finish_link(conn, home.secrets, code, 4711, now)  # noqa: E731
    assert home.stored(link) is not None
    assert home.stored(link) is None
    assert listed(home)["Sam Okoro"]["linked"]


def test_a_link_for_nobody_is_refused(home):
    ended = home.heard("staff", "link", "Nobody")
    assert ended.returncode == 1
    assert "heard staff list" in ended.stderr
