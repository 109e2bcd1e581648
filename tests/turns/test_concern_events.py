"""News of a concern: one neutral notice by day, words behind it for its own person alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.casework.model import Act, Event, Result
from bot.dialogue.inputs import Left, OpenNews
from storage import schema
from storage.outbox import MessageState
from tests.turns.world import NOW

ANN, BEN = 501, 502
NOTICE = "There is news for you. Tap to read it."
NIGHT = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)


async def acknowledged(world, chat=ANN):
    row = await world.sends(chat, "a secret: it is cold")
    await world.opens("Dave Palmer", row.reference)
    await world.acts("Dave Palmer", row.reference, Act.ACKNOWLEDGE)
    return row


async def test_a_notice_says_nothing_and_the_words_come_on_a_tap(world):
    row = await acknowledged(world)
    (notice,) = await world.hears(ANN)
    assert notice.text == NOTICE
    assert list(notice.buttons) == ["Read it"]
    (words,) = await world.taps(ANN, "Read it")
    assert words.text.startswith(f"Someone in the team has opened your concern {row.reference}.")
    assert words.lane == 0
    assert notice.lane == 2


async def test_several_things_to_tell_at_one_event_are_one_notice_and_one_message(world):
    """A second missed date also names the ways round us."""
    row = await world.sends(ANN, "cold")
    for _ in range(2):
        world.clock.move_to((await world.row(row.reference)).due_at)
        await world.promises.keep()
    notices = [one for one in await world.hears(ANN) if "Read it" in one.buttons]
    assert len(notices) == 2
    first, second = await world.reads(ANN)
    assert "PALS" not in first
    assert "We have no news for you" in second and "PALS" in second
    assert await world.queued() == []


async def test_two_events_are_two_notices_with_their_own_words(world):
    row = await acknowledged(world)
    await world.acts("Dave Palmer", row.reference, Act.LOOK_INTO)
    assert [one.text for one in await world.hears(ANN)] == [NOTICE, NOTICE]
    first, second = await world.reads(ANN)
    assert "has opened" in first and "has opened" not in second


async def test_only_its_own_person_opens_news(world):
    await world.says(BEN, "hello")
    await acknowledged(world)
    (held,) = [row for row, _ in await world.queued() if row.state == MessageState.HELD]
    await world.turns.take([world.arrival(BEN, OpenNews(held.held_id))])
    gone = world.house.wording.text("talk.news-gone")
    assert [one.text for one in await world.hears(BEN)][-1] == gone
    assert len(await world.reads(ANN)) == 1


async def test_news_that_was_read_or_never_was_is_said_kindly(world):
    await acknowledged(world)
    await world.hears(ANN)
    tap = world.press(ANN, "Read it")
    await world.turns.take([tap, world.press(ANN, "Read it")])
    words, gone = await world.hears(ANN)
    assert "has opened" in words.text
    assert gone.text == world.house.wording.text("talk.news-gone")
    await world.turns.take([world.arrival(ANN, OpenNews("0" * 32))])
    assert [one.text for one in await world.hears(ANN)] == [gone.text]


async def test_answers_in_one_set_come_in_the_order_of_the_taps(world):
    await acknowledged(world)
    await world.hears(ANN)
    await world.turns.take([world.press(ANN, "Read it"), world.press(ANN, "Skip")])
    first, *_, last = await world.hears(ANN)
    assert "has opened" in first.text
    assert "For me" in last.buttons


async def test_at_night_a_notice_waits_for_the_morning_and_the_talk_does_not(world):
    row = await world.sends(ANN, "cold")
    await world.opens("Dave Palmer", row.reference)
    world.clock.move_to(NIGHT)
    await world.acts("Dave Palmer", row.reference, Act.ACKNOWLEDGE)
    assert await world.hears(ANN) == []
    world.clock.move_to(datetime(2026, 11, 26, 8, 59, 59, tzinfo=UTC))
    assert await world.hears(ANN) == []
    world.clock.move_to(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    assert [one.text for one in await world.hears(ANN)] == [NOTICE]


async def test_somebody_who_writes_at_night_is_answered_at_night(world):
    world.clock.move_to(NIGHT)
    row = await world.sends(ANN, "cold")
    assert any(row.reference in one.text for one in world.phones[ANN])
    assert all(one.lane == 0 for one in world.phones[ANN])


async def test_a_notice_that_waits_for_morning_does_not_keep_back_an_answer(world):
    """Somebody is awake at two in the morning and writes: the bot must not be silent till nine."""
    row = await world.sends(ANN, "cold")
    await world.opens("Dave Palmer", row.reference)
    world.clock.move_to(NIGHT)
    await world.acts("Dave Palmer", row.reference, Act.ACKNOWLEDGE)
    assert [one.text for one in await world.says(ANN, "I cannot sleep")] != []


async def test_who_cannot_be_reached_gets_everything_when_they_write_again(world):
    row = await acknowledged(world)
    await world.blocks(ANN)
    await world.acts("Dave Palmer", row.reference, Act.LOOK_INTO)
    assert await world.hears(ANN) == []
    before = len(await world.queued())
    seen = await world.says(ANN, "I am back")
    assert before == 4
    assert [one.text for one in seen][:2] == [NOTICE, NOTICE]
    assert not (await world.conversation(ANN)).unreachable


async def test_who_unblocks_is_greeted_and_gets_what_waited(world):
    await acknowledged(world)
    await world.blocks(ANN)
    seen = [one.text for one in await world.returns(ANN)]
    assert seen[:2] == [NOTICE, "You can write here again."]


async def test_a_block_and_a_return_in_one_set_count_by_the_last_of_them(world):
    await world.says(ANN, "one")
    await world.turns.take([world.arrival(ANN, Left()), *world.words(ANN, "two")])
    assert not (await world.conversation(ANN)).unreachable
    await world.turns.take([*world.words(ANN, "three"), world.arrival(ANN, Left())])
    assert (await world.conversation(ANN)).unreachable


async def test_what_a_person_just_did_is_answered_without_a_notice(world):
    row = await world.sends(ANN, "cold")
    seen = await world.taps(ANN, "Take it back", "Yes, take it back")
    assert "Read it" not in {label for one in seen for label in one.buttons}
    assert "Open it again" in {label for one in seen for label in one.buttons}
    assert (await world.row(row.reference)).state == "withdrawn"


async def test_an_outcome_is_answered_and_closes_or_goes_one_level_up(world):
    closed, reopened = await world.sends(ANN, "cold"), await world.sends(BEN, "cold")
    for row in (closed, reopened):
        await world.answers("Dave Palmer", row.reference, "The heating works now.")
    for chat in (ANN, BEN):
        (told,) = await world.reads(chat)
        assert "The heating works now." in told
    await world.links("Ruth Adeyemi", 900)
    await world.links("Dave Palmer", 901)
    await world.taps(ANN, "Yes, it did")
    await world.taps(BEN, "Not really")
    assert (await world.row(closed.reference)).state == "closed"
    after = await world.row(reopened.reference)
    assert (after.state, after.level) == ("reopened", 1)
    (told,) = [one for one in world.phones[900] if reopened.reference in one.text]
    assert told.buttons == {"Open": f"{world.house.console_url}/concerns/{reopened.reference}"}
    assert not any(reopened.reference in one.text for one in world.phones[901])


async def test_staff_hear_of_a_concern_only_if_linked_answerable_and_able_to_read(world):
    for chat, name in enumerate(("Dave Palmer", "Rita Reed", "Ruth Adeyemi", "Sunil Mehta"), 900):
        await world.links(name, chat)
    await world.says(ANN, "cold")
    await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(ANN, "Dave Palmer")
    await world.taps(ANN, "Send it", "Skip", "Add to it")
    await world.says(ANN, "more")
    await world.taps(ANN, "Add it now")
    (row,) = await world.owned(ANN)
    told = [
        chat
        for chat in range(900, 904)
        if any(row.reference in one.text for one in world.phones[chat])
    ]
    assert told == [902]  # the lead; not the reader, not another team, not who is kept out


async def test_staff_are_not_woken_at_night_either(world):
    await world.links("Dave Palmer", 900)
    await world.sends(ANN, "cold")
    world.clock.move_to(NIGHT)
    await world.taps(ANN, "Skip", "Add to it")
    await world.says(ANN, "more")
    await world.taps(ANN, "Add it now")
    assert len(world.phones[900]) == 1  # that the chat is linked
    world.clock.move_to(NIGHT + timedelta(hours=10))
    assert len(await world.hears(900)) == 1


async def test_a_return_address_that_does_not_open_raises_an_alarm_and_the_concern_goes_on(world):
    await world.links("Ruth Adeyemi", 900)
    row, other = await world.sends(ANN, "cold"), await world.sends(BEN, "cold")
    table = schema.concerns
    async with world.store.write() as conn:
        lost = update(table).where(table.c.id == row.id).values(return_sealed=b"\1" * 80)
        await conn.execute(lost)
    world.clock.move_to(row.due_at)
    assert await world.promises.keep() == 2
    assert await world.alarms() == ["return-address-damaged"]
    assert (await world.row(row.reference)).level == 1
    assert await world.reads(ANN) == []
    assert len(await world.reads(BEN)) == 1
    assert {row.reference, other.reference} <= set(
        " ".join(one.text for one in world.phones[900]).replace(":", " ").split()
    )


@pytest.mark.parametrize("result", list(Result))
async def test_every_outcome_is_told_with_the_words_and_kept_with_its_kind(world, result):
    row = await world.sends(ANN, "cold")
    await world.opens("Dave Palmer", row.reference)
    by = NOW.date() + timedelta(days=29) if result is Result.WILL_CHANGE else None
    done = Event(Act.RECORD_OUTCOME, world.ids["Dave Palmer"], result, by)
    await world.acts("Dave Palmer", row.reference, done, "We looked at it.")
    assert await world.parts_of(row) == [
        ("words", "cold"),
        (f"outcome-{result.value}", "We looked at it."),
    ]
    (told,) = await world.reads(ANN)
    assert "We looked at it." in told
    assert ("Thursday 24 December" in told) == (result is Result.WILL_CHANGE)


async def test_danger_that_is_said_later_is_noted_where_staff_look_first(world):
    await world.sends(ANN, "The toilet is broken.")
    await world.taps(ANN, "Skip", "Skip")
    await world.says(ANN, "yes, in danger now")
    sent = (await world.owned(ANN))[0]
    assert sent.in_danger
    assert ("in-danger", "yes") in await world.parts_of(sent)
