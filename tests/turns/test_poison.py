"""What cannot be digested costs one update: it is kept, sealed, and its person is answered."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import update

from bot.dialogue.inputs import Pressed, Said, SetAside
from bot.turns.arrival import Arrival
from storage import schema

ANN, BEN, CARA = 501, 502, 503
SORRY = "I could not read your last message."


@dataclass(frozen=True)
class Smell:
    """A kind of input that no step knows."""


async def among_others(world, bad: Arrival) -> None:
    """Take it in the middle of a set; the others must not notice."""
    set_ = [*world.words(BEN, "before"), bad, *world.words(BEN, "after"), *world.words(CARA, "too")]
    answered = await world.turns.take(set_)
    assert {one.update_id for one in answered} == {one.update_id for one in set_}
    assert await world.draft(BEN) == ["before", "after"]
    assert await world.draft(CARA) == ["too"]
    assert "update-set-aside" in await world.alarms()
    assert [raw for _, raw in await world.set_aside()][-1] == bad.raw
    assert len(await world.turns.take([bad])) == 1  # it never comes back to block anybody


async def test_an_input_that_no_step_knows(world):
    await among_others(world, world.arrival(ANN, Smell()))
    assert any(SORRY in one.text for one in await world.hears(ANN))
    assert [why for why, _ in await world.set_aside()] == ["KeyError"]


async def test_what_the_same_person_said_besides_is_kept(world):
    await world.turns.take(
        [*world.words(ANN, "one"), world.arrival(ANN, Smell()), *world.words(ANN, "two")]
    )
    assert await world.draft(ANN) == ["one", "two"]


async def test_half_a_step_leaves_nothing(world):
    """The words are kept before the sentence fails that would say so."""
    careless = world.without_wording("talk.saved")
    await world.says(ANN, "stored")
    await careless.turns.take(careless.words(ANN, "not stored"))
    assert await world.draft(ANN) == ["stored"]
    assert (await world.talk_of(ANN))["parts"] == 1
    assert [why for why, _ in await world.set_aside()] == ["WordingError"]


async def test_half_a_sending_leaves_nothing(world):
    await world.says(ANN, "stored")
    await world.taps(ANN, "Send", "Rowan Ward")
    careless = world.without_wording("talk.receipt")
    await careless.turns.take([careless.press(ANN, "No, send it")])
    assert await world.count("concerns", "wraps", "parts") == [0, 0, 0]
    assert await world.draft(ANN) == ["stored"]
    await world.taps(ANN, "No, send it")
    (row,) = await world.owned(ANN)
    assert ("words", "stored") in await world.parts_of(row)


async def test_words_that_cannot_be_written_down(world):
    """Half a surrogate pair: the intake refuses it, and this is the second lock."""
    await among_others(world, world.arrival(ANN, Said("half \ud800 a pair")))
    assert any(SORRY in one.text for one in await world.hears(ANN))


async def test_a_nul_character_is_only_a_character(world):
    await world.says(ANN, "be\0fore")
    row = await world.sends(BEN, "nul \0 nul")
    assert await world.draft(ANN) == ["be\0fore"]
    assert ("words", "nul \0 nul") in await world.parts_of(row)


async def test_a_row_that_the_database_refuses(world):
    """Somebody is to be kept out whom the staff table does not know."""
    await world.says(ANN, "stored")
    await world.edit_talk(ANN, at="check", place="rowan", kept_from=["f" * 32], step=9)
    await among_others(world, world.arrival(ANN, Pressed(9, "send")))
    assert await world.count("concerns") == [0]
    assert any(SORRY in one.text for one in await world.hears(ANN))
    assert await world.draft(ANN) == ["stored"]


async def test_a_talk_that_is_stuck_still_answers(world):
    await world.says(ANN, "stored")
    await world.edit_talk(ANN, parts="not a number")
    await among_others(world, world.arrival(ANN, Said("more")))
    assert any(SORRY in one.text for one in await world.hears(ANN))
    assert await world.draft(ANN) == ["stored"]


async def test_a_fault_in_what_staff_are_told_costs_one_update(world):
    await world.links("Dave Palmer", 900)
    await world.sends(ANN, "cold")
    await world.taps(ANN, "Skip", "Add to it")
    await world.says(ANN, "more")
    careless = world.without_wording("staff.added")
    await among_others(careless, careless.press(ANN, "Add it now"))
    assert any(SORRY in one.text for one in await world.hears(ANN))
    assert await world.draft(ANN) == ["more"]


async def test_even_when_no_apology_can_be_made_the_others_go_on(world):
    careless = world.without_wording("talk.set-aside")
    await among_others(careless, careless.arrival(ANN, Smell()))
    assert await world.hears(ANN) == []


async def test_an_update_without_a_chat_is_set_aside_or_only_remembered(world):
    unread, ignored = Arrival(1, None, (SetAside(),), b"?"), Arrival(2, None, (), b"{}")
    await world.turns.take([unread, ignored, Arrival(3, ANN, (), b"{}")])
    assert await world.set_aside() == [("no-chat", b"?")]
    assert await world.count("conversations", "seen_updates", "outbox") == [0, 3, 0]


async def test_an_update_that_the_intake_could_not_read_is_answered(world):
    await world.turns.take([Arrival(1, ANN, (SetAside(),), b"gibberish")])
    assert await world.set_aside() == [("unreadable", b"gibberish")]
    assert any(SORRY in one.text for one in await world.hears(ANN))


@pytest.mark.parametrize(
    ("column", "left"), [("talk", 1), ("own", 1), ("chat_sealed", 1), ("key_locked", 0)]
)
async def test_a_damaged_memory_is_owned_up_to_once_and_the_talk_goes_on(world, column, left):
    """What still opens is kept; without the key of the words nothing does."""
    await world.says(ANN, "before")
    table = schema.conversations
    async with world.store.write() as conn:
        await conn.execute(update(table).values({column: b"\1" * 80}))
    seen = await world.says(ANN, "and now?")
    assert [one.text for one in seen].count(world.house.wording.text("talk.lost-draft")) <= 1
    assert await world.alarms() == ["conversation-damaged"]
    assert await world.draft(ANN) == [*["before"][:left], "and now?"]
    whole = [one.text for one in await world.says(ANN, "good")]
    assert world.house.wording.text("talk.lost-draft") not in whole
    assert await world.alarms() == ["conversation-damaged"]
    row = (await world.taps(ANN, "Send", "Rowan Ward", "No, send it")) and await world.owned(ANN)
    assert [kind for kind, _ in await world.parts_of(row[0])].count("words") == left + 2


async def test_a_damaged_part_of_a_draft_is_owned_up_to_and_the_rest_is_sent(world):
    await world.says(ANN, "one", "two", "three")
    parts = schema.draft_parts
    async with world.store.write() as conn:
        await conn.execute(update(parts).where(parts.c.seq == 2).values(body=b"\1" * 80))
    await world.taps(ANN, "Send", "Rowan Ward", "No, send it")
    (row,) = await world.owned(ANN)
    said = [words for kind, words in await world.parts_of(row) if kind == "words"]
    assert said == ["one", "three"]
    assert await world.alarms() == ["draft-damaged"]
    lost = world.house.wording.text("talk.lost-draft")
    assert lost in [one.text for one in world.phones[ANN]]
