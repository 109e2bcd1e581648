"""Whoever asks to be forgotten is: nothing is left that opens, and staff know why no word comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.casework.model import Act, NotAllowed, State
from bot.dialogue.inputs import Attached, Left, Said
from bot.keeping import Keeping
from bot.turns.concern import as_concern
from storage import chat_messages, concerns, forgetting, outbox, schema
from tests.turns.built import opened
from tests.turns.world import NOW

ANN, BEN, DAVE = 801, 802, 803
DAY = timedelta(days=1)
OF_A_PERSON = ("conversations", "draft_parts", "chat_messages", "outbox", "data_requests")


async def asks(world, chat):
    """Everything but the delivery of the last words."""
    await world.commands(chat, "forget")
    await world.turns.take([world.press(chat, "Yes, forget me")])


async def forgotten(world, chat):
    await asks(world, chat)
    return await world.hears(chat)


async def addresses(world, *rows):
    async with world.store.read() as conn:
        return await concerns.return_addresses(conn, world.keys, [row.id for row in rows])


async def test_the_last_words_come_and_then_nothing_is_left(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    await world.commands(ANN, "mydata")
    await world.taps(ANN, "Get my data")
    await world.answers("Dave Palmer", row.reference)
    await world.says(ANN, "One more thing.")
    [last] = await forgotten(world, ANN)
    assert last.text.startswith("I have forgotten you.")
    assert await world.count(*OF_A_PERSON) == [0] * len(OF_A_PERSON)
    assert await addresses(world, row) == {}


async def test_files_that_were_not_sent_go_and_sent_ones_stay(world):
    await world.turns.take([world.arrival(ANN, Attached("voice", "one", 5_000))])
    await world.sends(ANN, "I recorded it.")
    await world.taps(ANN, "Stop")
    await world.turns.take([world.arrival(ANN, Attached("voice", "two", 5_000))])
    assert await world.count("files", "file_jobs") == [2, 2]
    await forgotten(world, ANN)
    assert await world.count("files", "file_jobs") == [1, 1]


async def test_until_the_last_words_are_out_only_an_empty_row_is_left(world):
    await world.says(ANN, "My leave was stopped.")
    key = (await row_of(world)).key_locked
    await asks(world, ANN)
    known, stored = await world.conversation(ANN), await row_of(world)
    assert (known.due_kind, known.began_at) == (forgetting.LEAVING, None)
    assert stored.key_locked != key
    assert await world.owned(ANN) == []
    assert (await world.talk_of(ANN))["at"] == "new"
    [(_, waiting)] = await world.queued()
    assert waiting.text.startswith("I have forgotten you.")


async def row_of(world):
    async with world.store.read() as conn:
        return (await conn.execute(select(schema.conversations))).one()


async def test_the_last_words_are_in_the_middle_of_a_set_too(world):
    await world.says(ANN, "My leave was stopped.")
    await world.commands(ANN, "forget")
    yes = world.press(ANN, "Yes, forget me")
    await world.turns.take([yes, world.arrival(ANN, Said("hello again"))])
    texts = [one.text for one in await world.hears(ANN)]
    assert texts[0].startswith("I have forgotten you.")
    assert await world.draft(ANN) == ["hello again"]
    assert (await world.conversation(ANN)).due_kind != forgetting.LEAVING


async def test_sent_and_forgotten_in_one_breath_leaves_no_way_back(world):
    await world.says(ANN, "The night nurse shouted.")
    await world.taps(ANN, "Send", "Rowan Ward")
    await world.turns.take([world.press(ANN, "No, send it"), world.arrival(ANN, Said("forget me"))])
    await world.deliver()
    await world.turns.take([world.press(ANN, "Yes, forget me")])
    async with world.store.read() as conn:
        [row] = (await conn.execute(select(schema.concerns))).all()
    assert row.return_sealed == b""
    assert row.forgotten


async def test_whoever_writes_again_is_new(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    await forgotten(world, ANN)
    seen = await world.says(ANN, "hello")
    assert seen[0].text.startswith("Hello. I am a bot.")
    assert await world.owned(ANN) == []
    await world.commands(ANN, "mydata")
    assert row.reference not in [one.text for one in await world.taps(ANN, "Get my data")][1]


async def test_an_old_button_does_nothing_to_the_new_talk(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    old = world.press(ANN, "Take it back")
    await forgotten(world, ANN)
    await world.turns.take([old])
    assert (await world.row(row.reference)).state == State.SENT


async def test_staff_still_owe_it_a_look_and_are_told_that_no_answer_arrives(world):
    await world.links("Dave Palmer", DAVE)
    row = await world.sends(ANN, "The night nurse shouted.")
    await forgotten(world, ANN)
    told = [one.text for one in world.phones[DAVE]]
    assert any("asked to be forgotten. No answer can reach them." in one for one in told)
    after = await world.row(row.reference)
    assert (after.state, after.level, after.due_at) == (row.state, row.level, row.due_at)
    assert after.forgotten
    assert await world.alarms() == []


async def test_no_date_alarms_about_nobody_and_the_duty_goes_up(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    await forgotten(world, ANN)
    phone = len(world.phones[ANN])
    for day in range(1, 30):
        world.clock.move_to(NOW + day * DAY)
        await world.promises.keep()
        await world.deliver()
    assert len(world.phones[ANN]) == phone
    assert await world.alarms() == []
    assert (await world.row(row.reference)).level > row.level


async def test_staff_close_it_with_an_outcome_that_goes_to_nobody(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    await forgotten(world, ANN)
    await world.opens("Dave Palmer", row.reference)
    await world.acts("Dave Palmer", row.reference, Act.ACKNOWLEDGE)
    with pytest.raises(NotAllowed):
        await world.acts("Dave Palmer", row.reference, Act.ANSWER, "Thank you.")
    await world.answers("Dave Palmer", row.reference, "We changed the rota.")
    after = as_concern(await world.row(row.reference))
    assert (after.state, after.due) == (State.CLOSED, None)
    assert await world.count("outbox") == [0]
    assert await world.alarms() == []


async def test_an_outcome_without_a_reply_ends_by_itself(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    await world.answers("Dave Palmer", row.reference)
    await forgotten(world, ANN)
    world.clock.move_to(NOW + 60 * DAY)
    await world.promises.keep()
    assert (await world.row(row.reference)).state == State.CLOSED
    assert await world.alarms() == []


async def test_a_member_of_staff_who_is_forgotten_as_a_person_stays_linked(world):
    await world.links("Dave Palmer", DAVE)
    await world.says(DAVE, "I have a concern of my own.")
    await forgotten(world, DAVE)
    assert (await world.member("Dave Palmer")).linked


async def test_others_are_left_alone(world):
    ours = await world.sends(BEN, "The food is cold.")
    await forgotten(world, ANN)
    assert len(await addresses(world, ours)) == 1
    assert await world.conversation(BEN)
    assert not (await world.row(ours.reference)).forgotten


async def test_a_kill_before_the_last_words_ends_in_the_same_place(world):
    """The process dies after its commit, and again between Telegram's answer and its note of it."""
    await world.sends(ANN, "The night nurse shouted.")
    await asks(world, ANN)
    await world.store.close()
    async with opened(world.folder) as again:
        async with again.store.write() as conn:
            await outbox.claim(conn, again.keys, NOW, timedelta(minutes=5), 10)
        async with again.store.write() as conn:
            await outbox.reset_claims(conn)
        [last] = await again.hears(ANN)
        assert last.text.startswith("I have forgotten you.")
        assert await again.count(*OF_A_PERSON) == [0] * len(OF_A_PERSON)


