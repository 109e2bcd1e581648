"""Public lines, who wants to hear of them, and runs that leads were told of, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from storage import clusters, conversations, forgetting, many_parts, published
from storage.concerns import NewPart, add_parts
from storage.errors import StoreConflict
from storage.published import EVERYWHERE, Published
from storage.schema import exclusions
from tests.storage.builders import HOUR, NOW, new_chat, new_concern, new_id

EARLY = NOW - timedelta(days=1)


def line(n: int, team: str = "ward-7", **more) -> Published:
    return Published(f"line-{n}", team, f"said {n}", f"did {n}", NOW + n * HOUR, "sam", "c", **more)


async def test_the_newest_lines_of_a_team_and_of_everywhere(store):
    async with store.write() as conn:
        for one in (line(1), line(2, "other"), line(3, EVERYWHERE), line(4)):
            await published.add(conn, one)
        assert await published.withdraw(conn, "line-4", NOW)
        assert not await published.withdraw(conn, "line-4", NOW)
        assert not await published.withdraw(conn, "line-9", NOW)
    async with store.read() as conn:
        assert [one.id for one in await published.newest(conn, 9)] == ["line-3", "line-2", "line-1"]
        mine = await published.newest(conn, 9, "ward-7")
        assert mine == [line(3, EVERYWHERE), line(1)]
        assert len(await published.newest(conn, 1)) == 1
        assert [one.id for one in await published.everything(conn, 2)] == ["line-4", "line-3"]
        assert [one.id for one in await published.of_concern(conn, "c")] == [
            "line-3",
            "line-2",
            "line-1",
        ]
        found = await published.by_id(conn, "line-4")
        assert found is not None and found.withdrawn_at == NOW


async def test_a_line_is_told_of_until_everybody_was(store):
    async with store.write() as conn:
        await published.add(conn, line(1))
        await published.add(conn, line(2))
        await published.told_up_to(conn, "line-2", "chat")
        waiting = await published.untold(conn, NOW + HOUR)
        assert [one.id for one in waiting] == ["line-1"]
        assert (await published.untold(conn, NOW + 2 * HOUR))[0].told_up_to == "chat"
        await published.told(conn, ["line-1", "line-2"], NOW)
        assert await published.untold(conn, NOW + 9 * HOUR) == []


async def test_whoever_asked_is_found_in_slices(store, secrets):
    wanting = [new_chat(chat, wants_changes=True) for chat in (1, 2, 3)]
    others = [new_chat(4), new_chat(5, wants_changes=True, unreachable=True)]
    gone = new_chat(6, wants_changes=True, due_kind=forgetting.LEAVING)
    async with store.write() as conn:
        await conversations.save(conn, secrets, [*wanting, *others, gone], NOW)
        ids = sorted(one.id for one in wanting)
        first = await published.wanting(conn, "", 2)
        assert first == ids[:2]
        assert await published.wanting(conn, first[-1], 2) == ids[2:]
        known = await conversations.load(conn, secrets, [1, 4])
        assert (known[1].wants_changes, known[4].wants_changes) == (True, False)
        stopped = replace(wanting[0], version=known[1].version, wants_changes=False)
        await conversations.save(conn, secrets, [stopped], NOW)
        assert await published.wanting(conn, "", 9) == sorted(one.id for one in wanting[1:])


async def test_a_reader_finds_only_what_they_may_read(store, enrol, send):
    (sam, _), (ali, _) = await enrol("Sam Reed"), await enrol("Ali Khan")
    both, kept = new_concern([sam, ali], b"words"), new_concern([sam, ali], b"words")
    kept = replace(kept, excluded=frozenset({ali}))
    await send(both, kept)
    async with store.read() as conn:
        found = await clusters.sent_since(conn, [sam, ali], EARLY)
        counts = {one: sum(each.staff_id == one for each in found) for one in (sam, ali)}
        assert counts == {sam: 2, ali: 1}
        assert await clusters.sent_since(conn, [sam], NOW + HOUR) == []
        places = await many_parts.places(conn, ali, EARLY, ("topic",))
        assert [one.concern_id for one in places] == [both.id]


async def test_whoever_is_left_out_later_finds_it_no_more(store, enrol, send):
    sam, private = await enrol("Sam Reed")
    other, _ = await enrol("Ali Khan")
    one = new_concern([sam, other], b"words")
    await send(one)
    async with store.write() as conn:
        places = await many_parts.places(conn, sam, EARLY, ("words",))
        await conn.execute(insert(exclusions).values(concern_id=one.id, staff_id=sam))
        assert await many_parts.places(conn, sam, EARLY, ("words",)) == []
        assert await clusters.sent_since(conn, [sam], EARLY) == []
        sealed = await many_parts.sealed(conn, sam, places)
        assert many_parts.opened(sealed, sam, private) == {}


async def test_the_newest_part_of_each_kind_is_opened(store, enrol, send):
    sam, private = await enrol("Sam Reed")
    some = [new_concern([sam], b"words") for _ in range(3)]
    await send(*some)
    for words in (b"older", b"newer"):
        async with store.write() as conn:
            new = [NewPart(new_id(), one.id, "coded", sam, NOW, words) for one in some[:2]]
            await add_parts(conn, new)
    async with store.read() as conn:
        places = await many_parts.places(conn, sam, EARLY, ("coded", "topic"))
        opened = many_parts.opened(await many_parts.sealed(conn, sam, places), sam, private)
    assert {id_: [part.words for part in parts] for id_, parts in opened.items()} == {
        some[0].id: [b"newer"],
        some[1].id: [b"newer"],
        some[2].id: [],
    }
    assert many_parts.opened([], sam, private) == {}


async def test_a_run_is_flagged_once_for_each_lead(store, enrol):
    sam, _ = await enrol("Sam Reed")
    async with store.write() as conn:
        await clusters.flag(conn, [(sam, "ward-7", NOW)])
        await clusters.flag(conn, [(sam, "ward-7", NOW + HOUR)])
        assert await clusters.flagged(conn, [sam]) == {(sam, "ward-7"): NOW + HOUR}
    with pytest.raises(StoreConflict):
        async with store.write() as conn:
            await clusters.flag(conn, [(sam, "x", NOW), (sam, "x", NOW)])
