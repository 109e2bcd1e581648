"""What staff do at the desk: all of it or nothing, by those who may, and written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.casework.model import Act, Event, NotAllowed, Result
from storage import audit, schema
from tests.turns.world import NOW

ANN, BEN = 501, 502
DAVE, RITA, RUTH = "Dave Palmer", "Rita Reed", "Ruth Adeyemi"


@pytest.fixture
async def row(world):
    row = await world.sends(ANN, "It is cold.")
    await world.hears(ANN)
    return row


async def refused(world, name, reference, what=Act.ACKNOWLEDGE, words=None):
    """The reason; and nothing at all was changed or queued."""
    before, woken = await world.everything(), world.woken
    with pytest.raises(NotAllowed) as error:
        await world.acts(name, reference, what, words)
    assert await world.everything() == before
    assert world.woken == woken
    return str(error.value)


async def test_a_member_who_has_not_opened_it_cannot_acknowledge_it(world, row):
    await world.opens(RUTH, row.reference)
    assert await refused(world, DAVE, row.reference) == "open-it-first"
    await world.opens(DAVE, row.reference)
    await world.acts(DAVE, row.reference, Act.ACKNOWLEDGE)
    assert (await world.row(row.reference)).state == "acknowledged"


async def test_opening_shows_the_words_and_is_noted(world, row):
    first = await world.opens(DAVE, row.reference)
    world.clock.move_to(NOW + timedelta(hours=1))
    again = await world.opens(DAVE, row.reference)
    other = await world.opens(RITA, row.reference)
    assert [one.words for one in first.parts] == [b"It is cold."]
    assert (first.opened_before, again.opened_before, other.opened_before) == (False, True, False)
    assert not (first.some_excluded or first.damaged or first.undelivered)
    assert (await world.row(row.reference)).opened_at == NOW


async def test_a_reader_may_look_but_not_act(world, row):
    assert await world.opens(RITA, row.reference)
    for what in (Act.ACKNOWLEDGE, Act.ANSWER, Act.RECORD_OUTCOME):
        assert await refused(world, RITA, row.reference, what, "words") == "not-yours"


async def test_who_is_kept_out_or_has_no_key_finds_nothing(world):
    await world.says(ANN, "cold")
    await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(ANN, DAVE)
    await world.taps(ANN, "Send it")
    (row,) = await world.owned(ANN)
    for name in (DAVE, "Sunil Mehta"):
        before = await world.everything()
        member, private = await world.member(name), await world.private(name)
        assert await world.opens(name, row.reference) is None
        assert await world.opens(name, "H-0000-0000") is None
        assert await world.desk.listing(member) == []
        assert await world.desk.load_draft(member, private, row.reference) is None
        assert await world.everything() == before
        assert await refused(world, name, row.reference) == "not-yours"
    assert [one.id for one in await world.desk.listing(await world.member(RUTH))] == [row.id]
    assert (await world.opens(RUTH, row.reference)).some_excluded


async def test_words_that_do_not_fit_are_refused_before_anything_is_saved(world, row):
    await world.opens(DAVE, row.reference)
    assert await refused(world, DAVE, row.reference, Act.ANSWER, "x" * 4096) == "too-long"
    assert await refused(world, DAVE, row.reference, Act.ANSWER, "😀" * 2000) == "too-long"
    await world.acts(DAVE, row.reference, Act.ANSWER, "x" * 3500)
    (told,) = await world.reads(ANN)
    assert "x" * 3500 in told


async def test_what_the_state_does_not_allow_changes_nothing(world, row):
    await world.opens(DAVE, row.reference)
    assert "cannot happen" in await refused(world, DAVE, row.reference, Act.RESUME)
    undated = Event(Act.RECORD_OUTCOME, world.ids[DAVE], Result.WILL_CHANGE)
    assert "needs a date" in await refused(world, DAVE, row.reference, undated, "Soon.")


async def test_every_deed_is_written_down_with_who_and_when(world, row):
    await world.opens(DAVE, row.reference)
    await world.acts(DAVE, row.reference, Act.ACKNOWLEDGE)
    await world.acts(DAVE, row.reference, Act.LOOK_INTO)
    await world.acts(DAVE, row.reference, Act.ANSWER, "We are asking the engineer.")
    async with world.store.read() as conn:
        deeds = await audit.of_concern(conn, row.id)
    theirs = [one for one in deeds if one.staff_id and not one.action.startswith("promise-")]
    assert [(one.at, one.staff_id, one.action) for one in theirs] == [
        (NOW, world.ids[DAVE], what) for what in ("opened", "acknowledge", "look-into", "answer")
    ]
    assert (await world.row(row.reference)).owner_id == world.ids[DAVE]


async def test_an_answer_is_sealed_with_its_author_and_told(world, row):
    await world.opens(DAVE, row.reference)
    await world.acts(DAVE, row.reference, Act.ANSWER, "We are asking the engineer.")
    part = (await world.opens(RUTH, row.reference)).parts[-1]
    assert (part.kind, part.author_id) == ("answer", world.ids[DAVE])
    assert part.words == b"We are asking the engineer."
    (told,) = await world.reads(ANN)
    assert "We are asking the engineer." in told


async def test_an_answer_lost_on_its_way_is_made_good_by_the_next_words(world, row):
    table = schema.concerns
    await world.opens(DAVE, row.reference)
    async with world.store.write() as conn:
        await conn.execute(update(table).values(undelivered=True))
    assert (await world.opens(DAVE, row.reference)).undelivered
    await world.acts(DAVE, row.reference, Act.ACKNOWLEDGE)
    assert (await world.row(row.reference)).undelivered
    await world.acts(DAVE, row.reference, Act.ANSWER, "Once more.")
    assert not (await world.row(row.reference)).undelivered


async def test_a_half_written_answer_is_kept_until_it_is_sent(world, row):
    member, private = await world.member(DAVE), await world.private(DAVE)
    assert await world.desk.load_draft(member, private, row.reference) is None
    await world.desk.save_draft(member.id, row.reference, b"half")
    await world.desk.save_draft(member.id, row.reference, b"half a word")
    assert await world.desk.load_draft(member, private, row.reference) == b"half a word"
    ruth, hers = await world.member(RUTH), await world.private(RUTH)
    assert await world.desk.load_draft(ruth, hers, row.reference) is None
    await world.opens(DAVE, row.reference)
    await world.acts(DAVE, row.reference, Act.ACKNOWLEDGE)
    assert await world.desk.load_draft(member, private, row.reference) == b"half a word"
    await world.acts(DAVE, row.reference, Act.ANSWER, "A whole word.")
    assert await world.desk.load_draft(member, private, row.reference) is None


async def test_a_draft_for_a_concern_that_is_not_there_is_nothing(world):
    await world.desk.save_draft(world.ids[DAVE], "H-0000-0000", b"half")
    assert await world.count("answer_drafts") == [0]


async def test_damaged_words_are_counted_with_an_alarm_and_the_rest_is_shown(world, row):
    await world.taps(ANN, "No, not right now")
    parts = schema.parts
    async with world.store.write() as conn:
        await conn.execute(update(parts).where(parts.c.seq == 2).values(body=b"\1" * 1700))
    opened = await world.opens(DAVE, row.reference)
    assert [one.words for one in opened.parts] == [b"It is cold."]
    assert opened.damaged == 1
    assert await world.alarms() == ["part-damaged"]


async def test_a_member_links_their_chat_with_a_code_once(world):
    code = await world.desk.start_link(world.ids[DAVE])
    assert not (await world.member(DAVE)).linked
    (told,) = await world.commands(BEN, "link", f" {code.lower()} ")
    assert told.text.startswith("This chat is linked.")
    assert (await world.member(DAVE)).linked
    (again,) = await world.commands(ANN, "link", code)
    assert again.text.startswith("That code does not work.")
    async with world.store.read() as conn:
        for deed in ("link-started", "chat-linked"):
            assert await audit.has(conn, world.ids[DAVE], deed, None)


async def test_a_code_is_good_for_fifteen_minutes_and_only_the_newest(world):
    old, new = [await world.desk.start_link(world.ids[DAVE]) for _ in range(2)]
    world.clock.move_to(NOW + timedelta(minutes=15))
    for code in (old, new, ""):
        await world.commands(BEN, "link", code)
    assert not (await world.member(DAVE)).linked
    last = await world.desk.start_link(world.ids[DAVE])
    world.clock.move_to(NOW + timedelta(minutes=29, seconds=59))
    await world.commands(BEN, "link", new)
    assert not (await world.member(DAVE)).linked
    await world.commands(BEN, "link", last)
    assert (await world.member(DAVE)).linked


async def test_a_concern_may_be_looked_into_by_somebody_else_without_news(world, row):
    for name in (DAVE, RUTH):
        await world.opens(name, row.reference)
    await world.acts(DAVE, row.reference, Act.ACKNOWLEDGE)
    await world.acts(DAVE, row.reference, Act.LOOK_INTO)
    await world.reads(ANN)
    await world.acts(RUTH, row.reference, Act.LOOK_INTO)
    assert await world.reads(ANN) == []
    assert (await world.row(row.reference)).owner_id == world.ids[RUTH]
