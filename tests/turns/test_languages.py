"""Two people, two languages: each is answered, told and pushed to in their own; staff in theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.turns.languages import Languages
from bot.turns.memory import recall

ANN, BEN = 101, 102
SIGN = "§ "  # stands before every sentence of a made-up second language


@pytest.fixture
def spoken(world):
    """The same trust with a second language turned on."""
    known = world.house.languages
    first = known.first
    other = replace(
        first,
        language="xx",
        sentences={
            key: text if key.startswith("answer.") else SIGN + text
            for key, text in first.sentences.items()
        },
        manner=replace(first.manner, own_name="Xish"),
    )
    languages = Languages.of([first, other], known.book)
    return replace(world, house=replace(world.house, languages=languages))


async def sends_in_the_other_language(spoken, chat):
    await spoken.says(chat, "They shout at night.")
    await spoken.edit_talk(chat, language="xx")
    await spoken.says(chat, "Every night.")
    for label in (SIGN + "Send", "Rowan Ward", SIGN + "No, send it"):
        await spoken.taps(chat, label)
    (row,) = await spoken.owned(chat)
    return row


async def test_the_talk_answers_in_the_language_that_the_person_chose(spoken):
    await sends_in_the_other_language(spoken, ANN)
    await spoken.sends(BEN, "My review was missed.")
    assert spoken.phones[ANN][-1].text.startswith(SIGN)
    assert all(SIGN not in seen.text for seen in spoken.phones[BEN])


async def test_help_lines_are_in_that_language_too(spoken):
    await spoken.says(ANN, "They shout at night.")
    await spoken.edit_talk(ANN, language="xx")
    (seen,) = [one for one in await spoken.commands(ANN, "help") if "116 123" in one.text]
    assert f"{SIGN}Samaritans" in seen.text


async def test_people_who_are_not_here_are_told_in_their_own_language_and_staff_in_theirs(spoken):
    await spoken.links("Dave Palmer", 900)
    mine = await sends_in_the_other_language(spoken, ANN)
    theirs = await spoken.sends(BEN, "My review was missed.")
    for row in (mine, theirs):
        await spoken.answers("Dave Palmer", row.reference)
    told = [seen.text for _, seen in await spoken.queued()]
    assert any(text.startswith(SIGN + "There is an outcome") for text in told)
    assert any(text.startswith("There is an outcome") for text in told)
    assert all(SIGN not in one.text for one in spoken.phones[900])


async def test_what_is_sealed_for_staff_stays_in_the_language_of_the_house(spoken):
    row = await sends_in_the_other_language(spoken, ANN)
    assert all(SIGN not in words for _, words in await spoken.parts_of(row))


async def test_a_language_that_was_turned_off_gives_way_to_the_first(world):
    await world.says(ANN, "They shout at night.")
    await world.edit_talk(ANN, language="xx")
    assert await world.says(ANN, "Every night.")


async def test_the_language_outlives_a_talk_that_is_lost(spoken):
    """A restore brings no talk back, only what a person owns."""
    await sends_in_the_other_language(spoken, ANN)
    known = await spoken.conversation(ANN)
    assert recall(b"", known.own).talk.language == "xx"


async def test_memory_is_not_read_while_one_language_is_enough(world):
    assert len(world.house.languages.all) == 1
    row = await world.sends(BEN, "My review was missed.")
    await world.answers("Dave Palmer", row.reference)
    assert any("Read it" in one.buttons for one in await world.hears(BEN))
