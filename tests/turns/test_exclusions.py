"""Who is kept out has no key, whatever happened on the way to sending."""

from __future__ import annotations

import pytest

from bot.casework.model import INDEPENDENT_TEAM
from bot.dialogue.effects import SendConcern
from bot.dialogue.inputs import Pressed, PressedAbout
from bot.turns.chat import ChatTurn
from bot.turns.concern import Readership
from bot.turns.house import Scene
from bot.turns.memory import Memory
from bot.turns.people import working
from storage import staff

ANN, BEN = 501, 502
OUTSIDE = {"Helen Marsh", "Tom Byrne"}
EVERYONE_AT_ROWAN = {"Dave Palmer", "Rita Reed", "Ruth Adeyemi", "Grace Okoro"} | OUTSIDE


async def sent_without(world, chat, *names):
    await world.says(chat, "cold")
    await world.taps(chat, "Send", "Rowan Ward", "Yes, choose")
    for one in names:
        await world.says(chat, one)
    await world.taps(chat, "Send it")
    return (await world.owned(chat))[-1]


async def test_without_exclusions_the_team_and_the_steps_above_it_can_read(world):
    assert await world.readers(await world.sends(ANN, "cold")) == EVERYONE_AT_ROWAN


async def test_a_named_person_never_has_a_key(world):
    row = await sent_without(world, ANN, "Dave Palmer")
    assert row.team == "rowan"
    assert await world.readers(row) == EVERYONE_AT_ROWAN - {"Dave Palmer"}


async def test_words_that_match_nobody_leave_only_people_outside_all_teams(world):
    row = await sent_without(world, ANN, "the tall man on nights")
    assert row.team == INDEPENDENT_TEAM
    assert await world.readers(row) == OUTSIDE
    private = dict(await world.parts_of(row, "Tom Byrne"))
    assert private["kept-from"] == "the tall man on nights"


async def test_a_name_and_words_that_match_nobody_keep_out_both(world):
    row = await sent_without(world, ANN, "Tom Byrne", "the tall man on nights")
    assert await world.readers(row) == {"Helen Marsh"}


async def test_the_turn_itself_keeps_the_team_out_even_if_the_talk_forgot(world):
    """The last lock: words that matched nobody arrive together with a team."""
    async with world.store.read() as conn:
        everyone = working(await staff.everyone(conn, world.keys))
    scene = Scene(world.house, world.clock.now(), everyone)
    chat = ChatTurn(scene, "a" * 32, ANN, Memory(), {}, Readership({}))
    chat._send(SendConcern("b" * 32, "H-0000-0001", "rowan", None, (), "my doctor", "rowan"))
    (sending,) = chat.sendings
    assert sending.concern.team == INDEPENDENT_TEAM
    assert sending.readers == {world.ids[name] for name in OUTSIDE}


async def test_a_concern_that_nobody_could_read_is_never_written(world):
    await world.says(ANN, "cold")
    everybody = sorted(world.ids.values())
    await world.edit_talk(ANN, at="check", step=9, place="rowan", kept_from=everybody)
    await world.turns.take([world.arrival(ANN, Pressed(9, "send"))])
    assert await world.count("concerns", "wraps", "exclusions") == [0, 0, 0]
    assert [why for why, _ in await world.set_aside()] == ["NobodyLeftError"]
    assert await world.draft(ANN) == ["cold"]
    assert not any("Your reference" in one.text for one in await world.hears(ANN))


@pytest.mark.parametrize("choice", ["add", "take-back", "do", "yes", "not-really", "reopen"])
async def test_a_button_about_somebody_elses_concern_does_nothing(world, choice):
    row = await world.sends(ANN, "cold")
    await world.says(BEN, "hello")
    before = await world.everything()
    await world.turns.take([world.arrival(BEN, PressedAbout(row.id, choice))])
    after = await world.everything()
    for table in ("concerns", "parts", "wraps", "exclusions", "quarantine", "alarms"):
        assert after[table] == before[table]
    assert (await world.hears(BEN))[0].text == world.house.wording.text("talk.stale")


@pytest.mark.parametrize(("at", "press"), [("take-back", "do"), ("added-to", "add")])
async def test_a_talk_about_somebody_elses_concern_is_refused_by_the_turn(world, at, press):
    """Even if the talk were to name it, the turn does not do it."""
    row = await world.sends(ANN, "cold")
    await world.says(BEN, "mine")
    await world.edit_talk(BEN, at=at, about=row.id, step=9)
    await world.turns.take([world.arrival(BEN, Pressed(9, press))])
    assert await world.row(row.reference) == row
    assert await world.count("parts") == [1]
    assert await world.set_aside() != []
    assert await world.draft(BEN) == ["mine"]
