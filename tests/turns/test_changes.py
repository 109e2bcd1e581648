"""What changed reaches those who ask, by day, without a word on a lock screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.model import NotAllowed
from bot.casework.published import Line
from bot.desk.publishing import Publishing
from bot.turns.changes import Changes
from storage import audit, published
from tests.turns.built import counted

PAT, KIM = 1, 2
LINE = Line("Nights were too loud to sleep.", "Doors close softly now.")
NOTICE = "There is some news that you asked for."


async def publishes(world, line: Line = LINE, name: str = "Ruth Adeyemi", chat: int = 99):
    row = await world.sends(chat, "It is loud at night.")
    await world.answers("Ruth Adeyemi", row.reference)
    await world.opens(name, row.reference)
    await Publishing(world.desk).publish(await world.member(name), row.reference, line)
    return row


def passes(world, time: timedelta) -> None:
    world.clock.move_to(world.clock.now() + time)


def ticks(world) -> Changes:
    return Changes(*world.parts())


async def asks(world, chat: int) -> None:
    await world.commands(chat, "changes")
    await world.taps(chat, "Tell me when one comes")


async def test_before_anything_is_published_that_is_said(world):
    (*_, said) = await world.says(PAT, "what changed?")
    assert said.text.startswith("Staff have not published any changes here yet.")


async def test_a_published_line_is_shown_at_once(world):
    await publishes(world)
    (*_, said) = await world.commands(PAT, "changes")
    assert "Rowan Ward, Wednesday 25 November" in said.text
    assert "You said: Nights were too loud to sleep.\nWe did: Doors close softly now." in said.text


async def test_whoever_asked_is_told_by_a_neutral_notice(world):
    await asks(world, PAT)
    await world.says(KIM, "hello there")
    await publishes(world)
    assert await ticks(world).look() == 0  # it can still be withdrawn
    passes(world, timedelta(minutes=11))
    assert await ticks(world).look() == 1
    (notice,) = await world.hears(PAT)
    assert (notice.text, list(notice.buttons)) == (NOTICE, ["Read it"])
    assert NOTICE not in [one.text for one in await world.hears(KIM)]
    (*_, shown) = await world.taps(PAT, "Read it")
    assert LINE.said in shown.text
    assert await ticks(world).look() == 0


async def test_nothing_is_told_at_night_and_one_notice_stands_for_all_of_it(world):
    await asks(world, PAT)
    await publishes(world)
    await publishes(world, Line("Phones were flat.", "There are chargers now."), chat=98)
    passes(world, timedelta(hours=13))  # eleven at night
    assert await ticks(world).look() == 0
    passes(world, timedelta(hours=11))
    assert await ticks(world).look() == 1
    assert [one.text for one in await world.hears(PAT)].count(NOTICE) == 1
    assert await ticks(world).look() == 0


async def test_a_line_that_was_withdrawn_is_neither_told_nor_shown(world):
    await asks(world, PAT)
    await publishes(world)
    async with world.store.read() as conn:
        (line,) = await published.newest(conn, 9)
    assert await Publishing(world.desk).withdraw(await world.member("Ruth Adeyemi"), line.id)
    passes(world, timedelta(minutes=11))
    assert await ticks(world).look() == 0
    (*_, said) = await world.commands(PAT, "changes")
    assert said.text.startswith("Staff have not published")


async def test_many_are_told_in_slices_and_each_once(world):
    chats = range(10, 15)
    for chat in chats:
        await asks(world, chat)
    await publishes(world)
    passes(world, timedelta(minutes=11))
    assert await replace(ticks(world), at_once=2).look() == len(chats)
    await world.deliver()
    for chat in chats:
        assert [one.text for one in world.phones[chat]].count(NOTICE) == 1


async def test_stopping_and_being_forgotten_end_it(world):
    for chat in (PAT, KIM):
        await asks(world, chat)
    await world.commands(PAT, "changes")
    await world.taps(PAT, "Stop telling me of changes")
    await world.commands(KIM, "forget")
    await world.taps(KIM, "Yes, forget me")
    async with world.store.read() as conn:
        assert await published.wanting(conn, "", 9) == []


async def test_the_wish_outlives_a_concern_that_is_sent(world):
    await asks(world, PAT)
    await world.sends(PAT, "Nobody came.")
    assert (await world.conversation(PAT)).wants_changes


async def test_it_stands_in_the_copy_of_ones_data(world):
    await asks(world, PAT)
    await world.commands(PAT, "mydata")
    seen = await world.taps(PAT, "Get my data")
    assert any("You asked to be told when staff publish a change." in one.file for one in seen)


async def test_showing_what_changed_costs_no_statement_more(world):
    await world.says(PAT, "hello there")
    with counted(world.store) as before:
        await world.says(PAT, "one more thing")
    await publishes(world)
    with counted(world.store) as after:
        await world.says(PAT, "and another")
    assert len(after) == len(before)


async def test_only_who_answers_for_the_team_publishes_and_only_from_an_outcome(world):
    row = await world.sends(PAT, "It is loud at night.")
    publishing = Publishing(world.desk)
    await world.opens("Ruth Adeyemi", row.reference)
    with pytest.raises(NotAllowed, match="no-outcome"):
        await publishing.publish(await world.member("Ruth Adeyemi"), row.reference, LINE)
    await world.answers("Ruth Adeyemi", row.reference)
    for name in ("Dave Palmer", "Sunil Mehta"):
        with pytest.raises(NotAllowed, match="not-yours"):
            await publishing.publish(await world.member(name), row.reference, LINE)
    ruth, named = await world.member("Ruth Adeyemi"), Line("Dave was rude.", "We told him.")
    with pytest.raises(NotAllowed, match="line-refused"):
        await publishing.publish(ruth, row.reference, named)
    async with world.store.read() as conn:
        assert await published.newest(conn, 9) == []
        assert "published" not in [one.action for one in await audit.of_concern(conn, row.id)]


async def test_publishing_is_audited(world):
    row = await publishes(world)
    async with world.store.read() as conn:
        (line,) = await published.newest(conn, 9)
        noted = [one for one in await audit.of_concern(conn, row.id) if one.action == "published"]
    assert [(one.staff_id, one.detail) for one in noted] == [
        (world.ids["Ruth Adeyemi"], f"line:{line.id}")
    ]
