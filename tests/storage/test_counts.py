"""Counts and links are rows like any other: on both engines, added up, ended, never doubled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage import counts, links
from storage.counts import Sum
from storage.engine import StoreConflict
from tests.storage.builders import NOW

DAY = date(2026, 11, 25)
ONE, OTHER = ("elm", "tell", "shown"), ("", "place", "stopped")


async def test_numbers_of_a_day_are_added_up(store):
    for happened in ({ONE: 2, OTHER: 1}, {ONE: 3}, {}):
        async with store.write() as conn:
            await counts.add(conn, DAY, happened)
    async with store.write() as conn:
        await counts.add(conn, DAY + timedelta(days=1), {ONE: 10})
    async with store.read() as conn:
        assert await counts.sums(conn, DAY, DAY) == [Sum(*OTHER, 1), Sum(*ONE, 5)]
        assert await counts.sums(conn, DAY, DAY + timedelta(days=1)) == [
            Sum(*OTHER, 1),
            Sum(*ONE, 15),
        ]
        assert await counts.sums(conn, DAY - timedelta(days=9), DAY - timedelta(days=1)) == []


async def test_numbers_of_a_transaction_that_fails_are_not_counted(store):
    async def broken() -> None:
        async with store.write() as conn:
            await counts.add(conn, DAY, {ONE: 2})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken()
    async with store.read() as conn:
        assert await counts.sums(conn, DAY, DAY) == []


async def test_a_code_is_given_once_and_ended_once(store):
    later = NOW + timedelta(days=1)
    async with store.write() as conn:
        await links.add(conn, "a" * 16, "elm", NOW)
        await links.add(conn, "b" * 16, "oak", later)
    with pytest.raises(StoreConflict):
        async with store.write() as conn:
            await links.add(conn, "a" * 16, "oak", NOW)
    async with store.write() as conn:
        await links.revoke(conn, ["a" * 16], later)
        await links.revoke(conn, ["a" * 16], later + timedelta(days=1))
    async with store.read() as conn:
        assert await links.teams_of(conn, ["a" * 16, "b" * 16, "c" * 16]) == {"b" * 16: "oak"}
        assert [(one.team, one.revoked_at) for one in await links.everything(conn)] == [
            ("elm", later),
            ("oak", None),
        ]
        assert [one.code for one in await links.everything(conn, "oak")] == ["b" * 16]
