"""heard link: made, listed, ended, with Heard stopped and with Heard running."""

import json

import pytest

from storage import links
from tests.cli.conftest import TOKEN
from tests.cli.test_run import running
from tests.cli.test_socket import running as answering
from tests.cli.test_socket import typed


def made(home, team="elm", **environment):
    ended = home.heard("link", "new", "--team", team, **environment)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def listed(home):
    return [json.loads(line) for line in home.heard("link", "list", "--json").stdout.splitlines()]


def test_a_link_names_the_bot_and_hides_the_team(home, telegram):
    link = made(home, HEARD_TELEGRAM_TOKEN=TOKEN, HEARD_TELEGRAM_API=telegram)
    address, code = link.split("?start=")
    assert address.startswith("https://t.me/") and address.endswith("bot")
    assert len(code) * 5 >= 64  # bits: each letter is one of 32
    assert set(code) <= set("0123456789abcdefghjkmnpqrstvwxyz")
    assert "elm" not in link.lower()


def test_without_telegram_the_link_says_what_to_put_in(home):
    ended = home.heard("link", "new", "--team", "elm")
    assert ended.stdout.startswith("https://t.me/YOUR_BOT?start=")
    assert "HEARD_TELEGRAM_TOKEN is not set" in ended.stderr
    ended = home.heard(
        "link", "new", "--team", "elm",
        HEARD_TELEGRAM_TOKEN=TOKEN, HEARD_TELEGRAM_API="http://127.0.0.1:9",
    )  # fmt: skip
    assert ended.stdout.startswith("https://t.me/YOUR_BOT?start=")
    assert "cannot be reached" in ended.stderr
    assert TOKEN not in ended.stderr


def test_no_two_links_are_alike(home):
    links_made = {made(home) for _ in range(3)} | {made(home, "oak")}
    assert len(links_made) == 4
    assert [one["team"] for one in listed(home)] == ["elm", "elm", "elm", "oak"]
    assert {one["code"] for one in listed(home)} == {one.split("=")[1] for one in links_made}


def test_a_link_for_a_team_that_is_not_there_is_refused(home):
    ended = home.heard("link", "new", "--team", "ash")
    assert ended.returncode == 1
    assert "There is no team 'ash'. Teams in the settings: elm, oak." in ended.stderr
    assert listed(home) == []


@pytest.mark.parametrize("way", ["code", "address", "as read from a wall"])
def test_one_link_is_revoked_and_the_others_work_on(home, way):
    first, second = made(home), made(home)
    code = first.split("=")[1]
    given = {
        "code": code,
        "address": first,
        "as read from a wall": code.upper().replace("0", "O").replace("1", "I"),
    }[way]
    ended = home.heard("link", "revoke", given)
    assert ended.returncode == 0, ended.stderr
    assert code in ended.stdout
    assert [bool(one["revoked_at"]) for one in listed(home)] == [True, False]
    living = home.stored(lambda conn: links.teams_of(conn, [code, second.split("=")[1]]))
    assert living == {second.split("=")[1]: "elm"}
    shown = home.heard("link", "list").stdout.splitlines()
    assert "; revoked " in shown[0] and shown[1].endswith("; works")
    again = home.heard("link", "revoke", code)
    assert again.returncode == 1
    assert "revoked before" in again.stderr


def test_all_links_of_a_team_are_revoked_and_of_no_other(home):
    for team in ("elm", "oak", "elm"):
        made(home, team)
    assert home.heard("link", "revoke", "--team", "elm").returncode == 0
    assert {(one["team"], bool(one["revoked_at"])) for one in listed(home)} == {
        ("elm", True),
        ("oak", False),
    }
    again = home.heard("link", "revoke", "--team", "elm")
    assert again.returncode == 1
    assert "All of this team's links were revoked before." in again.stderr


@pytest.mark.parametrize("what", [["0123456789abcdef"], ["nonsense"], ["--team", "ash"]])
def test_what_is_no_link_cannot_be_revoked(home, what):
    made(home)
    ended = home.heard("link", "revoke", *what)
    assert ended.returncode == 1
    assert "There is no such link" in ended.stderr
    assert not listed(home)[0]["revoked_at"]


@pytest.mark.parametrize("typed_wrong", [["revoke"], ["revoke", "x", "--team", "elm"], ["new"]])
def test_a_link_command_that_is_not_typed_right_ends_with_2(home, typed_wrong):
    assert home.heard("link", *typed_wrong).returncode == 2


async def test_links_are_made_and_ended_through_the_process_that_owns_the_database(home):
    async with answering(home):
        status, out, err = await typed(home, "link", "new", "--team", "elm")
        assert status == 0, err
        code = out.strip().partition("start=")[2]
        status, out, _ = await typed(home, "link", "list")
        assert (status, out.split()[0]) == (0, code)
        status, out, _ = await typed(home, "link", "revoke", code)
        assert (status, out) == (0, f"{code} settles no place any more.\n")


def test_the_running_heard_itself_makes_a_link(staffed, telegram):
    with running(staffed, telegram):
        link = made(staffed, HEARD_TELEGRAM_TOKEN=TOKEN, HEARD_TELEGRAM_API=telegram)
        assert listed(staffed)[0]["code"] == link.split("=")[1]
