"""A complaint about data: for the independent people alone, with its own reference and clock."""

from __future__ import annotations

from datetime import date, timedelta

from bot.casework.model import Act, Event, Result, State
from bot.turns.concern import as_concern
from storage.wraps import RECOVERY
from tests.turns.world import NOW

ANN, HELEN = 901, 902
DAY = timedelta(days=1)
WORDS = "You wrote to my mother. I never said that you may."


async def complains(world, chat, words=WORDS):
    await world.commands(chat, "mydata")
    await world.taps(chat, "Something is wrong with it")
    seen = await world.says(chat, words)
    [reference] = [
        one.text.partition("Its reference is ")[2][:11] for one in seen if "D-" in one.text
    ]
    return await world.row(reference)


async def test_only_the_independent_people_and_recovery_can_open_it(world):
    row = await complains(world, ANN)
    assert await world.readers(row) == {"Helen Marsh", "Tom Byrne"}
    assert await world.parts_of(row, "Helen Marsh") == [("words", WORDS)]
    assert await world.opens("Grace Okoro", row.reference) is None
    assert await world.opens("Dave Palmer", row.reference) is None
    wraps = (await world.everything())["wraps"]
    assert sum(RECOVERY in one for one in wraps) == 1


async def test_it_is_to_be_acknowledged_within_thirty_days(world):
    row = await complains(world, ANN)
    due = as_concern(row).due
    # Day 30 is a Friday and a bank holiday: the word comes before it, never after.
    assert world.house.calendar.local_date(due.at) == date(2026, 12, 24)
    assert (row.kind, row.team) == ("data-complaint", "independent")


async def test_it_is_no_concern_of_the_persons_and_touches_no_draft(world):
    await world.says(ANN, "My leave was stopped.")
    row = await complains(world, ANN)
    assert await world.draft(ANN) == ["My leave was stopped."]
    assert await world.owned(ANN) == []
    seen = await world.says(ANN, row.reference)
    assert "begins with D is about your data" in seen[-2].text or any(
        "begins with D is about your data" in one.text for one in seen
    )


async def test_whoever_was_kept_from_a_concern_does_not_read_the_complaint(world):
    await world.says(ANN, "He shouted.")
    await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(ANN, "Helen Marsh")
    await world.taps(ANN, "Send it")
    row = await complains(world, ANN)
    assert await world.readers(row) == {"Tom Byrne"}


async def test_when_nobody_would_be_left_it_is_not_sent_and_that_is_said(world):
    await world.says(ANN, "They shouted.")
    await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(ANN, "Helen Marsh")
    await world.taps(ANN, "Someone else as well")
    await world.says(ANN, "Tom Byrne")
    await world.taps(ANN, "Send it")
    await world.commands(ANN, "mydata")
    await world.taps(ANN, "Something is wrong with it")
    seen = await world.says(ANN, WORDS)
    assert not any(one.text.startswith("Sent.") for one in seen)
    assert await world.alarms() == ["update-set-aside"]
    assert await world.count("concerns") == [1]


async def test_what_staff_do_reaches_the_person_as_news_that_calls_it_no_concern(world):
    row = await complains(world, ANN)
    await world.opens("Helen Marsh", row.reference)
    await world.acts("Helen Marsh", row.reference, Act.ACKNOWLEDGE)
    [read] = await world.reads(ANN)
    assert f"have opened your data complaint {row.reference}" in read
    await world.answers("Helen Marsh", row.reference, "We were wrong to write to her.")
    [told] = await world.reads(ANN)
    assert "We were wrong to write to her." in told
    assert "Information Commissioner" in told
    assert "concern" not in told
    assert world.phones[ANN][-1].buttons == {}
    assert (await world.row(row.reference)).state == State.CLOSED


async def test_a_change_that_was_promised_keeps_it_open(world):
    row = await complains(world, ANN)
    await world.opens("Helen Marsh", row.reference)
    by = date(2026, 12, 9)
    promise = Event(Act.RECORD_OUTCOME, "", Result.WILL_CHANGE, by)
    await world.acts("Helen Marsh", row.reference, promise, "We will mend the list.")
    after = as_concern(await world.row(row.reference))
    assert (after.state, after.promised_on) == (State.PROMISED, by)
    assert after.due.at == world.house.calendar.at_contact_time(by)


async def test_when_nobody_acknowledges_it_the_person_and_the_independent_people_are_told(world):
    await world.links("Helen Marsh", HELEN)
    row = await complains(world, ANN)
    world.clock.move_to(NOW + 30 * DAY)
    await world.promises.keep()
    [late] = await world.reads(ANN)
    assert late.startswith("We said that you would hear about your data complaint")
    assert any(row.reference in one.text for one in world.phones[HELEN])
    world.clock.move_to(NOW + 45 * DAY)
    await world.promises.keep()
    assert any("ico.org.uk" in one for one in await world.reads(ANN))


async def test_it_is_in_the_persons_own_copy_and_forgotten_with_them(world):
    row = await complains(world, ANN)
    await world.commands(ANN, "mydata")
    [file] = [one.file for one in await world.taps(ANN, "Get my data") if one.file]
    assert f"{row.reference}: your complaint about data." in file
    await world.commands(ANN, "forget")
    await world.taps(ANN, "Yes, forget me")
    assert (await world.row(row.reference)).forgotten
