"""What staff tap under a list: it counts for whom it should, once, and for nobody else."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.casework.model import Act, Level
from storage import schema
from tests.turns.tapping import digest_at, of_data, takes, tap, tapped

ANN, BEN = 501, 502
DAVE, RUTH, SUNIL, GRACE, RITA = range(900, 905)
NAMES = {
    DAVE: "Dave Palmer",
    RUTH: "Ruth Adeyemi",
    SUNIL: "Sunil Mehta",
    GRACE: "Grace Okoro",
    RITA: "Rita Reed",
}
TOMORROW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # the one list is at 8:30, the other at 9
HOUR = timedelta(hours=1)
NOTHING = "This changed nothing. Open the console to see how things stand."


@pytest.fixture
async def listed(world):
    """A concern, and the list of the morning on everybody's phone."""
    row = await world.sends(ANN, "The heating is broken")
    for chat, name in NAMES.items():
        await world.links(name, chat)
    await digest_at(world, TOMORROW)
    return row


def short(row):
    return row.reference[-4:]


async def stored(world, row):
    """All that a tap could change of it."""
    async with world.store.read() as conn:
        table = schema.concerns
        return (await conn.execute(select(table).where(table.c.id == row.id))).one()


async def test_taking_names_the_owner_and_the_person_reads_it(world, listed):
    (said,) = await tap(world, DAVE, f"Take {short(listed)}")
    assert said.startswith(
        f"You have taken {listed.reference}. The person is told that someone has."
    )
    assert "The next one is Monday 30 November." in said
    assert world.phones[DAVE][-1].buttons == {
        f"Open {short(listed)}": f"{world.house.console_url}/concerns/{listed.reference}"
    }
    assert world.phones[DAVE][-1].lane == 0
    row = await world.row(listed.reference)
    assert (row.owner_id, row.taken_at) == (world.ids["Dave Palmer"], world.clock.now())
    assert (row.due_at, row.state) == (listed.due_at, listed.state)
    (told,) = await world.reads(ANN)
    assert told.startswith(f"Someone in the team has taken up your concern {listed.reference}.")


async def test_the_person_reads_nothing_before_somebody_taps(world, listed):
    assert await world.reads(ANN) == []


async def test_needs_someone_higher_goes_to_the_lead_and_the_person_reads_it(world, listed):
    await tap(world, DAVE, f"Take {short(listed)}")
    await world.reads(ANN)
    before = len(world.phones[RUTH])
    (said,) = await tap(world, DAVE, f"Higher {short(listed)}")
    assert said.startswith(f"{listed.reference} has gone up to someone higher.")
    row = await world.row(listed.reference)
    assert (row.level, row.owner_id, row.due_at) == (Level.LEAD, None, listed.due_at)
    (lead,) = world.phones[RUTH][before:]
    assert lead.text.startswith(
        f"{listed.reference}: a colleague says that it needs someone higher"
    )
    (told,) = await world.reads(ANN)
    assert "It is with the person who leads the team now." in told


async def test_no_conversation_is_made_for_staff(world, listed):
    """They wrote once, to link; a conversation of before that is not made again or changed."""
    table = schema.conversations
    async with world.store.write() as conn:
        await conn.execute(table.delete().where(table.c.id != (await world.conversation(ANN)).id))
    before = await world.count("conversations", "chat_messages", "counts")
    await tap(world, DAVE, f"Take {short(listed)}")
    assert await world.count("conversations", "chat_messages", "counts") == before
    assert await world.conversation(DAVE) is None


async def test_a_doubled_update_does_nothing_twice(world, listed):
    update_ = tapped(world, DAVE, f"Take {short(listed)}")
    said = await takes(world, DAVE, update_, update_)
    assert len(said) == 1
    assert await takes(world, DAVE, update_) == []
    assert len(await world.reads(ANN)) == 1


async def test_two_taps_by_one_are_one_and_by_two_change_the_owner(world, listed):
    label = f"Take {short(listed)}"
    first = await takes(world, DAVE, tapped(world, DAVE, label), tapped(world, DAVE, label))
    assert [one.partition(".")[0] for one in first] == [
        f"You have taken {listed.reference}",
        f"{listed.reference} is yours already",
    ]
    (said,) = await tap(world, RUTH, label)
    assert said.startswith(f"You have taken {listed.reference}. Open it before")
    assert (await world.row(listed.reference)).owner_id == world.ids["Ruth Adeyemi"]
    assert len(await world.reads(ANN)) == 1


