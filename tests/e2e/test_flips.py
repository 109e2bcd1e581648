"""One bit changed in anything sealed: it is refused, an alarm sounds, and nobody else notices."""

from __future__ import annotations

import asyncio
import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from colleague import Colleague, exported
from heard_process import Heard
from inside import MORNING, passphrase_of
from sealed_day import Sealed, fill, lived
from sqlalchemy import LargeBinary, select, update
from town import send, town

from storage import alarms, backup, restore
from storage.engine import Store
from storage.outbox import NewMessage
from storage.schema import metadata
from storage.secrets import Secrets
from tests.storage.test_flipped_bits import IN_THE_CLEAR

SEED = 20261122
TURNS = (3, 1)  # how many bits of the first row, and of the second
SEALED = [
    column
    for table in metadata.tables.values()
    for column in table.columns
    if isinstance(column.type, LargeBinary) and str(column) not in IN_THE_CLEAR
]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    made = Sealed(tmp_path_factory.mktemp("sealed"))
    with ThreadPoolExecutor(1) as apart:  # pytest's own loop stays out of it
        apart.submit(asyncio.run, fill(made)).result()
    return made


@pytest.mark.parametrize("column", SEALED, ids=str)
async def test_a_flipped_bit_is_refused_with_an_alarm_and_harms_nobody_else(
    sealed: Sealed, tmp_path: Path, column
) -> None:
    chance = random.Random(f"{SEED} {column}")
    store = await Store.open(f"sqlite+aiosqlite:///{sealed.folder / 'heard.db'}")
    async with store.read() as conn:
        every = (await conn.execute(select(column.table).where(column.is_not(None)))).all()
        rows = [row for row in every if sealed.knows(column.table.name, row)]
    await store.close()
    for row, turns in zip(chance.sample(rows, len(TURNS)), TURNS, strict=True):
        key = [one == getattr(row, one.name) for one in column.table.primary_key]
        for turn in range(turns):
            bad = bytearray(getattr(row, column.name))
            place = chance.randrange(len(bad)) if turn or turns == 1 else 1
            bad[place] ^= 1 << chance.randrange(8)
            values = {column.name: bytes(bad)}

            async def spoil(conn, key=key, values=values) -> None:
                await conn.execute(update(column.table).where(*key).values(values))

            left, sounded = await lived(sealed, tmp_path / "spoilt", spoil)
            lost, marks = sealed.works - left, sealed.marks(column.table.name, row)
            assert all(any(mark in one for mark in marks) for one in lost), (place, lost)
            assert lost or str(column) in NOTHING_LOST, place
            drafts = [one for one in lost if one.startswith("draft of")]
            assert not drafts or str(column) in LOSES_A_DRAFT, place
            assert sounded - sealed.sounded or (str(column), place > 1) in SILENT, (place, lost)


# What is whole again after the day: the chat id is known when its person writes, words that open
# are kept. What a message is about is read by a restore alone.
NOTHING_LOST = {"conversations.chat_sealed", "conversations.talk", "outbox.about"}
LOSES_A_DRAFT = {"conversations.key_locked", "draft_parts.body"}
# A changed bit behind a lock's header and a wrong passphrase look the same.
SILENT = {("staff.private_locked", True), ("outbox.about", False), ("outbox.about", True)}


async def test_a_restore_says_that_it_cannot_tell_whose_news_was_lost(
    sealed: Sealed, tmp_path: Path
) -> None:
    shutil.copy2(sealed.folder / "heard.db", tmp_path / "heard.db")
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'heard.db'}")
    try:
        async with store.write() as conn:
            await flip_first(conn, sealed, metadata.tables["outbox"].c.about)
        await backup.backup(store, Secrets.load(sealed.folder / "secrets"), tmp_path / "kept")
    finally:
        await store.close()
    other = tmp_path / "other"
    done = await restore.restore(
        tmp_path / "kept", sealed.code, other / "heard.db", other / "secrets", MORNING, nothing
    )
    assert done.damaged_messages == 1
    store = await Store.open(f"sqlite+aiosqlite:///{other / 'heard.db'}")
    async with store.read() as conn:
        assert "undelivered-damaged" in {one.kind for one in await alarms.unseen(conn)}
    await store.close()


async def test_heard_starts_and_serves_with_a_flipped_bit_in_every_column(
    sealed: Sealed, tmp_path: Path
) -> None:
    """The real program; whoever is not concerned notices nothing."""
    spoilt = tmp_path / "spoilt"
    shutil.copytree(sealed.folder, spoilt)
    store = await Store.open(f"sqlite+aiosqlite:///{spoilt / 'heard.db'}")
    async with store.write() as conn:
        for column in SEALED:
            await flip_first(conn, sealed, column)
    await store.close()
    pattern = Heard(spoilt, "", recovery_code=sealed.code)
    with town(tmp_path / "running", pattern) as here:
        async with here.street() as street:
            phone = await street.newcomer("New here")
            await phone.say("said beside the damage")
            reference = await send(phone, "Birch community team")
        sam = await Colleague.sign_in(
            here.heard.console_url, "Sam Lindqvist", passphrase_of("Sam Lindqvist")
        )
        assert "said beside the damage" in (await sam.read(reference)).text
        for known in sealed.answerer:
            assert (await sam.read(known)).status in {200, 409}
        await sam.close()
        found = exported(here.heard, "Sam Lindqvist", passphrase_of("Sam Lindqvist"))
        assert reference in {one["reference"] for one in found}
        doctor = here.heard.command("doctor").stdout
        assert "staff-name-damaged" in doctor and "part-damaged" in doctor, doctor
        assert here.heard.stop() == 0
        assert here.leaks() == []


async def flip_first(conn, sealed: Sealed, column) -> None:
    """The first bit of the sealed bytes of the first row."""
    table = column.table
    found = await conn.execute(
        select(table).where(column.is_not(None)).order_by(*table.primary_key)
    )
    row = next(one for one in found.all() if sealed.knows(table.name, one))
    bad = bytearray(getattr(row, column.name))
    bad[2] ^= 1
    key = [one == getattr(row, one.name) for one in table.primary_key]
    await conn.execute(update(table).where(*key).values({column.name: bytes(bad)}))


def nothing(conversation_id: str) -> NewMessage:
    return NewMessage(f"c:{conversation_id}", 0, b"")
