"""That somebody is in danger is the person's own statement: it shows before words are opened."""

from __future__ import annotations

import pytest

from bot.casework.model import Act
from bot.dialogue.effects import NoteOnConcern
from storage import concerns, conversations
from storage.concerns import ConcernRow
from storage.conversations import ConversationChange
from tests.storage.builders import new_concern
from tests.turns.facts import turn_of

ANN, DAVE = 1101, 1102


@pytest.fixture
async def sent(world) -> ConcernRow:
    """Ann's concern, of which Dave has a key, without a word of the talk."""
    id_ = "a" * 32
    readers = [world.ids["Dave Palmer"], world.ids["Ruth Adeyemi"]]
    new = new_concern(
        readers, b"words", team="rowan", conversation_id=id_, sent_at=world.clock.now()
    )
    own = f'{{"concerns": ["{new.id}"]}}'.encode()
    chat = ConversationChange(id_, ANN, 0, b"{}", own, new_key=True)
    async with world.store.write() as conn:
        await conversations.save(conn, world.keys, [chat], world.clock.now())
        await concerns.send(conn, world.keys, [new])
    return await world.row(new.reference)


async def notes(world, row, kind, words):
    async with turn_of(world, ANN) as turn:
        turn._EFFECTS[NoteOnConcern](turn, NoteOnConcern(row.id, kind, words))


async def test_a_yes_shows_in_the_list_of_those_who_may_read_it(world, sent):
    await notes(world, sent, "in-danger", "yes")
    [listed] = await world.desk.listing(await world.member("Dave Palmer"))
    assert listed.in_danger
    assert ("in-danger", "yes") in await world.parts_of(sent)


@pytest.mark.parametrize("words", ["no", "not-sure"])
async def test_any_other_answer_sets_nothing(world, sent, words):
    await notes(world, sent, "in-danger", words)
    assert not (await world.row(sent.reference)).in_danger


async def test_a_later_no_unsays_nothing(world, sent):
    await notes(world, sent, "in-danger", "yes")
    await notes(world, sent, "in-danger", "no")
    assert (await world.row(sent.reference)).in_danger
    said = [words for kind, words in await world.parts_of(sent) if kind == "in-danger"]
    assert said == ["yes", "no"]


async def test_staff_who_have_acted_are_told_that_more_was_said(world, sent):
    await notes(world, sent, "danger-details", "At home.")
    await world.opens("Dave Palmer", sent.reference)
    await world.acts("Dave Palmer", sent.reference, Act.ACKNOWLEDGE)
    async with turn_of(world, ANN) as turn:
        turn._EFFECTS[NoteOnConcern](turn, NoteOnConcern(sent.id, "in-danger", "yes"))
        keys = [tell.key for one in turn.decided for tell in one.decision.tells]
    assert keys == ["staff.added"]
    assert (await world.row(sent.reference)).in_danger
