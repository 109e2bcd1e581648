"""Staff ask the person something, behind a notice; the reply lands in the same concern."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.casework.model import Act, Event, NotAllowed
from storage import audit
from tests.turns.world import NOW

ANN, DAVES = 501, 900
DAVE, RITA, RUTH = "Dave Palmer", "Rita Reed", "Ruth Adeyemi"
QUESTION = "Which evening was it? I want to look at the rota.\n\nDave, nurse"


@pytest.fixture
async def row(world):
    row = await world.sends(ANN, "My leave was stopped.")
    await world.taps(ANN, "Stop")
    await world.opens(DAVE, row.reference)
    return row


async def asks(world, row):
    await world.acts(DAVE, row.reference, Act.ASK, QUESTION)
    return await world.reads(ANN)


async def test_a_question_comes_behind_a_notice_and_moves_no_date(world, row):
    (told,) = await asks(world, row)
    assert f"Staff ask you something about your concern {row.reference}:\n\n{QUESTION}" in told
    notice = next(one for one in world.phones[ANN] if one.text.startswith("There is news"))
    assert row.reference not in notice.text
    assert "rota" not in notice.text
    after = await world.row(row.reference)
    assert (after.state, after.due_at, after.asked_at) == (row.state, row.due_at, NOW)
    assert (await world.parts_of(row))[-1] == ("question", QUESTION)


async def test_the_answer_lands_in_the_same_concern_and_staff_hear_of_it(world, row):
    await world.links(DAVE, DAVES)
    await asks(world, row)
    (asked,) = await world.taps(ANN, "Answer")
    assert "question" in asked.text
    await world.says(ANN, "It was Sunday.")
    await world.taps(ANN, "Add it now")
    assert (await world.parts_of(row))[-1] == ("added", "It was Sunday.")
    after = await world.row(row.reference)
    assert (after.asked_at, after.due_at) == (None, row.due_at)
    lines = [one.text for one in await world.hears(DAVES)] or [
        one.text for one in world.phones[DAVES]
    ]
    assert any(f"There is a reply to what was asked about {row.reference}." in one for one in lines)
    assert not any("Sunday" in one for one in lines)


async def test_a_question_can_be_skipped_once_and_staff_see_that(world, row):
    await asks(world, row)
    said = await world.taps(ANN, "Skip")
    assert said[0].text.startswith("That is all right.")
    assert (await world.parts_of(row))[-1] == ("question-skipped", "skip")
    assert (await world.row(row.reference)).asked_at is None
    before = await world.parts_of(row)
    again = await world.taps(ANN, "Skip")
    assert again[0].text.startswith("That cannot be done")
    assert await world.parts_of(row) == before


async def test_one_question_at_a_time_until_a_week_has_passed(world, row):
    await asks(world, row)
    with pytest.raises(NotAllowed, match="asked"):
        await world.acts(DAVE, row.reference, Act.ASK, "And who was there?")
    world.clock.move_to(NOW + timedelta(days=7))
    await world.acts(DAVE, row.reference, Act.ASK, "And who was there?")
    assert (await world.row(row.reference)).asked_at == NOW + timedelta(days=7)


async def test_a_question_needs_somebody_who_may_answer_and_has_read_it(world, row):
    await world.opens(RITA, row.reference)
    for name, why in ((RITA, "not-yours"), (RUTH, "open-it-first")):
        with pytest.raises(NotAllowed, match=why):
            await world.acts(name, row.reference, Act.ASK, QUESTION)
    assert (await world.row(row.reference)).asked_at is None


async def test_whoever_is_forgotten_cannot_be_asked(world, row):
    await world.commands(ANN, "forget")
    await world.taps(ANN, "Yes, forget me")
    with pytest.raises(NotAllowed, match="nobody-to-ask"):
        await world.acts(DAVE, row.reference, Act.ASK, QUESTION)


async def test_an_outcome_leaves_no_question_open(world, row):
    await asks(world, row)
    await world.answers(DAVE, row.reference)
    assert (await world.row(row.reference)).asked_at is None
    await world.reads(ANN)
    said = await world.taps(ANN, "Skip")
    assert said[0].text.startswith("That cannot be done")


async def test_the_persons_own_copy_has_the_question_and_their_reply(world, row):
    await asks(world, row)
    await world.taps(ANN, "Skip")
    await world.commands(ANN, "mydata")
    await world.taps(ANN, "Get my data")
    await world.copies.send(await world.member(DAVE), await world.private(DAVE), row.reference)
    await world.reads(ANN)
    copy = next(one.file for one in reversed(world.phones[ANN]) if one.file)
    assert f"Staff asked you:\n\n{QUESTION}" in copy
    assert "I skip this" in copy


# ---- the offer to talk ----------------------------------------------------------------------


async def test_acknowledging_can_offer_to_talk_and_promises_no_call(world, row):
    event = Event(Act.ACKNOWLEDGE, world.ids[DAVE], offers_talk=True)
    await world.acts(DAVE, row.reference, event)
    (told,) = await world.reads(ANN)
    assert "has opened your concern" in told
    assert "Nothing is arranged yet." in told
    async with world.store.read() as conn:
        deeds = await audit.of_concern(conn, row.id)
    assert ("acknowledge", "offer:talk") in [(one.action, one.detail) for one in deeds]
    (how,) = await world.taps(ANN, "Yes, I want to talk")
    assert "I cannot promise that someone will call." in how.text
    await world.says(ANN, "Here, after tea.")
    kinds = (await world.parts_of(row))[-2:]
    assert kinds == [("wants-talk", "yes"), ("wants-talk", "Here, after tea.")]


async def test_a_plain_acknowledgement_offers_nothing(world, row):
    await world.acts(DAVE, row.reference, Act.ACKNOWLEDGE)
    (told,) = await world.reads(ANN)
    assert "talk" not in told


async def test_the_offer_can_be_turned_down(world, row):
    event = Event(Act.ACKNOWLEDGE, world.ids[DAVE], offers_talk=True)
    await world.acts(DAVE, row.reference, event)
    await world.reads(ANN)
    said = await world.taps(ANN, "No, not now")
    assert said[0].text.startswith("That is all right.")
    assert (await world.parts_of(row))[-1] == ("wants-talk", "no")
