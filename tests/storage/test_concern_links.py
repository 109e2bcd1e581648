"""Links between concerns: each kind once, whichever way round, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from storage import concern_links
from storage.concern_links import Kind
from storage.schema import concerns as rows
from tests.storage.builders import HOUR, NOW, new_concern


@pytest.fixture
async def three(enrol, send):
    reader, _ = await enrol()
    return [await send(new_concern([reader], b"words")) for _ in range(3)], reader


async def kinds(store, concern_id) -> list[tuple[str, Kind]]:
    async with store.read() as conn:
        found = await concern_links.of_concern(conn, concern_id)
    return [(one.other(concern_id), one.kind) for one in found]


async def test_two_are_related_once_whichever_way_round(store, three):
    (one, two, _), by = three
    async with store.write() as conn:
        assert await concern_links.relate(conn, one, two, by, NOW)
        assert not await concern_links.relate(conn, two, one, by, NOW)
    assert await kinds(store, one) == [(two, Kind.RELATED)]
    assert await kinds(store, two) == [(one, Kind.RELATED)]
    async with store.write() as conn:
        assert await concern_links.unrelate(conn, two, one)
        assert not await concern_links.unrelate(conn, two, one)
    assert await kinds(store, one) == []


async def test_related_ones_can_be_asked_about_too_but_only_once(store, three):
    (one, two, _), by = three
    async with store.write() as conn:
        await concern_links.relate(conn, one, two, by, NOW)
        assert await concern_links.propose(conn, one, two, by, NOW + HOUR)
        assert not await concern_links.propose(conn, one, two, by, NOW + HOUR)
        await concern_links.looked_at(conn, await concern_links.proposed(conn, 10))
        assert not await concern_links.propose(conn, one, two, by, NOW + HOUR)
    assert await kinds(store, two) == [(one, Kind.RELATED), (one, Kind.ASKED)]


async def test_what_was_looked_at_is_not_looked_at_again(store, three):
    (one, two, three_), by = three
    async with store.write() as conn:
        await concern_links.propose(conn, one, two, by, NOW)
        await concern_links.propose(conn, one, three_, by, NOW + HOUR)
        (first,) = await concern_links.proposed(conn, 1)
        await concern_links.looked_at(conn, [first])
        (second,) = await concern_links.proposed(conn, 10)
        assert (first.b_id, second.b_id) == (two, three_)
        assert await concern_links.asked_of(conn, [two, three_]) == {two: [one]}
        await concern_links.looked_at(conn, [second])
        assert await concern_links.asked_of(conn, [one, two, three_]) == {two: [one], three_: [one]}


async def test_only_what_was_asked_is_merged_and_nobody_is_kept_as_its_asker(store, three):
    (one, two, three_), by = three
    async with store.write() as conn:
        await concern_links.propose(conn, one, two, by, NOW)
        await concern_links.looked_at(conn, await concern_links.proposed(conn, 10))
        await concern_links.merge(conn, {two: one, three_: one}, NOW + HOUR)
        (link,) = await concern_links.of_concern(conn, one)
        assert (link.a_id, link.b_id, link.kind) == (one, two, Kind.MERGED)
        assert (link.by_id, link.at) == (None, NOW + HOUR)
        assert await concern_links.of_concern(conn, three_) == []
        assert await concern_links.asked_of(conn, [two]) == {}


async def test_a_concern_that_goes_takes_its_links_along(store, three):
    (one, two, _), by = three
    async with store.write() as conn:
        await concern_links.relate(conn, one, two, by, NOW)
        await conn.execute(delete(rows).where(rows.c.id == two))
    assert await kinds(store, one) == []
