"""Two concerns of one person can be one matter: only they say so; staff learn nothing before."""

from __future__ import annotations

import pytest

from bot.casework.model import Act, NotAllowed
from bot.desk import linking
from bot.dialogue.inputs import PressedAbout
from bot.turns.concern import as_concern
from storage import concern_links
from storage.concern_links import Kind
from tests.turns.world import NOW

ANN, BEN, DAVES = 501, 502, 900
DAVE, RITA, RUTH = "Dave Palmer", "Rita Reed", "Ruth Adeyemi"


async def sent(world, chat, words):
    await world.says(chat, words)
    new = ["Something new"] if "Something new" in world.phones[chat][-1].buttons else []
    await world.taps(chat, *new, "Send", "Rowan Ward", "No, send it", "Stop")
    row = (await world.owned(chat))[-1]
    await world.opens(DAVE, row.reference)
    world.clock.move_to(world.clock.now().replace(minute=world.clock.now().minute + 1))
    return row


@pytest.fixture
async def two(world):
    return await sent(world, ANN, "My leave was stopped."), await sent(world, ANN, "Again today.")


async def ask(world, one, two, name=DAVE):
    member = await world.member(name)
    await linking.ask_whether_one(world.desk, member, one.reference, two.reference)


async def links(world, row, name=DAVE):
    found = await linking.links(world.desk, await world.member(name), as_concern(row))
    return [(one.reference, one.kind, one.goes_on_here) for one in found]


async def test_the_person_is_asked_later_behind_a_notice_and_by_no_act_of_staff(world, two):
    older, newer = two
    await ask(world, newer, older)
    assert await world.reads(ANN) == []
    assert await world.merging.ask() == 1
    (told,) = await world.reads(ANN)
    assert f"{newer.reference} and {older.reference} are about the same thing" in told
    assert await world.merging.ask() == 0
    assert await world.reads(ANN) == []


async def test_after_a_yes_the_newer_goes_on_in_the_older(world, two):
    older, newer = two
    await world.links(DAVE, DAVES)
    await ask(world, newer, older)
    await world.merging.ask()
    await world.reads(ANN)
    readers = await world.readers(newer), await world.readers(older)
    parts = await world.parts_of(older)
    said = await world.taps(ANN, "Yes, the same thing")
    assert f"{newer.reference} goes on in your concern {older.reference}" in said[0].text
    assert "Monday 30 November" in said[0].text  # what was promised of the older
    after, kept = await world.row(newer.reference), await world.row(older.reference)
    assert (after.state, after.merged_into, after.due_at) == ("closed", older.id, None)
    assert (kept.state, kept.due_at, kept.version) == (older.state, older.due_at, older.version)
    assert (await world.readers(newer), await world.readers(older)) == readers
    assert await world.parts_of(older) == parts
    assert await links(world, older) == [(newer.reference, Kind.MERGED, True)]
    assert await links(world, newer) == [(older.reference, Kind.MERGED, False)]
    lines = [one.text for one in world.phones[DAVES]]
    assert f"{newer.reference} has ended, as its person said. Nothing more is due." in lines
    assert not any(older.reference in one for one in lines)


async def test_a_no_tells_staff_nothing_and_a_later_yes_counts(world, two):
    older, newer = two
    await ask(world, newer, older)
    await world.merging.ask()
    await world.reads(ANN)
    stands = await links(world, newer), await world.row(newer.reference)
    said = await world.taps(ANN, "No, keep them apart")
    assert said[0].text.startswith("That is all right.")
    assert (await links(world, newer), await world.row(newer.reference)) == stands
    await world.taps(ANN, "Yes, the same thing")
    assert (await world.row(newer.reference)).merged_into == older.id


async def test_two_people_are_asked_nothing(world):
    older, newer = await sent(world, ANN, "It is cold."), await sent(world, BEN, "It is cold.")
    await ask(world, newer, older)
    before = await world.count("outbox")
    assert await world.merging.ask() == 1
    assert await world.count("outbox") == before
    assert await links(world, newer) == [(older.reference, Kind.PROPOSED, False)]


async def test_what_is_kept_of_asking_is_the_same_for_one_person_and_for_two(world, two):
    theirs = [await sent(world, BEN, "It is cold.")]
    await ask(world, two[0], two[1])
    await ask(world, theirs[0], two[0])
    await world.merging.ask()
    async with world.store.read() as conn:
        kept = await concern_links.of_concern(conn, two[0].id)
    assert {one.kind for one in kept} == {Kind.ASKED}
    assert len(kept) == 2


