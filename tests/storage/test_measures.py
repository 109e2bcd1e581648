"""Counts of one reader: of what they hold a key to and are not left out of, and of nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from storage import audit, concerns, measures, schema
from storage.audit import Line
from storage.measures import Kept, Period, States, Words
from tests.storage.builders import NOW, new_concern, new_id

DAY = timedelta(days=1)
WORDS = Words("changed", "will-change", "not-changed", "made", "kept", "broken", "outcome")
STATES = States(
    frozenset({"sent", "acknowledged", "looking"}), "sent", frozenset({"acknowledge"}), "update"
)
WEEK = Period(NOW - 7 * DAY, NOW + DAY, NOW + DAY)


@pytest.fixture
async def anna(enrol):
    return (await enrol("Anna"))[0]


@pytest.fixture
async def ben(enrol):
    return (await enrol("Ben"))[0]


@pytest.fixture
def stands(store):
    """Puts a concern where the turns put it."""

    async def put(concern_id: str, **columns: object) -> None:
        known = schema.concerns.c.id == concern_id
        async with store.write() as conn:
            await conn.execute(update(schema.concerns).where(known).values(**columns))

    return put


async def noted(store, *lines: Line) -> None:
    async with store.write() as conn:
        await audit.note_many(conn, list(lines))


async def test_every_column_is_counted_by_team(store, send, stands, anna):
    one = await send(new_concern([anna], b"words"))
    two = await send(new_concern([anna], b"words"))
    await send(new_concern([anna], b"words", team="south"))
    await stands(one, result="changed", answered_me=True, reopened=2)
    await stands(two, result="not-changed", answered_me=False, undelivered=True)
    part = concerns.NewPart(new_id(), two, "consent", None, NOW, b"yes")
    async with store.write() as conn:
        await concerns.add_parts(conn, [part])
    async with store.read() as conn:
        north, south = await measures.tallies(conn, anna, NOW - DAY, WORDS)
    assert north == measures.Tally("north", 2, 2, 1, 0, 1, 2, 1, 1, 1, 1)
    assert south == measures.Tally("south", 1, *([0] * 9))


async def test_what_is_older_merged_or_about_data_is_not_counted(store, send, stands, anna):
    old, merged, _ = [await send(new_concern([anna], b"words")) for _ in range(3)]
    await send(new_concern([anna], b"words", kind="data-complaint"))
    await stands(old, sent_at=NOW - 31 * DAY)
    await stands(merged, merged_into=old)
    async with store.read() as conn:
        (north,) = await measures.tallies(conn, anna, NOW - 30 * DAY, WORDS)
        times = [len(some) async for some in measures.moments(conn, anna, NOW - 30 * DAY, "north")]
    assert north.sent == 1
    assert times == [1]


async def test_who_has_no_key_or_is_left_out_counts_nothing(store, send, stands, anna, ben):
    """Also where a key slipped through."""
    mine = await send(new_concern([anna], b"words"))
    slipped = await send(new_concern([anna, ben], b"words"))
    left_out = insert(schema.exclusions).values(concern_id=slipped, staff_id=ben)
    async with store.write() as conn:
        await conn.execute(left_out)
    lines = [Line(NOW, None, what, one) for one in (mine, slipped) for what in ("made", "outcome")]
    await noted(store, *lines)
    for reader, count in ((anna, 2), (ben, 0)):
        async with store.read() as conn:
            tallies = await measures.tallies(conn, reader, NOW - DAY, WORDS)
            kept = await measures.promises(conn, reader, WEEK, WORDS)
            week = await measures.week(conn, reader, WEEK, WORDS, STATES)
            times = [
                one
                async for some in measures.moments(conn, reader, NOW - DAY, "north")
                for one in some
            ]
            waiting = await measures.longest(conn, reader, STATES.open, 9)
        assert sum(one.sent for one in tallies) == count
        assert sum(one.made for one in kept) == count
        assert (week.sent, week.outcomes, week.open, len(times), len(waiting)) == (count,) * 5


async def test_promises_count_where_they_stand_in_the_audit(store, send, anna):
    one = await send(new_concern([anna], b"words"))
    other = await send(new_concern([anna], b"words", team="south"))
    await noted(
        store,
        Line(NOW - 8 * DAY, None, "broken", one, "answer:2026-11-10"),
        Line(NOW, None, "made", one, "acknowledge:2026-11-26"),
        Line(NOW, None, "kept", one, "acknowledge:2026-11-26"),
        Line(NOW, None, "broken", other, "update:2026-11-26"),
        Line(NOW, None, "broken", other, "update:2026-11-27 times:3"),
        Line(NOW, None, "opened", one),
        Line(NOW + DAY, None, "broken", one, "answer:2026-11-10"),
    )
    async with store.read() as conn:
        found = await measures.promises(conn, anna, WEEK, WORDS)
    assert found == [Kept("north", 1, 1, 0), Kept("south", 0, 0, 4)]


@pytest.mark.parametrize(
    ("columns", "late"),
    [
        ({"due_at": NOW + 2 * DAY}, 0),
        ({"due_at": NOW}, 1),
        ({"due_at": NOW, "due_kind": "remind"}, 0),
        ({"due_at": NOW + 2 * DAY, "due_kind": "update", "state": "looking"}, 1),
        ({"due_at": NOW + 2 * DAY, "missed": 1}, 1),
        ({"due_at": NOW + 2 * DAY, "missed": 1, "state": "looking"}, 0),
        ({"due_at": NOW, "state": "closed"}, 0),
    ],
)
async def test_late_is_what_staff_owe_a_word(store, send, stands, anna, columns, late):
    await stands(await send(new_concern([anna], b"words")), **columns)
    async with store.read() as conn:
        week = await measures.week(conn, anna, WEEK, WORDS, STATES)
    assert week.late == late


async def test_a_week_is_counted_by_when_things_happened(store, send, stands, anna):
    one, two = [await send(new_concern([anna], b"words")) for _ in range(2)]
    await stands(one, result="will-change", answered_at=NOW, answered_me=False)
    await stands(two, result="changed", answered_at=NOW - 9 * DAY, sent_at=NOW - 10 * DAY)
    await noted(
        store,
        Line(NOW - 9 * DAY, None, "outcome", two),
        Line(NOW, None, "outcome", one),
        Line(NOW, None, "outcome", one),
    )
    async with store.read() as conn:
        week = await measures.week(conn, anna, WEEK, WORDS, STATES)
    assert (week.sent, week.answered, week.outcomes) == (1, 1, 1)
    assert (week.changed, week.will_change, week.yes, week.no) == (0, 1, 0, 1)


async def test_moments_come_a_few_at_a_time_and_all_of_them(store, send, anna, stands):
    """Many were sent in the same instant."""
    number = measures.AT_ONCE + 5
    first = await send(new_concern([anna], b"words"))
    async with store.write() as conn:
        row = (await conn.execute(schema.concerns.select())).mappings().one()
        wrap = (
            (await conn.execute(schema.wraps.select().where(schema.wraps.c.reader_id == anna)))
            .mappings()
            .one()
        )
        ids = [new_id() for _ in range(number - 1)]
        await conn.execute(
            insert(schema.concerns), [{**row, "id": one, "reference": one} for one in ids]
        )
        await conn.execute(insert(schema.wraps), [{**wrap, "concern_id": one} for one in ids])
    await stands(first, acknowledged_at=NOW + DAY)
    async with store.read() as conn:
        found = [some async for some in measures.moments(conn, anna, NOW, "north")]
    assert [len(some) for some in found] == [measures.AT_ONCE, 5]
    assert sum(one.acknowledged_at is not None for some in found for one in some) == 1
    async with store.read() as conn:
        (longest, *_) = rows = await measures.longest(conn, anna, STATES.open, 3)
    assert len(rows) == 3 and longest.sent_at == NOW
