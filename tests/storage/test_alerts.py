"""An alert's row goes on once for each step, and ends when it is seen, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage import alerts
from storage.alerts import AlertRow
from tests.storage.builders import NOW, new_concern

PAUSE = timedelta(minutes=10)


@pytest.fixture
async def begun(store, enrol, send):
    member, _ = await enrol()
    row = AlertRow(await send(new_concern([member], b"words")), NOW, 0, NOW + PAUSE)
    async with store.write() as conn:
        await alerts.begin(conn, [row])
    return row


async def stored(store, row):
    async with store.write() as conn:
        return (await alerts.load(conn, [row.concern_id]))[row.concern_id]


async def test_it_is_due_when_its_time_has_come_and_not_before(store, begun):
    async with store.read() as conn:
        assert await alerts.due(conn, NOW + PAUSE - timedelta(microseconds=1), 9) == []
        assert await alerts.due(conn, NOW + PAUSE, 9) == [begun]
        assert await alerts.next_due(conn) == NOW + PAUSE


async def test_of_two_who_go_on_with_it_only_one_does(store, begun):
    async with store.write() as conn:
        assert await alerts.go_on(conn, begun, 1, NOW + 2 * PAUSE)
    async with store.write() as conn:
        assert not await alerts.go_on(conn, begun, 1, NOW + 2 * PAUSE)
    assert await stored(store, begun) == replace(begun, step=1, next_at=NOW + 2 * PAUSE)


async def test_the_first_who_sees_it_ends_it(store, begun):
    seen = NOW + timedelta(minutes=3)
    async with store.write() as conn:
        assert await alerts.see(conn, begun.concern_id, "a" * 32, seen)
        assert not await alerts.see(conn, begun.concern_id, "b" * 32, seen + PAUSE)
        assert not await alerts.go_on(conn, begun, 1, NOW + 2 * PAUSE)
    kept = await stored(store, begun)
    assert (kept.seen_by, kept.seen_at, kept.next_at) == ("a" * 32, seen, None)
    async with store.read() as conn:
        assert await alerts.due(conn, NOW + timedelta(days=9), 9) == []
        assert await alerts.next_due(conn) is None


async def test_begun_anew_it_stands_in_the_place_of_the_old_one(store, begun):
    async with store.write() as conn:
        await alerts.see(conn, begun.concern_id, "a" * 32, NOW)
        await alerts.begin(conn, [replace(begun, began_at=NOW + PAUSE)])
    assert await stored(store, begun) == replace(begun, began_at=NOW + PAUSE)


async def test_without_one_there_is_nothing_to_see(store):
    async with store.write() as conn:
        assert not await alerts.see(conn, "c" * 32, "a" * 32, NOW)
        assert await alerts.load(conn, ["c" * 32]) == {}