async def test_a_forged_yes_merges_nothing(world, two):
    older, newer = two
    other = await sent(world, BEN, "It is cold.")
    await ask(world, newer, other)  # Ann's and Ben's
    await ask(world, newer, older)
    await world.merging.ask()
    await world.reads(ANN)
    yes = world.press(ANN, "Yes, the same thing").inputs[0]
    for given in (yes, PressedAbout(other.id, "merge-yes")):
        await world.turns.take([world.arrival(BEN, given)])
    rows = [*await world.owned(ANN), *await world.owned(BEN)]
    assert [row.merged_into for row in rows] == [None, None, None]


async def test_a_question_that_came_too_late_changes_nothing(world, two):
    older, newer = two
    await ask(world, newer, older)
    await world.merging.ask()
    await world.reads(ANN)
    await world.commands(ANN, "concerns")
    await world.says(ANN, older.reference)
    await world.taps(ANN, "Take it back", "Yes, take it back")
    said = await world.taps(ANN, "Yes, the same thing")
    assert said[0].text.startswith("That cannot be done")
    assert (await world.row(newer.reference)).merged_into is None


async def test_a_merged_concern_that_is_opened_again_is_its_own_again(world, two):
    older, newer = two
    await ask(world, newer, older)
    await world.merging.ask()
    await world.reads(ANN)
    await world.taps(ANN, "Yes, the same thing")
    await world.says(ANN, newer.reference)
    await world.taps(ANN, "Open it again")
    after = await world.row(newer.reference)
    assert (after.state, after.merged_into) == ("reopened", None)
    assert after.due_at is not None


@pytest.mark.parametrize("name", [RITA, RUTH])
async def test_only_who_may_answer_and_has_read_both_can_have_it_asked(world, two, name):
    older, newer = two
    await world.opens(name, newer.reference)
    with pytest.raises(NotAllowed):
        await ask(world, newer, older, name)
    async with world.store.read() as conn:
        assert await concern_links.of_concern(conn, newer.id) == []


async def test_it_is_asked_only_of_two_open_ones_of_one_team_and_once(world, two):
    older, newer = two
    await ask(world, newer, older)
    for pair in (two, (newer, older)):
        with pytest.raises(NotAllowed, match="asked-before"):
            await ask(world, *pair)
    with pytest.raises(NotAllowed, match="no-such"):
        await ask(world, newer, newer)
    await world.acts(DAVE, newer.reference, Act.ACKNOWLEDGE)
    third = await sent(world, ANN, "More.")
    await world.commands(ANN, "concerns")
    await world.says(ANN, third.reference)
    await world.taps(ANN, "Take it back", "Yes, take it back")
    with pytest.raises(NotAllowed, match="not-mergeable"):
        await ask(world, third, older)


async def test_nothing_is_asked_of_whoever_was_forgotten_meanwhile(world, two):
    older, newer = two
    await ask(world, newer, older)
    await world.commands(ANN, "forget")
    await world.taps(ANN, "Yes, forget me")
    before = await world.count("outbox")
    await world.merging.ask()
    assert await world.count("outbox") == before


async def test_an_unreachable_person_leaves_no_mark_that_staff_see(world, two):
    """The question is about no concern, so that one that is lost does not show on its page."""
    older, newer = two
    await ask(world, newer, older)
    await world.merging.ask()
    queued = [one for one, _ in await world.queued()]
    assert len(queued) == 2
    assert {one.about for one in queued} == {None}
    assert world.clock.now() > NOW


async def test_related_ones_are_shown_only_to_who_can_read_both(world):
    one = await sent(world, ANN, "It is cold.")
    await world.says(BEN, "So is mine.")
    await world.taps(BEN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(BEN, "Ruth Adeyemi")
    await world.taps(BEN, "Send it")
    two = (await world.owned(BEN))[-1]
    await world.opens(DAVE, two.reference)
    dave = await world.member(DAVE)
    await linking.relate(world.desk, dave, one.reference, two.reference)
    assert await links(world, one) == [(two.reference, Kind.RELATED, one.id < two.id)]
    assert await links(world, one, RUTH) == []
    with pytest.raises(NotAllowed, match="linked"):
        await linking.relate(world.desk, dave, two.reference, one.reference)
    ruth = await world.member(RUTH)
    await world.opens(RUTH, one.reference)
    with pytest.raises(NotAllowed, match="no-such"):
        await linking.unrelate(world.desk, ruth, one.reference, two.reference)
    await linking.unrelate(world.desk, dave, two.reference, one.reference)
    assert await links(world, one) == []