@pytest.mark.parametrize("what", ["take", "higher"])
async def test_who_may_not_gets_the_same_answer_and_changes_nothing(world, listed, what, caplog):
    """Another team's, a reader, somebody who was left out since: all alike, and noted."""
    async with world.store.write() as conn:
        left_out = {"concern_id": listed.id, "staff_id": world.ids["Ruth Adeyemi"]}
        await conn.execute(schema.exclusions.insert().values(left_out))
    before = await stored(world, listed)
    for chat in (SUNIL, RITA, RUTH):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            data = f"s:{listed.reference}:{what}"
            assert await takes(world, chat, of_data(world, chat, data)) == [NOTHING]
        (record,) = caplog.records
        assert (record.message, record.staff) == ("tap-refused", world.ids[NAMES[chat]])
    assert await stored(world, listed) == before
    assert await world.reads(ANN) == []


async def test_only_those_who_may_are_shown_the_buttons(world, listed):
    last = {chat: set(world.phones[chat][-1].buttons) for chat in NAMES}
    three = {f"Take {short(listed)}", f"Higher {short(listed)}", f"Open {short(listed)}", "Open"}
    assert (last[DAVE], last[RUTH], last[GRACE]) == (three, three, three)
    assert last[RITA] == {f"Open {short(listed)}", "Open"}
    assert last[SUNIL] == {"Open"}


@pytest.mark.parametrize(
    "data", ["s:H-0000-0000:take", "s:D-0000-0000:higher", "s:{0}:delete", "s:{0}:recuse"]
)
async def test_a_forged_tap_gets_that_answer_too(world, listed, data):
    before = await stored(world, listed)
    forged = of_data(world, DAVE, data.format(listed.reference))
    assert await takes(world, DAVE, forged) == [NOTHING]
    assert await stored(world, listed) == before


@pytest.mark.parametrize("act", [Act.RECORD_OUTCOME, Act.WITHDRAW])
async def test_a_stale_tap_changes_nothing(world, listed, act):
    if act is Act.WITHDRAW:
        await world.commands(ANN, "concerns")
        await world.taps(ANN, "Take it back", "Yes, take it back")
    else:
        await world.answers("Ruth Adeyemi", listed.reference)
    before = await stored(world, listed)
    for label in (f"Take {short(listed)}", f"Higher {short(listed)}"):
        assert await tap(world, DAVE, label) == [NOTHING]
    assert await stored(world, listed) == before


async def test_above_the_top_there_is_nobody(world, listed):
    for _ in range(3):
        await tap(world, GRACE, f"Higher {short(listed)}")
    assert await tap(world, GRACE, f"Higher {short(listed)}") == [NOTHING]
    assert (await world.row(listed.reference)).level == Level.INDEPENDENT


async def test_a_stranger_who_forges_it_is_answered_as_for_any_forged_button(world, listed):
    before = await stored(world, listed)
    data = f"s:{listed.reference}:take"
    said = await takes(world, BEN, of_data(world, BEN, data))
    assert said
    assert NOTHING not in said
    assert listed.reference not in "".join(said)
    assert await stored(world, listed) == before


async def test_whoever_has_left_takes_nothing(world, listed):
    arrival = tapped(world, DAVE, f"Take {short(listed)}")
    table = schema.staff
    async with world.store.write() as conn:
        gone = update(table).where(table.c.id == world.ids["Dave Palmer"])
        await conn.execute(gone.values(active=False))
    before = await stored(world, listed)
    await takes(world, DAVE, arrival)
    assert await stored(world, listed) == before


async def test_a_tap_and_its_update_are_saved_together_or_not_at_all(world, listed):
    """An answer that cannot be worded gives up the whole of it; with its sentence it counts."""
    before = await stored(world, listed)
    arrival = tapped(world, DAVE, f"Take {short(listed)}")
    await world.without_wording("staff.you-took").turns.take([arrival])
    assert await stored(world, listed) == before
    assert await world.reads(ANN) == []


async def test_taps_of_staff_and_words_of_people_come_in_one_set(world, listed):
    taking = tapped(world, DAVE, f"Take {short(listed)}")
    await world.turns.take([*world.words(BEN, "It is cold"), taking, *world.words(ANN, "Hello")])
    await world.deliver()
    assert (await world.row(listed.reference)).owner_id == world.ids["Dave Palmer"]
    assert await world.draft(BEN) == ["It is cold"]


async def test_each_is_noted_with_who_did_it(world, listed):
    await tap(world, DAVE, f"Take {short(listed)}")
    await tap(world, RUTH, f"Higher {short(listed)}")
    async with world.store.read() as conn:
        found = select(schema.audit).where(schema.audit.c.concern_id == listed.id)
        rows = (await conn.execute(found.order_by(schema.audit.c.id))).all()
    noted = [(row.staff_id, row.action) for row in rows if row.action in {"take", "higher"}]
    assert noted == [(world.ids["Dave Palmer"], "take"), (world.ids["Ruth Adeyemi"], "higher")]
