"""Who is left out of a concern never has a key to it, whichever way one might come."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from storage import concerns, staff, wraps
from storage.engine import BadRow
from storage.errors import NotAReader
from storage.schema import exclusions
from storage.schema import meta as meta_rows
from storage.schema import wraps as rows
from tests.storage.builders import CHEAP, new_concern


@pytest.fixture
def holders(store):
    async def given(concern_id: str) -> set[str]:
        async with store.read() as conn:
            found = await conn.execute(
                select(rows.c.reader_id).where(rows.c.concern_id == concern_id)
            )
            return set(found.scalars())

    return given


async def test_sending_wraps_to_readers_and_recovery_and_to_nobody_left_out(
    store, enrol, send, holders
):
    (reader, _), (out, _) = await enrol(), await enrol()
    concern_id = await send(new_concern([reader, out], b"words", excluded=[out]))
    assert await holders(concern_id) == {reader, "recovery"}
    async with store.read() as conn:
        assert await concerns.readers(conn, [concern_id]) == {concern_id: {reader}}
        assert await concerns.excluded(conn, [concern_id]) == {concern_id: {out}}


async def test_no_way_of_passing_on_reaches_who_is_left_out(store, enrol, send, holders, recovery):
    (reader, private), (out, outs), (new, news) = await enrol(), await enrol(), await enrol()
    concern_id = await send(new_concern([reader], b"words", excluded=[out]))
    async with store.write() as conn:
        able = await wraps.pass_on(conn, concern_id, reader, private, frozenset([out, new]))
        assert able == {reader, new}
        key = await wraps.open_private(conn, concern_id, reader, private)
        assert await wraps.make(conn, key, concern_id, frozenset([out])) == {reader, new}
        await wraps.replace_reader(conn, [concern_id], recovery.private, out)
    assert await holders(concern_id) == {reader, new, "recovery"}
    async with store.read() as conn:
        opened = await concerns.open_parts(conn, concern_id, new, news)
        assert opened.parts[0].words == b"words"
        with pytest.raises(NotAReader):
            await concerns.open_parts(conn, concern_id, out, outs)
        assert await concerns.readable(conn, out, 10, 0) == []
        assert await concerns.counts(conn, out) == {}
        assert await wraps.held_by(conn, out) == []


async def test_the_database_itself_refuses_a_wrap_for_who_is_left_out(store, enrol, send, holders):
    (reader, _), (out, _) = await enrol(), await enrol()
    concern_id = await send(new_concern([reader], b"words", excluded=[out]))
    by_hand = {"concern_id": concern_id, "reader_id": out, "body": b"by hand"}
    for statement in (
        insert(rows).values(by_hand),
        update(rows).where(rows.c.reader_id == reader).values(reader_id=out),
    ):
        with pytest.raises(BadRow):
            async with store.write() as conn:
                await conn.execute(statement)
    assert await holders(concern_id) == {reader, "recovery"}


async def test_leaving_someone_out_later_takes_their_key_away(store, enrol, send, holders):
    (reader, _), (out, _) = await enrol(), await enrol()
    concern_id, other = await send(both := new_concern([reader, out], b"1")), both
    kept = await send(new_concern([reader, out], b"2"))
    async with store.write() as conn:
        await conn.execute(insert(exclusions).values(concern_id=other.id, staff_id=out))
    assert await holders(concern_id) == {reader, "recovery"}
    assert await holders(kept) == {reader, out, "recovery"}


async def test_who_is_left_out_opens_nothing_even_with_a_wrap_from_before_the_trigger(
    store, enrol, send
):
    (reader, _), (out, outs) = await enrol(), await enrol()
    concern_id = await send(new_concern([reader, out], b"words"))
    async with store.write() as conn:
        kept = (await conn.execute(select(rows).where(rows.c.reader_id == out))).one()
        await conn.execute(insert(exclusions).values(concern_id=concern_id, staff_id=out))
        drop = "DROP TRIGGER wraps_refuse_excluded" + (
            "_insert" if store.is_sqlite else " ON wraps"
        )
        await conn.run_sync(lambda sync: sync.exec_driver_sql(drop))
        await conn.execute(insert(rows).values(kept._asdict()))
        with pytest.raises(NotAReader):
            await concerns.open_parts(conn, concern_id, out, outs)
        with pytest.raises(NotAReader):
            await wraps.pass_on(conn, concern_id, out, outs, frozenset([reader]))
        assert await concerns.readable(conn, out, 10, 0) == []
        assert await concerns.counts(conn, out) == {}
        assert await concerns.readers(conn, [concern_id]) == {concern_id: {reader}}


async def test_a_member_who_left_is_given_no_key(store, enrol, send, holders):
    (reader, _), (left, _) = await enrol(), await enrol()
    async with store.write() as conn:
        await staff.set_active(conn, left, False)
    assert await holders(await send(new_concern([reader, left]))) == {reader, "recovery"}


async def test_recovery_gives_a_new_key_what_the_old_one_opened(store, enrol, send, recovery):
    (reader, old), (colleague, _) = await enrol(), await enrol()
    first, second = new_concern([reader], b"1"), new_concern([reader], b"2")
    await send(first, second, new_concern([colleague], b"3"))
    keys = staff.new_keys(reader, "another passphrase", CHEAP)
    async with store.write() as conn:
        await staff.set_keys(conn, reader, keys.public, keys.private_locked)
        mine = await wraps.held_by(conn, reader)
        assert await wraps.replace_reader(conn, mine, recovery.private, reader) == frozenset()
        row = staff.StaffRow(reader, "", keys.public, keys.private_locked, True, False, ())
        new = staff.unlock(row, "another passphrase")
        for concern in (first, second):
            opened = await concerns.open_parts(conn, concern.id, reader, new)
            assert opened.parts[0].words == concern.parts[0].words
    assert new != old


async def test_recovery_tells_which_concerns_it_could_not_open(store, enrol, send, recovery):
    reader, private = await enrol()
    first, second = new_concern([reader], b"1"), new_concern([reader], b"2")
    await send(first, second)
    async with store.write() as conn:
        await conn.execute(
            update(rows)
            .where(rows.c.concern_id == first.id, rows.c.reader_id == "recovery")
            .values(body=b"spoilt")
        )
        damaged = await wraps.replace_reader(conn, [first.id, second.id], recovery.private, reader)
        assert damaged == {first.id}
        opened = await concerns.open_parts(conn, first.id, reader, private)
        assert opened.parts[0].words == b"1"


async def test_without_a_recovery_key_nothing_is_sent(store, enrol, send):
    reader, _ = await enrol()
    async with store.write() as conn:
        await conn.execute(meta_rows.delete())
    with pytest.raises(BadRow, match="heard init"):
        await send(new_concern([reader]))
