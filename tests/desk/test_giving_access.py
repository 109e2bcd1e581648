"""Old concerns for new colleagues: never by themselves, always by somebody who can read them."""

from __future__ import annotations

import pytest

from bot.casework.model import NotAllowed
from bot.desk import recusing
from bot.desk.giving import Giving
from tests.desk.colleagues import (
    ANN,
    DAVE,
    GRACE,
    HELEN,
    RITA,
    RUTH,
    SUNIL,
    deeds,
    joins,
    words_for,
)

NIA = "Nia Cole"
ROLE = ("rowan", "answerer")


async def give(world, name, reference, to):
    member, private = await world.member(name), await world.private(name)
    await Giving(world.desk).give(member, private, reference, world.ids.get(to, to))


async def give_team(world, name, team, to):
    member, private = await world.member(name), await world.private(name)
    return await Giving(world.desk).give_team(member, private, team, world.ids.get(to, to))


async def test_whoever_comes_later_reads_what_was_sent_before_only_when_it_is_given(world):
    row = await world.sends(ANN, "It is cold.")
    nia = await joins(world, NIA, ROLE)
    assert await words_for(world, NIA, row.reference) is None
    offered = await Giving(world.desk).colleagues(await world.member(RUTH), row.reference)
    assert [one.name for one in offered] == [NIA]
    await give(world, RUTH, row.reference, NIA)
    assert "It is cold." in await words_for(world, NIA, row.reference)
    await give(world, RUTH, row.reference, NIA)
    assert await deeds(world, row.id, "access-given") == [(RUTH, "access-given", f"to:{nia}")]


@pytest.mark.parametrize(("name", "may"), [(DAVE, False), (RITA, False), (GRACE, True)])
async def test_only_those_who_answer_for_others_give_access(world, name, may):
    row = await world.sends(ANN, "It is cold.")
    await joins(world, NIA, ROLE)
    if may:
        await give(world, name, row.reference, NIA)
        assert await give_team(world, name, "rowan", NIA) == 0
        return
    assert await Giving(world.desk).colleagues(await world.member(name), row.reference) == ()
    for asked in (give(world, name, row.reference, NIA), give_team(world, name, "rowan", NIA)):
        with pytest.raises(NotAllowed):
            await asked
    assert await words_for(world, NIA, row.reference) is None


@pytest.mark.parametrize("to", [SUNIL, "f" * 32, ""])
async def test_nobody_without_the_role_is_given_anything(world, to):
    row = await world.sends(ANN, "It is cold.")
    with pytest.raises(NotAllowed, match="nobody"):
        await give(world, RUTH, row.reference, to)
    with pytest.raises(NotAllowed, match="nobody"):
        await give_team(world, RUTH, "rowan", to)


async def test_a_teams_open_concerns_are_given_at_once_but_those_one_is_kept_from(world):
    rows = [await world.sends(chat, "It is cold.") for chat in range(601, 605)]
    nia = await joins(world, NIA, ROLE)
    await give(world, RUTH, rows[0].reference, NIA)
    await recusing.step_back(world.desk, await world.member(NIA), rows[0].reference, "")
    await recusing.step_back(world.desk, await world.member(RUTH), rows[1].reference, "")
    assert await give_team(world, RUTH, "rowan", NIA) == 2
    assert [await words_for(world, NIA, row.reference) is not None for row in rows] == [
        False,  # Nia stepped back from it
        False,  # Ruth cannot open it, so that she cannot give it
        True,
        True,
    ]
    for row in rows[2:]:
        assert await deeds(world, row.id, "access-given") == [(RUTH, "access-given", f"to:{nia}")]
    assert await give_team(world, RUTH, "rowan", NIA) == 0


async def test_more_than_one_slice_is_given_whole(world):
    rows = [await world.sends(chat, "It is cold.") for chat in range(601, 654)]
    await joins(world, NIA, ROLE)
    assert await give_team(world, RUTH, "rowan", NIA) == len(rows)
    assert await words_for(world, NIA, rows[-1].reference) is not None


async def test_concerns_outside_all_teams_are_given_by_those_outside_them_alone(world):
    await joins(world, NIA, ("*", "independent"))
    with pytest.raises(NotAllowed):
        await give_team(world, RUTH, "independent", NIA)
    with pytest.raises(NotAllowed):
        await give_team(world, GRACE, "independent", NIA)
    assert await give_team(world, HELEN, "independent", NIA) == 0
