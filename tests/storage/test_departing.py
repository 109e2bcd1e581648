"""Keys are taken from who steps back or leaves, and from nobody else."""

from __future__ import annotations

import pytest

from storage import concerns, departing, staff, wraps
from storage.engine import BadRow
from storage.errors import NotAReader
from tests.storage.builders import new_concern

OPEN = ("sent", "looking")


async def test_leaving_out_takes_the_key_at_once_and_twice_is_once(store, enrol, send):
    (reader, _), (out, private) = await enrol(), await enrol()
    concern_id = await send(new_concern([reader, out], b"words"))
    other = await send(new_concern([reader, out], b"other"))
    async with store.write() as conn:
        await wraps.leave_out(conn, concern_id, out)
        await wraps.leave_out(conn, concern_id, out)
        assert await wraps.held_by(conn, out) == [other]
        assert await concerns.excluded(conn, [concern_id]) == {concern_id: {out}}
        with pytest.raises(NotAReader):
            await concerns.open_parts(conn, concern_id, out, private)


async def test_all_keys_of_one_reader_go_and_nobody_elses(store, enrol, send):
    (reader, _), (left, _) = await enrol(), await enrol()
    ids = {await send(new_concern([reader, left])) for _ in range(3)}
    async with store.write() as conn:
        await wraps.take_all(conn, left)
        assert await wraps.held_by(conn, left) == []
        assert set(await wraps.held_by(conn, reader)) == ids
        assert set(await wraps.held_by(conn, wraps.RECOVERY)) == ids
        with pytest.raises(BadRow):
            await wraps.take_all(conn, wraps.RECOVERY)


async def test_many_are_passed_on_at_once_but_not_those_one_cannot_open(store, enrol, send):
    (reader, private), (new, news), (out, _) = await enrol(), await enrol(), await enrol()
    mine = [await send(new_concern([reader], b"mine")) for _ in range(3)]
    kept = await send(new_concern([reader, out], b"kept", excluded=[new]))
    theirs = await send(new_concern([out], b"theirs"))
    async with store.write() as conn:
        wanted = [*mine, kept, theirs]
        able = await wraps.pass_many(conn, wanted, reader, private, frozenset([new]))
        assert {one for one, who in able.items() if new in who} == set(mine)
        assert theirs not in able
        opened = await concerns.open_parts(conn, mine[0], new, news)
        assert opened.parts[0].words == b"mine"
        assert set(await wraps.held_by(conn, new)) == set(mine)


async def test_what_could_be_given_leaves_out_what_may_not(store, enrol, send):
    (by, _), (to, _), (out, _) = await enrol(), await enrol(), await enrol()
    good = await send(new_concern([by]))
    await send(new_concern([by, to]))  # they have it
    await send(new_concern([by], excluded=[to]))  # they are kept from it
    await send(new_concern([out]))  # not mine to give
    await send(new_concern([by], team="south"))
    await send(new_concern([by], state="closed"))
    async with store.read() as conn:
        assert await departing.could_give(conn, by, to, "north", OPEN) == [good]


async def test_whoever_holds_the_only_key_is_known(store, enrol, send):
    (only, _), (other, _), (left, _) = await enrol(), await enrol(), await enrol()
    await send(new_concern([only, other]))
    await send(new_concern([only], state="closed"))
    last = await send(new_concern([only, left]))
    async with store.write() as conn:
        assert await departing.only_theirs(conn, only, OPEN) == 0
        await staff.set_active(conn, left, False)
        assert await departing.only_theirs(conn, only, OPEN) == 1
        assert await departing.only_theirs(conn, other, OPEN) == 0
        await wraps.leave_out(conn, last, only)
        assert await departing.only_theirs(conn, only, OPEN) == 0


async def test_an_end_leaves_no_way_in_and_open_concerns_for_the_caller(
    store, secrets, enrol, send
):
    (member, _), (other, _) = await enrol(), await enrol()
    still = await send(new_concern([member, other]))
    ended = await send(new_concern([member, other], state="closed"))
    async with store.write() as conn:
        rows = await concerns.load(conn, [still, ended])
        for row in rows.values():
            row_of = {column: getattr(row, column) for column in row.__slots__}
            await concerns.move(conn, [type(row)(**row_of | {"owner_id": member})])
        await departing.end(conn, member, OPEN)
        await departing.end(conn, member, OPEN)
        rows = await concerns.load(conn, [still, ended])
        assert (rows[still].owner_id, rows[ended].owner_id) == (member, None)
        assert [row.id for row in await departing.owned(conn, member, OPEN, 5)] == [still]
        assert await wraps.held_by(conn, member) == []
        (left,) = [one for one in await staff.everyone(conn, secrets) if one.id == member]
        assert not left.active
