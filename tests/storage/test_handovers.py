"""What a handover finds, what it leaves, and whose chat it is that taps: on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import concerns, handovers, staff, staff_chats
from storage.errors import StoreConflict
from tests.storage.builders import HOUR, NOW, new_concern


async def loaded(store, concern_id):
    async with store.read() as conn:
        return (await concerns.load(conn, [concern_id]))[concern_id]


async def changed(store, concern_id, **columns):
    row = replace(await loaded(store, concern_id), **columns)
    async with store.write() as conn:
        await concerns.move(conn, [row])


async def found(store, team="north", others=None, states=("sent",), at=NOW + 6 * HOUR):
    async with store.read() as conn:
        return [row.id for row in await handovers.found(conn, team, others, states, at)]


async def test_it_finds_what_is_nobodys_and_what_was_not_opened(store, enrol, send):
    (member, _) = await enrol()
    free, mine, unopened, opened, looked_at, ended = (
        new_concern([member], team="north") for _ in range(6)
    )
    await send(free, mine, unopened, opened, looked_at, ended)
    await changed(store, mine.id, owner_id=member)  # of before anything was taken
    await changed(store, unopened.id, owner_id=member, taken_at=NOW, state="acknowledged")
    taken = {"owner_id": member, "taken_at": NOW}
    await changed(store, opened.id, **taken, owner_opened_at=NOW)
    await changed(store, looked_at.id, state="acknowledged")
    await changed(store, ended.id, state="sent", due_at=None, due_kind=None)
    assert set(await found(store)) == {free.id, unopened.id}


async def test_what_came_after_the_handover_is_for_the_next(store, enrol, send):
    (member, _) = await enrol()
    new, taken = new_concern([member]), new_concern([member])
    await send(new, taken)
    await changed(store, taken.id, owner_id=member, taken_at=NOW)
    assert await found(store, at=NOW - HOUR) == []
    assert set(await found(store, at=NOW)) == {new.id, taken.id}


async def test_each_team_finds_its_own_and_one_of_them_what_is_no_teams(store, enrol, send):
    (member, _) = await enrol()
    by_team = {team: new_concern([member], team=team) for team in ("north", "elm", "independent")}
    await send(*by_team.values())
    assert await found(store, "elm") == [by_team["elm"].id]
    assert set(await found(store, "north", ["elm"])) == {
        by_team["north"].id,
        by_team["independent"].id,
    }
    assert len(await found(store, "north", [])) == 3


async def test_only_the_owners_first_opening_after_taking_counts(store, enrol, send):
    (owner, _), (other, _) = await enrol(), await enrol()
    concern_id = await send(new_concern([owner, other]))
    async with store.write() as conn:
        assert not await handovers.owner_opened(conn, concern_id, owner, NOW)
    await changed(store, concern_id, owner_id=owner, taken_at=NOW)
    stale = await loaded(store, concern_id)
    async with store.write() as conn:
        assert not await handovers.owner_opened(conn, concern_id, other, NOW)
        assert await handovers.owner_opened(conn, concern_id, owner, NOW + HOUR)
        assert not await handovers.owner_opened(conn, concern_id, owner, NOW + 2 * HOUR)
    row = await loaded(store, concern_id)
    assert (row.owner_opened_at, row.version) == (NOW + HOUR, stale.version + 1)
    with pytest.raises(StoreConflict):
        async with store.write() as conn:
            await concerns.move(conn, [stale])  # it would say that nobody had opened it


async def test_counting_leaves_the_version(store, enrol, send):
    (member, _) = await enrol()
    first, second = new_concern([member]), new_concern([member])
    await send(first, second)
    before = await loaded(store, first.id)
    async with store.write() as conn:
        await handovers.count(conn, {first.id: 2, second.id: 5})
        await handovers.count(conn, {})
    assert await loaded(store, first.id) == replace(before, unowned=2)
    assert (await loaded(store, second.id)).unowned == 5


async def test_the_newest_handover_of_each_team_is_known(store):
    async with store.write() as conn:
        assert await handovers.held(conn, "north") is None
        await handovers.hold(conn, "north", NOW)
        await handovers.hold(conn, "elm", NOW + HOUR)
        await handovers.hold(conn, "north", NOW + 2 * HOUR)
        assert await handovers.held(conn, "north") == NOW + 2 * HOUR
        assert await handovers.held(conn, "elm") == NOW + HOUR


async def test_a_chat_is_known_by_who_linked_it_and_still_works_here(store, secrets, enrol):
    (member, _), (gone, _) = await enrol(), await enrol()
    async with store.write() as conn:
        for number, one in enumerate((member, gone)):
            await staff.start_link(conn, secrets, one, f"code{number}", NOW + HOUR)
            assert await staff.finish_link(conn, secrets, f"code{number}", 700 + number, NOW)
        await staff.set_active(conn, gone, False)
        assert await staff_chats.members(conn, secrets, {700, 701, 702}) == {700: member}
        assert await staff_chats.members(conn, secrets, set()) == {}