async def test_somebody_who_blocked_us_is_forgotten_all_the_same(world):
    await world.says(ANN, "My leave was stopped.")
    await asks(world, ANN)
    await world.turns.take([world.arrival(ANN, Left())])
    assert (await world.conversation(ANN)).due_kind == forgetting.LEAVING
    await Keeping(world.store, world.keys, world.clock).look()
    assert await world.count(*OF_A_PERSON) == [0] * len(OF_A_PERSON)


async def test_somebody_who_cannot_be_reached_for_a_day_is_forgotten_all_the_same(world):
    await world.says(ANN, "My leave was stopped.")
    await asks(world, ANN)
    world.clock.move_to(NOW + 2 * DAY)
    await Keeping(world.store, world.keys, world.clock).look()
    assert await world.count(*OF_A_PERSON) == [0] * len(OF_A_PERSON)


async def test_whoever_wrote_again_meanwhile_keeps_what_they_wrote(world):
    await asks(world, ANN)
    known = await world.conversation(ANN)
    await world.turns.take(world.words(ANN, "Wait, one more thing."))
    async with world.store.write() as conn:
        await forgetting.depart(conn, [known.id], [known.id])
        await chat_messages.remember(conn, [(known.id, 5)], NOW)
    assert await world.draft(ANN) == ["Wait, one more thing."]
