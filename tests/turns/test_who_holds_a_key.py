"""A role is not enough: whoever has no key to a concern is neither told of it nor named for it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.casework.model import Act, Event, NotAllowed
from storage import staff

ANN = 501
DAVE, RUTH = "Dave Palmer", "Ruth Adeyemi"
BOB = "Bob Newman"


async def join_as_lead(world, name):
    """Somebody who comes after the concern was sent, and so has no key to it."""
    keys = await asyncio.to_thread(staff.new_keys, "b" * 32, "seven kettles on a quiet windowsill")
    row = staff.StaffRow(
        "b" * 32, name, keys.public, keys.private_locked, True, False, (("rowan", "lead"),)
    )
    async with world.store.write() as conn:
        await staff.add_with_keys(conn, world.keys, row, world.clock.now())
    world.ids[name] = row.id


async def test_a_lead_who_came_later_is_not_who_it_has_gone_to(world):
    await world.says(ANN, "They laughed at me.")
    await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(ANN, RUTH)
    await world.taps(ANN, "Send it")
    await world.hears(ANN)
    await join_as_lead(world, BOB)
    await world.links(BOB, 901)
    await world.hears(901)
    world.clock.move_to(world.clock.now() + timedelta(days=6))
    await world.promises.keep()
    await world.deliver()
    told = " ".join(await world.reads(ANN))
    assert "leads the team" not in told
    assert "senior staff above the team" in told
    assert await world.hears(901) == []


async def test_three_sends_of_one_answer_are_one_answer(world):
    row = await world.sends(ANN, "It is cold.")
    opened = await world.opens(DAVE, row.reference)
    member = await world.member(DAVE)
    answer = Event(Act.ANSWER, member.id)

    async def send():
        return await world.desk.act(
            member, row.reference, answer, "We fixed the heating.", opened.concern.version
        )

    done = await asyncio.gather(send(), send(), send(), return_exceptions=True)
    refused = [one for one in done if isinstance(one, NotAllowed)]
    assert [str(one) for one in refused] == ["changed", "changed"]
    kinds = [kind for kind, _ in await world.parts_of(row)]
    assert kinds.count("answer") == 1


@pytest.mark.parametrize("name", [RUTH])
async def test_nobody_keeps_a_draft_about_what_they_cannot_read(world, name):
    await world.says(ANN, "They laughed at me.")
    await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(ANN, name)
    await world.taps(ANN, "Send it")
    (row,) = await world.owned(ANN)
    await world.desk.save_draft(world.ids[name], row.reference, b"half")
    assert await world.count("answer_drafts") == [0]
