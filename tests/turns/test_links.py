"""Who comes by a link is asked about its team; a dead or made-up code still starts the talk."""

import pytest

from bot.dialogue.inputs import Commanded
from bot.turns.links import ALPHABET, LENGTH, as_made, new_code
from storage import links
from tests.turns.built import counted
from tests.turns.world import NOW

CODE = "0123456789abcdef"
WELCOME = "Hello. I am a bot."


@pytest.fixture
async def linked(world):
    async with world.store.write() as conn:
        await links.add(conn, CODE, "north", NOW)
    return world


async def came(world, chat, code):
    seen = await world.commands(chat, "start", code)
    assert seen[0].text.startswith(WELCOME)
    return (await world.talk_of(chat))["place"]


async def test_a_living_link_settles_the_place_and_the_concern_goes_there(linked):
    assert await came(linked, 1, CODE) == "north"
    await linked.says(1, "Nobody calls back.")
    await linked.taps(1, "Send", "No, send it")
    assert (await linked.owned(1))[0].team == "north"


@pytest.mark.parametrize("typed", ["0123456789ABCDEF", "oL23456789abcdef", " 0I23456789abcdef "])
async def test_a_code_typed_from_a_wall_works_too(linked, typed):
    assert await came(linked, 1, typed) == "north"


async def test_from_the_moment_it_is_revoked_a_link_settles_nothing_but_the_talk_starts(linked):
    assert await came(linked, 1, CODE) == "north"
    async with linked.store.write() as conn:
        await links.revoke(conn, [CODE], NOW)
    assert await came(linked, 2, CODE) is None
    await linked.says(2, "Nobody calls back.")
    assert "Which place is this about?" in (await linked.taps(2, "Send"))[-1].text
    assert (await linked.talk_of(1))["place"] == "north"  # who came before goes on


@pytest.mark.parametrize(
    "code", ["z" * 16, "rw1", "-" * 40, "\x00" * 16, "\udcff" * 16, "İ" * 16, "x" * 4000]
)
async def test_a_code_that_we_never_made_starts_the_talk(linked, code):
    seen = await linked.commands(1, "start", code)
    assert seen[0].text.startswith(WELCOME)
    assert (await linked.talk_of(1))["place"] is None
    assert await linked.alarms() == []


async def test_a_link_to_a_team_that_is_gone_from_the_settings_starts_the_talk(linked):
    async with linked.store.write() as conn:
        await links.add(conn, "f" * 16, "closed", NOW)
    assert await came(linked, 1, "f" * 16) is None


async def test_links_are_read_only_for_who_came_by_one_and_once_a_set(linked):
    with counted(linked.store) as said:
        await linked.turns.take(linked.words(1, "It is cold.") + linked.words(2, "So it is."))
    assert not any("links" in one for one in said)
    with counted(linked.store) as said:
        await linked.turns.take(
            [linked.arrival(chat, Commanded("start", CODE)) for chat in range(3, 9)]
        )
    assert sum("links" in one for one in said) == 1


def test_a_code_is_80_bits_of_chance_that_telegram_takes():
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert LENGTH * (len(ALPHABET).bit_length() - 1) == 80
    assert {letter for code in codes for letter in code} == set(ALPHABET)
    assert all(as_made(code) == code for code in codes)
