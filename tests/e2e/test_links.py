"""Coming in from the wall: over HTTP, with links made and ended while Heard runs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from colleague import exported, said
from heard_process import Heard
from people import Phone
from town import Town, receipt, town

WELCOME = "Hello. I am a bot."
WHICH_PLACE = "Which place is this about?"


@pytest.fixture(scope="module", params=[False, True], ids=["polling", "webhook"])
def here(
    request: pytest.FixtureRequest, installed: Heard, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("links")
    with town(folder, installed, webhook=request.param) as made:
        yield made
        assert made.heard.stop() == 0
        assert made.leaks() == []


def link(here: Town, team: str) -> str:
    """The code that a phone sends when somebody opens the printed link."""
    made = here.heard.command("link", "new", "--team", team)
    assert made.returncode == 0, made.stderr
    address, code = made.stdout.strip().split("?start=")
    assert address.startswith("https://t.me/") and "YOUR_BOT" not in address
    return code


async def comes_by(phone: Phone, code: str) -> None:
    await phone.start(code)
    await phone.until(WELCOME)
    await phone.say("Nobody has looked at the heating.")
    await phone.tap("Send")


async def test_a_link_takes_the_concern_to_its_team_without_asking_which(here: Town) -> None:
    code = link(here, "birch")
    async with here.street() as street:
        phone = await street.newcomer("Came by a poster")
        await comes_by(phone, code)
        await phone.tap("No, send it", after="Birch community team")
        reference = await receipt(phone)
        assert not [text for text in await phone.heard() if WHICH_PLACE in text]
    found = {one["reference"]: one for one in exported(here.heard, "Tom Reyes")}
    assert found[reference]["team"] == "birch"
    assert said(found[reference]) == ["Nobody has looked at the heating."]


@pytest.mark.parametrize("revoked", ["by its code", "by its team"])
async def test_a_revoked_link_still_starts_the_talk_and_asks_which_place(
    here: Town, revoked: str
) -> None:
    code = link(here, "rowan")
    which = [code] if revoked == "by its code" else ["--team", "rowan"]
    assert here.heard.command("link", "revoke", *which).returncode == 0
    async with here.street() as street:
        phone = await street.newcomer("Came by an old poster")
        await comes_by(phone, code)
        await phone.until(WHICH_PLACE)


@pytest.mark.parametrize("code", ["0123456789abcdef", "rw1", "A-b_9", "x" * 64])
async def test_a_code_that_was_never_made_still_starts_the_talk(here: Town, code: str) -> None:
    async with here.street() as street:
        phone = await street.newcomer("Came by something else")
        await comes_by(phone, code)
        await phone.until(WHICH_PLACE)


async def test_what_happened_to_each_question_was_counted_meanwhile(here: Town) -> None:
    printed = here.heard.command("stats", "--csv")
    assert printed.returncode == 0, printed.stderr
    rows = {tuple(line.split(",")[:2]): line for line in printed.stdout.splitlines()}
    assert rows["(all)", "saved"].startswith("(all),saved,5,5,")
    listed = here.heard.command("link", "list", "--json").stdout.splitlines()
    assert {json.loads(line)["team"] for line in listed} == {"rowan", "birch"}
