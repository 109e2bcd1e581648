"""What a turn adds to the counts: by day and team, without ids, and nothing that tells whoever was
kept out."""

from __future__ import annotations

from sqlalchemy import select

from bot.dialogue.script import ASKS
from bot.turns.counting import UNTEAMED
from storage import schema
from tests.turns.built import counted

DAY = "2026-11-25"


async def numbers(world):
    async with world.store.read() as conn:
        rows = (await conn.execute(select(schema.counts))).all()
    return {(row.day, row.team, row.question, row.what): row.n for row in rows}


async def test_a_talk_counts_for_its_team_once_that_is_known(world):
    await world.sends(1, "The toilet has been broken for a week.")
    found = await numbers(world)
    assert found[DAY, "", "saved", "shown"] == 1
    assert found[DAY, "", "place", "shown"] == 1
    assert found[DAY, "", "place", "answered"] == 1
    assert found[DAY, "rowan", "kept", "shown"] == 1
    assert found[DAY, "rowan", "kept", "answered"] == 1
    after = (await world.talk_of(1))["at"]
    assert found[DAY, "rowan", after, "shown"] == 1
    assert set(found.values()) == {1}


async def test_who_is_kept_out_sees_their_team_in_no_number(world):
    await world.says(1, "Dave Palmer shouts at us.")
    await world.taps(1, "Send", "Rowan Ward")
    before = await numbers(world)
    await world.says(1, "Dave Palmer")
    await world.taps(1, "Send it")
    assert (await world.owned(1))[0].team == "rowan"
    added = {cell for cell, n in (await numbers(world)).items() if n != before.get(cell) if cell[1]}
    assert added <= {(DAY, "rowan", "kept", "answered")}  # as it is for whoever keeps out nobody


async def test_what_staff_of_a_team_did_is_in_no_number_of_that_team(world):
    await world.says(1, "He shouts at us.")
    await world.taps(1, "Choose what it is about", "What a member of staff did")
    await world.taps(1, "Send", "Rowan Ward", "No, send it")
    assert (await world.owned(1))[0].team != "rowan"
    assert {team for _, team, _, _ in await numbers(world)} == {""}


async def test_looking_for_somebody_to_keep_out_is_in_no_number_of_their_team(world):
    await world.says(1, "He shouts at us.")
    await world.taps(1, "Send", "Rowan Ward")
    await world.says(1, "Dav")
    found = await numbers(world)
    assert found[DAY, "", "found", "shown"] == 1
    assert (DAY, "rowan", "found", "shown") not in found


async def test_a_concern_that_goes_outside_counts_for_no_team(world):
    await world.sends(1, "The toilet is broken.", place="Not sure")
    assert {team for _, team, _, _ in await numbers(world)} == {""}


def test_the_questions_that_count_for_no_team_are_there():
    assert not UNTEAMED - set(ASKS)


async def test_days_are_those_of_the_house_not_of_greenwich(world):
    world.clock.move_to(world.clock.now().replace(year=2027, month=7, day=1, hour=23, minute=30))
    await world.says(1, "It is hot.")
    assert {day for day, *_ in await numbers(world)} == {"2027-07-02"}


async def test_a_set_of_chats_counts_with_one_statement(world):
    arrivals = [one for chat in range(1, 9) for one in world.words(chat, "It is cold.")]
    with counted(world.store) as said:
        await world.turns.take(arrivals)
    assert sum("counts" in one for one in said) == 1
    assert (await numbers(world))[DAY, "", "saved", "shown"] == 8


async def test_an_update_that_comes_twice_counts_once(world):
    arrivals = world.words(1, "It is cold.")
    for _ in range(2):
        await world.turns.take(arrivals)
    assert set((await numbers(world)).values()) == {1}


async def test_counts_hold_no_id_and_outlive_the_person(world):
    await world.sends(1, "The toilet is broken.")
    known = await world.conversation(1)
    concern = (await world.owned(1))[0]
    text = repr(await numbers(world))
    assert not [one for one in (known.id, concern.id, concern.reference) if one in text]
    assert [column.name for column in schema.counts.columns] == [
        "day",
        "team",
        "question",
        "what",
        "n",
    ]
    assert not schema.counts.foreign_keys
