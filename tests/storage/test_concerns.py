"""Concerns: sealed on sending, added to without a key, moved only from the newest state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from storage import concerns
from storage.engine import BadRow, StoreConflict
from storage.errors import DamagedRow, NoReader, NotAReader
from storage.schema import concerns as rows
from storage.schema import parts as part_rows
from storage.schema import wraps as wrap_rows
from tests.storage.builders import HOUR, NOW, new_concern, new_id


def more(concern_id: str, words: bytes, author: str | None = None) -> concerns.NewPart:
    return concerns.NewPart(new_id(), concern_id, "answer", author, NOW + HOUR, words)


@pytest.fixture
def words_of(store):
    async def given(concern_id, staff_id, private) -> list[bytes]:
        async with store.read() as conn:
            opened = await concerns.open_parts(conn, concern_id, staff_id, private)
        assert opened.damaged == []
        return [part.words for part in opened.parts]

    return given


async def one(store, concern_id) -> concerns.ConcernRow:
    async with store.read() as conn:
        return (await concerns.load(conn, [concern_id]))[concern_id]


async def test_a_reader_opens_every_part_in_order(store, enrol, send, words_of):
    reader, private = await enrol()
    concern_id = await send(new_concern([reader], b"first", b"second"))
    async with store.write() as conn:
        await concerns.add_parts(conn, [more(concern_id, b"third"), more(concern_id, b"fourth")])
        await concerns.add_parts(conn, [more(concern_id, b"fifth", reader)])
    assert await words_of(concern_id, reader, private) == [
        b"first",
        b"second",
        b"third",
        b"fourth",
        b"fifth",
    ]
    async with store.read() as conn:
        last = (await concerns.open_parts(conn, concern_id, reader, private)).parts[-1]
    assert (last.seq, last.kind, last.author_id, last.at) == (5, "answer", reader, NOW + HOUR)


async def test_someone_else_opens_nothing(store, enrol, send):
    (reader, _), (other, private) = await enrol(), await enrol()
    concern_id = await send(new_concern([reader], b"words"))
    async with store.read() as conn:
        with pytest.raises(NotAReader):
            await concerns.open_parts(conn, concern_id, other, private)
        with pytest.raises(DamagedRow):
            await concerns.open_parts(conn, concern_id, reader, private)


async def test_a_concern_that_nobody_could_read_is_not_sent(store, enrol, send):
    (reader, _), unknown = await enrol(), new_id()
    for new in (
        new_concern([], b"words"),
        new_concern([unknown], b"words"),
        new_concern([reader], b"words", excluded=[reader]),
    ):
        with pytest.raises(NoReader):
            await send(new)
        async with store.read() as conn:
            assert await concerns.load(conn, [new.id]) == {}


async def test_a_set_is_sent_whole_or_not_at_all(store, enrol, send):
    reader, _ = await enrol()
    good, bad = new_concern([reader], b"words"), new_concern([], b"words")
    with pytest.raises(NoReader):
        await send(good, bad)
    twice = replace(bad, readers=frozenset([reader]), reference=good.reference)
    with pytest.raises(StoreConflict):
        await send(good, twice)
    async with store.read() as conn:
        assert await concerns.load(conn, [good.id, bad.id]) == {}


async def test_a_sent_concern_has_a_clear_row_and_a_way_back(store, secrets, enrol, send):
    reader, _ = await enrol()
    new = new_concern([reader], b"words")
    await send(new)
    row = await one(store, new.id)
    assert row == concerns.ConcernRow(
        new.id, new.reference, "north", "sent", 0, None, NOW, NOW, NOW + HOUR, "acknowledge",
        0, None, False, None, False, 1,
    )  # fmt: skip
    async with store.read() as conn:
        assert await concerns.by_reference(conn, [new.reference, "none"]) == {new.reference: row}
        addresses = await concerns.return_addresses(conn, secrets, [new.id, new_id()])
    assert addresses == {new.id: new.conversation_id}


async def test_a_way_back_that_does_not_open_harms_no_other(store, secrets, enrol, send):
    reader, _ = await enrol()
    first, second = new_concern([reader]), new_concern([reader])
    await send(first, second)
    async with store.write() as conn:
        await conn.execute(
            update(rows).where(rows.c.id == first.id).values(return_sealed=b"spoilt")
        )
        addresses = await concerns.return_addresses(conn, secrets, [first.id, second.id])
    assert addresses == {second.id: second.conversation_id}


async def test_words_for_no_concern_are_refused(store):
    async with store.write() as conn:
        with pytest.raises(BadRow):
            await concerns.add_parts(conn, [more(new_id(), b"words")])


async def test_a_move_saves_all_that_is_clear(store, enrol, send):
    reader, _ = await enrol()
    row = await one(store, await send(new_concern([reader])))
    moved = replace(
        row,
        team="south",
        state="promised",
        level=2,
        owner_id=reader,
        state_since=NOW + HOUR,
        due_at=None,
        due_kind=None,
        missed=3,
        promised_on="2026-12-24",
        six_months_told=True,
        undelivered=True,
    )
    async with store.write() as conn:
        await concerns.move(conn, [moved])
    assert await one(store, row.id) == replace(moved, version=2)


async def test_a_move_from_an_older_state_is_a_conflict(store, enrol, send):
    reader, _ = await enrol()
    first = await send(new_concern([reader]), other := new_concern([reader]))
    old = await one(store, first)
    async with store.write() as conn:
        await concerns.move(conn, [replace(old, state="acknowledged")])
    with pytest.raises(StoreConflict):  # noqa: PT012 - a block is what is tested
        async with store.write() as conn:
            fine = (await concerns.load(conn, [other.id]))[other.id]
            await concerns.move(conn, [replace(fine, state="closed"), replace(old, state="closed")])
    assert (await one(store, first)).state == "acknowledged"
    assert (await one(store, other.id)).state == "sent"


async def test_the_first_reading_is_the_one_that_is_noted(store, enrol, send):
    reader, _ = await enrol()
    row = await one(store, await send(new_concern([reader])))
    async with store.write() as conn:
        await concerns.mark_opened(conn, row.id, NOW)
        await concerns.mark_opened(conn, row.id, NOW + HOUR)
        await concerns.move(conn, [row])
    assert (await one(store, row.id)).opened_at == NOW


async def test_what_is_due_comes_longest_waiting_first(store, enrol, send):
    reader, _ = await enrol()
    new = [
        new_concern([reader], due_at=NOW + n * HOUR if n else None, due_kind="answer")
        for n in (3, 0, 1, 2)
    ]
    await send(*new)
    async with store.read() as conn:
        found = await concerns.due(conn, NOW + 2 * HOUR, 10)
        assert [row.id for row in found] == [new[2].id, new[3].id]
        assert await concerns.next_due(conn) == NOW + HOUR


async def test_a_list_shows_whoever_has_a_key_newest_first(store, enrol, send):
    (reader, _), (other, _) = await enrol(), await enrol()
    mine = [new_concern([reader, other], sent_at=NOW + n * HOUR) for n in range(3)]
    await send(*mine, new_concern([other]), new_concern([other, reader], excluded=[reader]))
    async with store.read() as conn:
        assert [c.id for c in await concerns.readable(conn, reader, 2, 0)] == [
            mine[2].id,
            mine[1].id,
        ]
        assert [c.id for c in await concerns.readable(conn, reader, 2, 2)] == [mine[0].id]
        assert await concerns.counts(conn, reader) == {"sent": 3}
        assert await concerns.counts(conn, other) == {"sent": 5}


async def test_a_damaged_part_is_told_and_the_others_open(store, enrol, send):
    reader, private = await enrol()
    new = new_concern([reader], b"one", b"two", b"three")
    await send(new)
    async with store.write() as conn:
        for change in ({"body": b"spoilt"}, {"kind": "answer"}):
            await conn.execute(
                update(part_rows).where(part_rows.c.id == new.parts[1].id).values(change)
            )
            opened = await concerns.open_parts(conn, new.id, reader, private)
            assert [part.words for part in opened.parts] == [b"one", b"three"]
            assert opened.damaged == [new.parts[1].id]


@pytest.mark.parametrize("field", ["kind", "author_id", "seq", "at"])
async def test_what_is_said_about_words_cannot_be_changed(store, enrol, send, field):
    reader, private = await enrol()
    new = new_concern([reader], b"words")
    await send(new)
    lie = {"kind": "answer", "author_id": reader, "seq": 7, "at": NOW + HOUR}[field]
    async with store.write() as conn:
        await conn.execute(update(part_rows).values({field: lie}))
        opened = await concerns.open_parts(conn, new.id, reader, private)
    assert opened.damaged == [new.parts[0].id]


async def test_a_damaged_key_closes_one_concern_to_one_reader(store, enrol, send, words_of):
    (reader, private), (other, others) = await enrol(), await enrol()
    first, second = new_concern([reader, other], b"1"), new_concern([reader, other], b"2")
    await send(first, second)
    async with store.write() as conn:
        await conn.execute(
            update(wrap_rows)
            .where(wrap_rows.c.concern_id == first.id, wrap_rows.c.reader_id == reader)
            .values(body=b"spoilt")
        )
    async with store.read() as conn:
        with pytest.raises(DamagedRow):
            await concerns.open_parts(conn, first.id, reader, private)
    assert await words_of(second.id, reader, private) == [b"2"]
    assert await words_of(first.id, other, others) == [b"1"]
