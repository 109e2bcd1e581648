"""Passing a concern on: whoever gets it can open it, whoever was left out never can."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.casework.model import Act, NotAllowed
from bot.desk.passing import Passing
from tests.desk.colleagues import (
    ANN,
    DAVE,
    GRACE,
    HELEN,
    RITA,
    RUTH,
    SUNIL,
    TOM,
    deeds,
    joins,
    sent_without,
    staff_texts,
    words_for,
)


@pytest.fixture
async def row(world):
    row = await world.sends(ANN, "It is cold.")
    await world.hears(ANN)
    return row


async def to_team(world, name, reference, team, why="", seen=None):
    await world.opens(name, reference)
    seen = (await world.row(reference)).version if seen is None else seen
    member, private = await world.member(name), await world.private(name)
    await Passing(world.desk).to_team(member, private, reference, team, why, seen)


async def to_person(world, name, reference, to, seen=None):
    await world.opens(name, reference)
    seen = (await world.row(reference)).version if seen is None else seen
    member, private = await world.member(name), await world.private(name)
    to_id = world.ids.get(to, to)
    await Passing(world.desk).to_person(member, private, reference, to_id, seen)


async def refused(world, doing) -> str:
    """Why it was refused; and nothing that matters was changed or said."""
    tables = ("wraps", "exclusions", "outbox", "parts")
    before = await world.everything()
    with pytest.raises(NotAllowed) as error:
        await doing
    after = await world.everything()
    assert [after[one] for one in tables] == [before[one] for one in tables]
    return str(error.value)


async def test_another_team_gets_keys_that_open_it_and_the_dates_stay(world, row):
    assert await words_for(world, SUNIL, row.reference) is None
    before = await world.readers(row)
    await to_team(world, DAVE, row.reference, "north", "They know this street.")
    assert "It is cold." in await words_for(world, SUNIL, row.reference)
    passed = await world.row(row.reference)
    assert (passed.team, passed.level, passed.owner_id) == ("north", 0, None)
    assert (passed.due_at, passed.due_kind, passed.state) == (row.due_at, row.due_kind, row.state)
    assert await world.readers(row) == before | {SUNIL}
    assert await deeds(world, row.id, "passed") == [(DAVE, "passed", "team:north")]


async def test_the_person_is_told_which_team_has_it_and_that_exclusions_hold(world, row):
    await to_team(world, DAVE, row.reference, "north")
    (told,) = await world.reads(ANN)
    assert f"Your concern {row.reference} is with North Community Team now." in told
    assert "Anyone you asked us to keep from it still cannot see it." in told
    assert "Other staff who could read it before still can." in told


async def test_the_note_for_colleagues_never_reaches_the_person(world, row):
    await to_team(world, DAVE, row.reference, "north", "They know this street.")
    assert ("staff-note", "They know this street.") in await world.parts_of(row, SUNIL)
    assert not any("street" in one for one in await world.reads(ANN))


async def test_who_was_left_out_gets_no_key_inside_the_team_that_it_is_passed_to(world):
    row = await sent_without(world, SUNIL)
    await to_team(world, DAVE, row.reference, "north")
    assert (await world.row(row.reference)).team == "north"
    assert SUNIL not in await world.readers(row)
    assert await words_for(world, SUNIL, row.reference) is None
    assert await world.desk.listing(await world.member(SUNIL)) == []


async def test_who_was_left_out_is_neither_offered_nor_taken(world):
    row = await sent_without(world, RUTH)
    choices = await Passing(world.desk).choices(await world.member(DAVE), row.reference)
    assert {one.name for one in choices.people} == {GRACE, HELEN, TOM}
    assert [one.id for one in choices.teams] == ["north"]
    assert await refused(world, to_person(world, DAVE, row.reference, RUTH)) == "nobody"


async def test_a_colleague_becomes_the_one_who_has_it_and_is_told_alone(world, row):
    for name, chat in ((RUTH, 901), (DAVE, 902), (GRACE, 903)):
        await world.links(name, chat)
    await to_person(world, DAVE, row.reference, RUTH)
    passed = await world.row(row.reference)
    assert passed.owner_id == world.ids[RUTH]
    assert (passed.team, passed.due_at, passed.state) == (row.team, row.due_at, row.state)
    assert passed.taken_at == world.clock.now()
    await world.deliver()
    assert any("a colleague passed it to you" in one for one in staff_texts(world, 901))
    for chat in (902, 903):
        assert not any("passed" in one for one in staff_texts(world, chat))


async def test_the_person_hears_of_a_colleague_only_as_a_role(world, row):
    await to_person(world, DAVE, row.reference, GRACE)
    (told,) = await world.reads(ANN)
    assert "was passed to a senior person above the team" in told
    assert "Grace" not in told


async def test_a_colleague_of_the_same_role_is_no_news_once_somebody_had_it(world, row):
    await joins(world, "Nia Cole", ("rowan", "answerer"))
    await world.opens(DAVE, row.reference)
    for act in (Act.ACKNOWLEDGE, Act.LOOK_INTO):
        await world.acts(DAVE, row.reference, act)
    await world.reads(ANN)
    await to_person(world, DAVE, row.reference, "Nia Cole")
    assert await world.reads(ANN) == []
    assert "It is cold." in await words_for(world, "Nia Cole", row.reference)
    given = await deeds(world, row.id, "access-given", "passed")
    line = f"to:{world.ids['Nia Cole']}"
    assert given == [(DAVE, "access-given", line), (DAVE, "passed", line)]


@pytest.mark.parametrize("to", [RITA, SUNIL, DAVE, "f" * 32, ""])
async def test_it_goes_to_nobody_who_may_not_answer_it(world, row, to):
    assert await refused(world, to_person(world, DAVE, row.reference, to)) == "nobody"


@pytest.mark.parametrize("team", ["rowan", "independent", "nowhere", ""])
async def test_it_goes_to_no_team_that_is_not_another(world, row, team):
    assert await refused(world, to_team(world, DAVE, row.reference, team)) == "nobody-there"


async def test_a_reader_passes_nothing_on_and_is_offered_nothing(world, row):
    assert await Passing(world.desk).choices(await world.member(RITA), row.reference) is None
    assert await refused(world, to_team(world, RITA, row.reference, "north")) == "not-yours"
    assert await refused(world, to_person(world, RITA, row.reference, RUTH)) == "not-yours"


async def test_a_form_that_is_sent_twice_or_too_late_passes_it_once(world, row):
    seen = (await world.row(row.reference)).version
    await to_team(world, DAVE, row.reference, "north", seen=seen)
    assert await refused(world, to_team(world, GRACE, row.reference, "rowan", seen=seen)) == (
        "changed"
    )
    assert len(await world.reads(ANN)) == 1


async def test_what_was_sent_outside_all_teams_goes_to_a_team_for_a_reason_alone(world):
    row = await sent_without(world, "the tall man on nights")
    assert row.team == "independent"
    assert await refused(world, to_team(world, HELEN, row.reference, "rowan")) == "say-why"
    await to_team(world, HELEN, row.reference, "rowan", "They asked for the ward to know.")
    passed = await world.row(row.reference)
    assert (passed.team, passed.level) == ("rowan", 0)
    assert await world.readers(row) == {DAVE, RITA, RUTH, GRACE, HELEN, TOM}


async def test_passing_brings_down_only_what_one_answers_for(world, row):
    await world.desk.open(await world.member(DAVE), await world.private(DAVE), row.reference)
    await world.answers(DAVE, row.reference)
    (outcome,) = await world.reads(ANN)
    assert outcome
    await world.taps(ANN, "Not really")
    raised = await world.row(row.reference)
    assert raised.level > 0
    await to_team(world, DAVE, row.reference, "north")
    assert (await world.row(row.reference)).level == raised.level
    await to_team(world, GRACE, row.reference, "rowan")
    assert (await world.row(row.reference)).level == 0


async def test_nothing_that_has_ended_is_passed_on(world, row):
    async with world.store.write() as conn:
        await conn.execute(text("UPDATE concerns SET state = 'withdrawn', due_at = NULL"))
    assert await Passing(world.desk).choices(await world.member(DAVE), row.reference) is None
    why = await refused(world, to_team(world, DAVE, row.reference, "north"))
    assert "cannot happen" in why
    assert Act.HAND_ON.value in why
