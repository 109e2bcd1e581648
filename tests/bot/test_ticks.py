"""Ticks only look: one at a time, none stops another, and a stop finishes what was begun."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.ticks import Ticks
from storage.engine import StoreUnavailable

SECOND = timedelta(seconds=1)


class Looking:
    """A look that says when it begins, and ends when it may."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.busy = self.most = self.ended = 0

    async def __call__(self) -> None:
        self.busy += 1
        self.most = max(self.most, self.busy)
        self.begun.set()
        try:
            await self.may_end.wait()
            self.ended += 1
        finally:
            self.busy -= 1


def failing(error):
    async def look() -> None:
        raise error

    return look


@pytest.mark.parametrize("error", [StoreUnavailable("full"), RuntimeError("a bug")])
async def test_a_look_that_fails_stops_none_after_it(error):
    seen = []

    async def look() -> None:
        seen.append("looked")

    await Ticks({"bad": (SECOND, failing(error)), "good": (SECOND, look)}).look_now()
    assert seen == ["looked"]


async def test_looks_go_in_the_order_they_were_given():
    seen = []

    def named(name):
        async def look() -> None:
            seen.append(name)

        return SECOND, look

    await Ticks({name: named(name) for name in ("promises", "digests", "keeping")}).look_now()
    assert seen == ["promises", "digests", "keeping"]


async def test_two_looks_never_overlap():
    look = Looking()
    look.may_end.set()
    ticks = Ticks({"one": (SECOND, look), "other": (SECOND, look)})
    await asyncio.gather(*(ticks.look_now() for _ in range(5)))
    assert (look.most, look.ended) == (1, 10)


async def test_a_tick_comes_by_itself_and_a_stop_waits_for_the_look_in_hand(caplog):
    look = Looking()
    ticks = Ticks({"one": (SECOND, look), "other": (SECOND, failing(RuntimeError("a bug")))})
    ticks.start()
    async with asyncio.timeout(30):
        await look.begun.wait()
        stopping = asyncio.create_task(ticks.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        look.may_end.set()
        await stopping
    assert look.ended == 1
    assert {one.name for one in caplog.records if one.levelname == "ERROR"} <= {"bot.ticks"}


async def test_after_a_stop_nothing_more_is_begun():
    first, second = Looking(), Looking()
    ticks = Ticks({"first": (SECOND, first), "second": (SECOND, second)})
    ticks.start()
    async with asyncio.timeout(30):
        await first.begun.wait()  # and the second waits its turn
        stopping = asyncio.create_task(ticks.stop())
        await asyncio.sleep(0)
        first.may_end.set()
        await stopping
    assert (first.ended, second.begun.is_set()) == (1, False)
