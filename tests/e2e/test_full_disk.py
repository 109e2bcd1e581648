"""When nothing can be saved, nobody hears "received", all hear the truth, nothing is lost."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from colleague import exported, said
from heard_process import STAFF, Heard
from inside import found, inside
from people import Phone, Street, until
from town import Town, pending, receipt, send, taken_in, town

from storage.engine import Store

CANNOT = "Your message cannot be saved just now."
PEOPLE = 5


async def test_a_disk_that_fills_loses_nothing_and_nobody_waits_in_silence(
    installed: Heard, tmp_path: Path
) -> None:
    """All cases at once, because each waits the ten real seconds that people are made to wait."""
    with (
        town(tmp_path / "polling", installed) as polled,
        town(tmp_path / "webhook", installed, webhook=True) as called,
    ):
        await asyncio.gather(
            a_full_disk(polled), a_full_disk(called), a_read_only_database(tmp_path / "inside")
        )
        for each in (polled, called):
            assert each.heard.stop() == 0
            assert each.leaks() == []


async def a_full_disk(here: Town) -> None:
    async with here.street() as street:
        await a_bad_day(street, lambda: full(here), here.said)
        references = [await send(phone) for phone in street.phones[:-1]]
        kept = {one["reference"]: said(one) for one in exported(here.heard, "Sam Lindqvist")}
        assert [kept[reference] for reference in references] == [
            words_of(phone) for phone in street.phones[:-1]
        ]
        assert [said(one) for one in exported(here.heard, "Sam Lindqvist")].count(
            words_of(street.phones[-1])[:1]
        ) == 1


async def a_read_only_database(folder: Path) -> None:
    await found(folder, {name: tuple(held) for name, held in ROLES.items()})
    async with inside(folder) as town_hall:
        store = town_hall.heard.store
        await a_bad_day(town_hall.street, lambda: read_only(store), set())
        assert all([await send(phone) for phone in town_hall.street.phones[:-1]])


ROLES = {name: tuple((team or "*", role) for team, role in held) for name, held in STAFF.items()}


async def a_bad_day(street: Street, broken, said_words: set[str]) -> None:
    phones = [await street.newcomer(f"Person {number}") for number in range(PEOPLE)]
    for phone in phones:
        said_words |= set(words_of(phone))
        await phone.say(words_of(phone)[0])
        await phone.until("Saved, not sent yet.")
    *tellers, sender = phones
    await sender.tap("Send")
    await sender.tap("Not sure")
    await sender.until("Should anyone be kept from seeing this?")
    await taken_in(street)
    before = [await phone.heard() for phone in phones]
    async with broken():
        for phone in tellers:
            await phone.say(words_of(phone)[1])
            await phone.say(words_of(phone)[2])
        await sender.tap("No, send it")
        for phone in phones:
            await phone.until(CANNOT)
        assert await pending(street) == 2 * len(tellers) + 1
        # Nothing but the fixed message came, and it came once.
        for phone, earlier in zip(phones, before, strict=True):
            later = (await phone.heard())[len(earlier) :]
            assert len(later) == 1 and later[0].startswith(CANNOT)
    await taken_in(street)
    assert await receipt(sender)
    for phone, earlier in zip(phones, before, strict=True):
        await until(partial(more, phone, len(earlier) + 1))
        assert sum(one.startswith(CANNOT) for one in await phone.heard()) == 1


async def more(phone: Phone, seen: int) -> bool:
    return len(await phone.heard()) > seen


def words_of(phone: Phone) -> list[str]:
    return [f"word {number} of person {phone.person}" for number in (1, 2, 3)]


@asynccontextmanager
async def full(here: Town) -> AsyncIterator[None]:
    """No file of the running process can grow: SQLite and the log get real write errors."""
    assert here.heard.process is not None
    pid = here.heard.process.pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


@asynccontextmanager
async def read_only(store: Store) -> AsyncIterator[None]:
    """The one connection that writes may not. Set below the store, which would begin by writing."""
    await _pragma(store, "ON")
    try:
        yield
    finally:
        await _pragma(store, "OFF")


async def _pragma(store: Store, state: str) -> None:
    async with store._writing, store._writer.connect() as conn:
        driver = (await conn.get_raw_connection()).driver_connection
        await (await driver.execute(f"PRAGMA query_only={state}")).close()
