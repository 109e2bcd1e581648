"""Stepping back from a concern: for ever, told to nobody by name, never so that nobody is left."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, text

from bot.casework.model import Act, NotAllowed
from bot.desk import recusing
from bot.desk.giving import Giving
from bot.desk.passing import Passing
from storage import answer_drafts, staff, wraps
from storage.schema import wraps as stored_wraps
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
    sent_without,
    staff_texts,
    words_for,
)
from tests.turns.built import CHEAP
from tests.turns.world import PASSPHRASE


@pytest.fixture
async def row(world):
    row = await world.sends(ANN, "It is cold.")
    await world.hears(ANN)
    return row


async def steps_back(world, name, reference, reason=""):
    await recusing.step_back(world.desk, await world.member(name), reference, reason)


async def test_whoever_steps_back_finds_nothing_any_more(world, row):
    await world.opens(DAVE, row.reference)
    await world.desk.save_draft(world.ids[DAVE], row.reference, b"Half an answer")
    await steps_back(world, DAVE, row.reference, "close")
    dave, private = await world.member(DAVE), await world.private(DAVE)
    assert await words_for(world, DAVE, row.reference) is None
    assert await world.desk.listing(dave) == []
    assert await world.desk.load_draft(dave, private, row.reference) is None
    async with world.store.read() as conn:
        assert await wraps.held_by(conn, dave.id) == []
        assert await answer_drafts.load(conn, row.id, dave.id, private) is None
    with pytest.raises(NotAllowed, match="not-yours"):
        await steps_back(world, DAVE, row.reference)
    assert await deeds(world, row.id, "recused") == [(DAVE, "recused", "reason:close")]


async def test_no_later_way_leads_back_to_it(world, row):
    await world.opens(SUNIL, row.reference)
    await steps_back(world, DAVE, row.reference)
    dave = world.ids[DAVE]
    # Passed on and back,
    for name, team in ((RUTH, "north"), (SUNIL, "rowan")):
        await world.opens(name, row.reference)
        seen = (await world.row(row.reference)).version
        member, private = await world.member(name), await world.private(name)
        await Passing(world.desk).to_team(member, private, row.reference, team, "", seen)
    # given,
    ruth, private = await world.member(RUTH), await world.private(RUTH)
    giving = Giving(world.desk)
    assert DAVE not in {one.name for one in await giving.colleagues(ruth, row.reference)}
    with pytest.raises(NotAllowed, match="nobody"):
        await giving.give(ruth, private, row.reference, dave)
    assert await giving.give_team(ruth, private, "rowan", dave) == 0
    # or recovered with new keys.
    keys = staff.new_keys(dave, PASSPHRASE, CHEAP)
    async with world.store.write() as conn:
        await staff.set_keys(conn, dave, keys.public, keys.private_locked)
        assert not await wraps.replace_reader(conn, [row.id], world.recovery.private, dave)
    assert await words_for(world, DAVE, row.reference) is None
    assert DAVE not in await world.readers(row)


async def test_whoever_had_it_hands_it_on_and_the_person_hears_so_but_not_who(world, row):
    for name, chat in ((RUTH, 901), (DAVE, 902)):
        await world.links(name, chat)
    await world.opens(DAVE, row.reference)
    for act in (Act.ACKNOWLEDGE, Act.LOOK_INTO):
        await world.acts(DAVE, row.reference, act)
    await world.reads(ANN)
    before = await world.row(row.reference)
    assert before.owner_id == world.ids[DAVE]
    await steps_back(world, DAVE, row.reference, "about-me")
    after = await world.row(row.reference)
    assert after.owner_id is None
    # Dave was the only answerer, but the lead answers for the team as well: it stays there.
    assert (after.level, after.due_at, after.state) == (0, before.due_at, before.state)
    (told,) = await world.reads(ANN)
    assert "does not have it any more" in told
    assert "Dave" not in told
    (line,) = [one for one in staff_texts(world, 901) if row.reference in one]
    assert line.startswith(f"{row.reference}: whoever had it does not have it any more.")
    assert not any(row.reference in one for one in staff_texts(world, 902))


async def test_who_only_could_read_it_steps_back_and_the_person_hears_nothing(world, row):
    await world.links(RUTH, 901)
    await steps_back(world, RITA, row.reference)
    assert await world.reads(ANN) == []
    assert any(
        "somebody who could read it has stepped back" in one for one in staff_texts(world, 901)
    )
    assert "Rita" not in "".join(staff_texts(world, 901))


async def test_with_nobody_left_at_its_level_it_begins_one_level_up(world, row):
    await steps_back(world, DAVE, row.reference)
    assert (await world.row(row.reference)).level == 0
    await steps_back(world, RUTH, row.reference)
    assert (await world.row(row.reference)).level == 2  # the seniors: there is no other lead


async def test_the_last_who_may_answer_cannot_step_back(world):
    row = await sent_without(world, "the tall man on nights")
    assert await world.readers(row) == {HELEN, TOM}
    await steps_back(world, TOM, row.reference)
    helen = await world.member(HELEN)
    assert not await recusing.may_step_back(world.desk, helen, row.reference)
    before = await world.everything()
    with pytest.raises(NotAllowed, match="last-one"):
        await steps_back(world, HELEN, row.reference)
    assert await world.everything() == before


async def test_readers_left_over_are_not_enough(world, row):
    for name in (RUTH, GRACE, HELEN, TOM):
        await steps_back(world, name, row.reference)
    assert await world.readers(row) == {DAVE, RITA}
    with pytest.raises(NotAllowed, match="last-one"):
        await steps_back(world, DAVE, row.reference)


async def test_an_ended_concern_that_is_opened_again_is_not_theirs(world, row):
    async with world.store.write() as conn:
        await conn.execute(
            text("UPDATE concerns SET state = 'closed', due_at = NULL, owner_id = :dave"),
            {"dave": world.ids[DAVE]},
        )
    await steps_back(world, DAVE, row.reference)
    assert (await world.row(row.reference)).owner_id is None
    assert await world.reads(ANN) == []


async def test_a_reason_in_other_words_is_refused(world, row):
    before = await world.everything()
    with pytest.raises(NotAllowed):
        await steps_back(world, DAVE, row.reference, "because Ann is my sister")
    assert await world.everything() == before


async def test_a_wrap_that_comes_back_by_hand_still_opens_nothing(world, row):
    """As from a backup in which it still was."""
    async with world.store.write() as conn:
        kept = (
            await conn.execute(
                stored_wraps.select().where(stored_wraps.c.reader_id == world.ids[DAVE])
            )
        ).one()
    await steps_back(world, DAVE, row.reference)
    async with world.store.write() as conn:
        await conn.execute(text("DROP TRIGGER wraps_refuse_excluded_insert"))
        await conn.execute(delete(stored_wraps).where(stored_wraps.c.reader_id == kept.reader_id))
        await conn.execute(stored_wraps.insert().values(kept._asdict()))
    assert await words_for(world, DAVE, row.reference) is None
