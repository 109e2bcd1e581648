"""Somebody is in danger: staff are told at once, at night too, then the next until one has seen.
The person is told each time how that stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts import Alerts
from bot.casework.model import Act
from bot.channel.parse import _button, parse
from storage import alerts, audit, staff
from tests.turns.built import opened

ANN, RITA, RUTH, HELEN, DAVE = 1301, 1302, 1303, 1304, 1305
NIGHT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
YES = "Yes, in danger now"


def look(world):
    return Alerts(*world.parts()).look()


def passes(world, minutes=10):
    world.clock.move_to(world.clock.now() + timedelta(minutes=minutes))


async def on_duty(world, name="Rita Reed"):
    async with world.store.write() as conn:
        await staff.set_memberships(conn, world.ids[name], (("rowan", "reader"), ("*", "on-duty")))


async def deeds(world, row):
    """The alert's lines in the audit: what, its detail, minutes after the night's 3 o'clock."""
    async with world.store.read() as conn:
        lines = await audit.of_concern(conn, row.id)
    return [
        (one.action.removeprefix("alert-"), one.detail, (one.at - NIGHT).seconds // 60)
        for one in lines
        if one.action.startswith("alert-")
    ]


@pytest.fixture
async def night(world):
    """At three: Rita is on duty, Ruth leads, Helen is independent. All have their phones."""
    world.clock.move_to(NIGHT)
    await on_duty(world)
    for name, chat in (("Rita Reed", RITA), ("Ruth Adeyemi", RUTH), ("Helen Marsh", HELEN)):
        await world.links(name, chat)
    return world


async def in_danger(world):
    row = await world.sends(ANN, "They sent him home.")
    seen = await world.taps(ANN, YES)
    return row, seen


async def test_at_three_at_night_whoever_is_on_duty_is_told_at_once(night):
    row, seen = await in_danger(night)
    [alert] = await said_to(night, RITA)
    assert alert.lane == 0
    assert alert.text.startswith(f"{row.reference}: the person says someone is in danger now.")
    assert "3am on Thursday 26 November" in alert.text
    assert "in 10 minutes" in alert.text
    assert "sent him home" not in alert.text
    assert alert.buttons == {
        "I have seen this": f"s:{row.reference}:seen",
        "Open": f"{night.house.console_url}/concerns/{row.reference}",
    }
    assert await said_to(night, RUTH) == []
    assert seen[0].text.index("Call 999") < seen[0].text.index("I am telling staff now")
    assert "116 123" in seen[0].text
    assert "Nobody has answered yet" in seen[0].text


async def said_to(world, chat):
    """What a member of staff was shown since they linked their chat."""
    await world.deliver()
    return world.phones[chat][1:]


async def test_after_ten_minutes_the_next_is_told_and_the_person_hears_the_truth(night):
    row, _ = await in_danger(night)
    passes(night, 9)
    assert await look(night) == 0
    passes(night, 1)
    assert await look(night) == 1
    [news] = await night.hears(ANN)
    assert "nobody has answered yet" in news.text
    for number in ("999", "111, option 2", "116 123"):
        assert number in news.text
    assert "Read it" not in news.buttons  # not held back behind a notice
    [alert] = await said_to(night, RUTH)
    assert "I have seen this" in alert.buttons
    assert len(await said_to(night, RITA)) == 1
    passes(night)
    await look(night)
    assert len(await said_to(night, HELEN)) == 1
    passes(night)
    await look(night)
    assert [len(await said_to(night, one)) for one in (RITA, RUTH, HELEN)] == [2, 2, 2]
    assert "still nobody" not in night.phones[ANN][-1].text
    passes(night)
    await look(night)
    await night.deliver()
    assert "still nobody" in night.phones[ANN][-1].text
    assert await deeds(night, row) == [
        ("began", "", 0),
        ("told", "step:on-duty", 0),
        ("unanswered", "step:on-duty", 10),
        ("told", "step:lead", 10),
        ("unanswered", "step:lead", 20),
        ("told", "step:independent", 20),
        ("unanswered", "step:independent", 30),
        ("told", "step:everyone", 30),
        ("unanswered", "step:everyone", 40),
        ("told", "step:everyone", 40),
    ]
    assert "alert-unanswered" in await night.alarms()


async def test_a_doubled_tick_tells_nobody_twice(night):
    await in_danger(night)
    passes(night)
    assert [await look(night), await look(night)] == [1, 0]
    assert len(await night.hears(ANN)) == 1


async def test_seen_stops_it_and_the_person_hears_who_by_role_and_once(night):
    row, _ = await in_danger(night)
    await said_to(night, RITA)
    passes(night, 4)
    [answer] = await taps_as_staff(night, RITA, "I have seen this")
    assert answer.text.startswith(f"{row.reference}: noted that you have seen it.")
    news = night.phones[ANN][-1]
    assert "someone on duty has seen" in news.text
    assert "Only 999 can send help" in news.text
    again = await taps_as_staff(night, RITA, "I have seen this")
    assert "does not run any more" in again[0].text
    await night.opens("Ruth Adeyemi", row.reference)
    passes(night, 60)
    assert await look(night) == 0
    assert await night.hears(ANN) == []
    assert await deeds(night, row) == [
        ("began", "", 0),
        ("told", "step:on-duty", 0),
        ("seen", "", 4),
    ]


async def taps_as_staff(world, chat, label):
    before = len(world.phones[chat])
    data = next(one.buttons[label] for one in reversed(world.phones[chat]) if label in one.buttons)
    await world.turns.take([staff_tap_of(world, chat, data)])
    await world.deliver()
    return world.phones[chat][before:]


def staff_tap_of(world, chat, data):
    query = {
        "id": "1",
        "from": {"id": chat, "is_bot": False, "first_name": "x"},
        "chat_instance": "1",
        "data": data,
        "message": {"message_id": 7, "date": 0, "chat": {"id": chat, "type": "private"}},
    }
    arrival = parse({"update_id": next(world.update_ids), "callback_query": query})
    assert arrival is not None
    return arrival


async def test_opening_it_in_the_console_is_seeing_it(night):
    row, _ = await in_danger(night)
    await night.opens("Ruth Adeyemi", row.reference)
    assert "a team lead has seen" in (await night.hears(ANN))[-1].text
    passes(night)
    assert await look(night) == 0


async def test_a_reader_who_opens_it_stops_nothing(world):
    world.clock.move_to(NIGHT)
    await world.links("Ruth Adeyemi", RUTH)
    row, _ = await in_danger(world)
    await world.opens("Rita Reed", row.reference)
    passes(world)
    assert await look(world) == 1


async def test_somebody_left_out_is_never_told_however_long_it_goes_on(night):
    await night.says(ANN, "Rita shouted at me.")
    await night.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await night.says(ANN, "Rita Reed")
    await night.taps(ANN, "Send it")
    await night.taps(ANN, YES)
    for _ in range(9):
        passes(night)
        await look(night)
    assert await said_to(night, RITA) == []
    assert len(await said_to(night, RUTH)) > 3
    reference = (await night.owned(ANN))[-1].reference
    [nothing] = await taps_of(night, RITA, f"s:{reference}:seen")
    assert reference not in nothing.text
    passes(night, 60)
    assert await look(night) == 1


async def taps_of(world, chat, data):
    before = len(world.phones[chat])
    await world.turns.take([staff_tap_of(world, chat, data)])
    await world.deliver()
    return world.phones[chat][before:]


async def test_when_nobody_can_be_reached_that_is_what_is_said(world):
    row, seen = await in_danger(world)
    assert seen[0].text.startswith("Nobody has been alerted by this. Call 999.")
    passes(world, 60)
    assert await look(world) == 0
    assert await world.hears(ANN) == []
    assert await world.alarms() == ["alert-nobody"]
    async with world.store.read() as conn:
        assert await alerts.load(conn, [row.id]) == {}


async def test_a_later_no_stops_nothing_and_lies_sealed_beside_the_yes(night):
    row, _ = await in_danger(night)
    await night.says(ANN, "no")
    passes(night)
    assert await look(night) == 1
    said = [words for kind, words in await night.parts_of(row) if kind == "in-danger"]
    assert said == ["yes", "no"]


async def test_taken_back_or_forgotten_it_goes_on_but_nothing_reaches_whoever_is_forgotten(night):
    row, _ = await in_danger(night)
    await night.commands(ANN, "forget")
    await night.taps(ANN, "Yes, forget me")
    assert (await night.row(row.reference)).forgotten
    passes(night)
    assert await look(night) == 1
    assert await night.hears(ANN) == []
    assert len(await said_to(night, RUTH)) == 1
    await night.opens("Ruth Adeyemi", row.reference)
    assert await night.hears(ANN) == []
    assert await night.alarms() == []


async def test_said_again_after_it_was_seen_it_begins_anew(night):
    row, _ = await in_danger(night)
    await night.opens("Ruth Adeyemi", row.reference)
    passes(night, 300)
    await night.taps(ANN, "Skip", YES)
    assert len(await said_to(night, RITA)) == 2
    passes(night)
    assert await look(night) == 1
    assert [what for what, _, _ in await deeds(night, row)].count("began") == 2


async def test_said_again_while_it_runs_those_told_last_hear_it_again_and_nothing_is_put_off(night):
    await in_danger(night)
    passes(night)
    await look(night)
    passes(night, 6)
    await night.taps(ANN, "Skip", YES)
    assert [len(await said_to(night, one)) for one in (RITA, RUTH)] == [1, 2]
    passes(night, 4)
    assert await look(night) == 1


async def test_the_yes_counts_for_the_concern_that_it_was_asked_about(night):
    first = await night.sends(ANN, "The first.")
    await night.taps(ANN, "Skip", "Skip", "Nothing needed")
    await night.says(ANN, "The second.")
    await night.taps(ANN, "Something new", "Send", "Rowan Ward", "No, send it", "Skip")
    second = (await night.owned(ANN))[-1]
    old = next(one.buttons[YES] for one in night.phones[ANN] if YES in one.buttons)
    await night.turns.take([night.arrival(ANN, _button(old), message_id=7)])
    assert (await night.row(first.reference)).in_danger
    assert not (await night.row(second.reference)).in_danger
    [alert] = await said_to(night, RITA)
    assert alert.text.startswith(first.reference)


async def test_killed_between_two_steps_it_goes_on_after_the_start(night, tmp_path):
    row, _ = await in_danger(night)
    passes(night)
    await look(night)
    at = night.clock.now()
    await night.store.close()
    async with opened(night.folder) as again:
        again.clock.move_to(at + timedelta(minutes=10))
        assert await look(again) == 1
        steps = [detail for what, detail, _ in await deeds(again, row) if what == "told"]
        assert steps == ["step:on-duty", "step:lead", "step:independent"]


async def test_an_alert_that_cannot_be_told_keeps_no_other_from_being_told(night):
    first, _ = await in_danger(night)
    await night.links("Dave Palmer", DAVE)
    other = 1306
    await night.says(other, "Another person.")
    await night.taps(other, "Send", "Rowan Ward", "No, send it", YES)
    broken = night.without_wording("help.alert-next")
    passes(night)
    assert await look(broken) == 0
    assert await night.alarms() == ["alert-not-told"] * 2
    assert await look(night) == 2
    assert first.reference in (await night.hears(ANN))[-1].text


async def test_staff_who_acknowledged_it_are_still_alerted_by_a_later_yes(night):
    row = await night.sends(ANN, "They sent him home.")
    await night.taps(ANN, "Skip")
    await night.opens("Dave Palmer", row.reference)
    await night.acts("Dave Palmer", row.reference, Act.ACKNOWLEDGE)
    await night.says(ANN, "yes, in danger now")
    assert len(await said_to(night, RITA)) == 1
