"""Somebody leaves: nothing opens for them any more, and nothing of theirs is left lying."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text, update

from bot.casework.model import OPEN_STATES, Act, NotAllowed
from bot.casework.working_days import DAY
from bot.desk.leaving import AT_ONCE, Leaving, Unfilled
from storage import departing, schema, staff
from tests.desk.colleagues import ANN, DAVE, GRACE, RITA, RUTH, SUNIL, deeds, joins, staff_texts


@pytest.fixture
async def row(world):
    row = await world.sends(ANN, "It is cold.")
    await world.hears(ANN)
    return row


async def leaves(world, name, by=GRACE, *, anyway=False):
    ender = await world.member(by) if by else None
    return await Leaving(world.desk).end(world.ids[name], ender, anyway=anyway)


async def left_of(world, name) -> dict[str, int]:
    """How many rows of each kind still belong to a member of staff."""
    member = world.ids[name]
    found = {
        "wraps": schema.wraps.c.reader_id == member,
        "answer_drafts": schema.answer_drafts.c.staff_id == member,
        "second_factors": schema.second_factors.c.staff_id == member,
        "invites": schema.invites.c.staff_id == member,
        "outbox": schema.outbox.c.recipient == f"s:{member}",
        "concerns": schema.concerns.c.owner_id == member,
    }
    async with world.store.read() as conn:
        return {
            name: (
                await conn.execute(
                    select(func.count()).select_from(schema.metadata.tables[name]).where(theirs)
                )
            ).scalar_one()
            for name, theirs in found.items()
        }


async def test_keys_ways_in_and_drafts_go_and_what_they_had_is_handed_on(world, row):
    for name, chat in ((DAVE, 902), (RUTH, 901)):
        await world.links(name, chat)
    await world.opens(DAVE, row.reference)
    for act in (Act.ACKNOWLEDGE, Act.LOOK_INTO):
        await world.acts(DAVE, row.reference, act)
    await world.desk.save_draft(world.ids[DAVE], row.reference, b"Half an answer")
    await world.reads(ANN)
    async with world.store.write() as conn:
        for statement in (
            "INSERT INTO second_factors (staff_id, body, updated_at) VALUES (:id, x'00', '2026')",
            "INSERT INTO invites (tag, staff_id, made_at, expires_at) VALUES (x'01', :id, 1, 2)",
            "UPDATE staff SET email_sealed = x'00' WHERE id = :id",
        ):
            await conn.execute(text(statement), {"id": world.ids[DAVE]})
    assert await leaves(world, DAVE) == 1
    assert set((await left_of(world, DAVE)).values()) == {0}
    async with world.store.read() as conn:
        dave = (
            await conn.execute(select(schema.staff).where(schema.staff.c.id == world.ids[DAVE]))
        ).one()
        (again,) = [
            one for one in await staff.everyone(conn, world.keys) if one.id == world.ids[DAVE]
        ]
    assert not dave.active
    assert (dave.chat_tag, dave.chat_sealed, dave.link_tag, dave.email_sealed) == (None,) * 4
    assert again.name == DAVE  # what they wrote still says by whom
    after = await world.row(row.reference)
    assert (after.owner_id, after.state) == (None, "looking")
    assert await deeds(world, row.id, "handed-on") == [
        (GRACE, "handed-on", f"of:{world.ids[DAVE]}")
    ]
    (told,) = await world.reads(ANN)
    assert "It is for other staff to answer now." in told
    assert "Dave" not in told
    assert any("whoever had it does not have it any more" in one for one in staff_texts(world, 901))
    assert not any("whoever had it" in one for one in staff_texts(world, 902))


async def test_their_passphrase_opens_none_of_it_and_nothing_new_is_wrapped_to_them(world, row):
    private = await world.private(DAVE)
    dave = await world.member(DAVE)
    await leaves(world, DAVE)
    assert await world.desk.open(dave, private, row.reference) is None
    later = await world.sends(502, "It is dark.")
    assert DAVE not in await world.readers(later)


async def test_more_than_one_slice_is_handed_on_whole_and_doing_it_again_changes_nothing(world):
    for chat in range(601, 601 + AT_ONCE + 3):
        await world.sends(chat, "It is cold.")
    async with world.store.write() as conn:
        await conn.execute(text("UPDATE concerns SET owner_id = :id"), {"id": world.ids[DAVE]})
    assert await leaves(world, DAVE) == AT_ONCE + 3
    before = await world.everything()
    assert await leaves(world, DAVE) == 0
    assert await world.everything() == before


async def test_what_a_stop_left_is_handed_on_the_next_time(world, row):
    """Killed after the way in was closed, before anything was handed on."""
    await leaves(world, DAVE)
    async with world.store.write() as conn:
        await conn.execute(text("UPDATE concerns SET owner_id = :id"), {"id": world.ids[DAVE]})
    assert await leaves(world, DAVE) == 1
    assert (await world.row(row.reference)).owner_id is None


async def test_a_concern_past_its_last_date_is_nobodys_and_does_not_stop_the_rest(world, row):
    over = {"state": "outcome", "due_kind": "close", "due_at": world.clock.now() - DAY}
    async with world.store.write() as conn:
        await conn.execute(update(schema.concerns).values(owner_id=world.ids[DAVE], **over))
    assert await leaves(world, DAVE) == 1
    after = await world.row(row.reference)
    assert (after.state, after.owner_id) == ("closed", None)


async def test_a_role_that_nobody_else_holds_keeps_them_here_unless_it_is_wanted(world):
    before = await world.everything()
    with pytest.raises(Unfilled) as refused:
        await leaves(world, RUTH)
    assert refused.value.gaps == ("Rowan Ward has no lead with a key.",)
    assert await world.everything() == before
    await leaves(world, RUTH, anyway=True)
    assert (await left_of(world, RUTH))["wraps"] == 0


async def test_the_only_key_to_an_open_concern_keeps_them_here(world, row):
    async with world.store.write() as conn:
        await conn.execute(
            text("DELETE FROM wraps WHERE reader_id NOT IN (:id, 'recovery')"),
            {"id": world.ids[DAVE]},
        )
    with pytest.raises(Unfilled) as refused:
        await leaves(world, DAVE)
    assert "nobody else can read" in refused.value.gaps[0]


WHO_MAY = [
    (GRACE, DAVE, True),
    (GRACE, SUNIL, True),
    (GRACE, GRACE, False),
    (RUTH, DAVE, True),
    (RUTH, RITA, True),
    (RUTH, RUTH, False),
    (RUTH, SUNIL, False),
    (RUTH, GRACE, False),
    (RUTH, "Both Places", False),
    (DAVE, RITA, False),
    (RITA, DAVE, False),
    ("Helen Marsh", DAVE, False),
]


@pytest.mark.parametrize(("by", "whom", "may"), WHO_MAY)
async def test_who_may_end_whose_access(world, by, whom, may):
    await joins(world, "Both Places", ("rowan", "answerer"), ("north", "reader"))
    await joins(world, "Second Lead", ("north", "lead"), ("north", "answerer"))
    if may:
        await leaves(world, whom, by)
        assert not any(one.name == whom for one in await working_here(world))
        return
    before = await world.everything()
    with pytest.raises(NotAllowed, match="not-yours"):
        await leaves(world, whom, by, anyway=True)
    assert await world.everything() == before


async def working_here(world):
    async with world.store.read() as conn:
        return [one for one in await staff.everyone(conn, world.keys) if one.active]


async def test_a_stop_between_the_two_steps_leaves_nothing_behind(world, row):
    await world.opens(DAVE, row.reference)
    for act in (Act.ACKNOWLEDGE, Act.LOOK_INTO):
        await world.acts(DAVE, row.reference, act)
    async with world.store.write() as conn:
        await departing.end(conn, world.ids[DAVE], OPEN_STATES)
    assert (await world.row(row.reference)).owner_id == world.ids[DAVE]
    leaving = Leaving(world.desk)
    assert [await leaving.finish(), await leaving.finish()] == [1, 0]
    assert (await world.row(row.reference)).owner_id is None
