"""Rotation: everything that lives opens afterwards, no old key does, and a crash loses nothing."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update

from storage import alarms, conversations
from storage.engine import Store, StoreUnavailable
from storage.rotation import needed, rotate
from storage.schema import conversations as conversation_rows
from storage.schema import outbox as outbox_rows
from storage.secrets import Secrets
from tests.storage.living_rows import NOW, WORDS, change, fill, opened

only_sqlite = pytest.mark.parametrize("engine", ["sqlite"])


async def test_everything_opens_after_a_rotation_and_no_old_key_is_left(store, secrets):
    await fill(store, secrets)
    before = await opened(store, secrets)
    done = await rotate(store, secrets, NOW)
    after = await opened(store, secrets)
    assert after[:2] == before[:2]
    assert after[2] == {2} == set(secrets.epochs) == set(Secrets.load(secrets.folder).epochs)
    assert (done.epoch, done.conversations, done.messages, done.damaged) == (2, 3, 3, 0)


async def test_rotation_goes_through_more_rows_than_one_transaction_holds(store, secrets):
    await fill(store, secrets, count=1203)
    done = await rotate(store, secrets, NOW)
    assert (done.conversations, done.messages) == (1203, 1203)
    talks, bodies, epochs = await opened(store, secrets)
    assert (len(talks), len(bodies), epochs) == (1203, 1203, {2})


@only_sqlite
async def test_what_was_deleted_before_a_rotation_never_opens_again(store, secrets, tmp_path):
    await fill(store, secrets)
    thief = tmp_path / "stolen.db"
    await store.checkpoint()
    thief.write_bytes((tmp_path / "heard.db").read_bytes())
    async with store.write() as conn:
        await conn.execute(delete(conversation_rows).where(conversation_rows.c.id == "c1"))
    await rotate(store, secrets, NOW)
    stolen = await Store.open(f"sqlite+aiosqlite:///{thief}")
    async with stolen.read() as conn:
        old = await conversations.load_ids(conn, secrets, ["c1"])
        parts, damaged = await conversations.draft_parts(conn, secrets, ["c1"])
    await stolen.close()
    assert old["c1"].damaged
    assert (old["c1"].talk, parts["c1"], damaged) == (b"", [], {"c1"})


@only_sqlite
async def test_the_log_holds_no_row_of_an_old_epoch_after_a_rotation(store, secrets, tmp_path):
    await fill(store, secrets)
    async with store.read() as conn:
        old = list((await conn.execute(select(conversation_rows.c.key_locked))).scalars())
    await rotate(store, secrets, NOW)
    files = b"".join(path.read_bytes() for path in tmp_path.glob("heard.db*"))
    assert old
    assert not any(blob in files for blob in old)


async def test_a_damaged_row_is_left_with_one_alarm_and_stops_nothing(store, secrets):
    await fill(store, secrets, count=4)
    async with store.write() as conn:
        broken = update(conversation_rows).where(conversation_rows.c.id == "c2")
        await conn.execute(broken.values(key_locked=b"\1\1" + bytes(60)))
        await conn.execute(
            update(outbox_rows).where(outbox_rows.c.recipient == "c:c3").values(body=b"\1\1cut")
        )
    done = await rotate(store, secrets, NOW)
    assert (done.conversations, done.messages, done.damaged) == (3, 3, 2)
    async with store.read() as conn:
        rows = await conn.execute(select(conversation_rows).order_by(conversation_rows.c.id))
        talks = await conversations.load_ids(conn, secrets, ["c0", "c1", "c2", "c3"])
        sounded = await alarms.unseen(conn)
        kept = [row.key_locked for row in rows if row.id == "c2"]
    assert kept == [b"\1\1" + bytes(60)]
    assert [talks[f"c{n}"].damaged for n in range(4)] == [False, False, True, False]
    assert len(sounded) == 1
    assert "conversations c2" in sounded[0].detail
    # The row was reported; the next night has nothing new to say of it.
    assert (await rotate(store, secrets, NOW)).damaged == 0


async def test_a_turn_that_loaded_before_a_rotation_still_saves_after_it(store, secrets):
    await fill(store, secrets)
    async with store.read() as conn:
        loaded = (await conversations.load(conn, secrets, [1001]))[1001]
    await rotate(store, secrets, NOW)
    async with store.write() as conn:
        more = change(1, loaded.version, add_parts=(b"more",))
        await conversations.save(conn, secrets, [more], NOW)
    talks, _, epochs = await opened(store, secrets)
    assert talks["c1"][2] == [WORDS, b"part 1", b"more"]
    assert epochs == {2}


async def test_rows_saved_while_a_rotation_runs_are_not_lost(store, secrets):
    await fill(store, secrets, count=3)
    busy = BusyStore(store, lambda turn: fill(store, secrets, first=100 * turn, count=2))
    await rotate(busy, secrets, NOW)
    talks, bodies, epochs = await opened(store, secrets)
    assert len(talks) == len(bodies) == 3 + 2 * busy.turns
    assert busy.turns >= 3
    assert epochs == {2}


class BusyStore:
    """The real store, with other people's turns between the transactions of a rotation."""

    def __init__(self, store, meanwhile):
        self._store, self._meanwhile, self.turns = store, meanwhile, 0
        self.is_sqlite = store.is_sqlite

    def write(self):
        return _Between(self)

    def read(self):
        return self._store.read()

    async def checkpoint(self):
        await self._store.checkpoint()


class _Between:
    def __init__(self, busy):
        self._busy = busy

    async def __aenter__(self):
        self._inner = self._busy._store.write()
        return await self._inner.__aenter__()

    async def __aexit__(self, *error):
        await self._inner.__aexit__(*error)
        self._busy.turns += 1
        await self._busy._meanwhile(self._busy.turns)


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_turn_that_is_not_committed_yet_is_waited_for(store, secrets):
    """Only where others can write meanwhile; on SQLite writers take turns."""
    await fill(store, secrets)
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with store.write() as slow:
        await conversations.save(slow, secrets, [change(7, add_parts=(WORDS,))], NOW)
        rotating = asyncio.create_task(rotate(store, secrets, NOW))
        waiting = 0
        while not (rotating.done() or waiting):
            async with store.read() as conn:
                waiting = (await conn.execute(waits)).scalar()
    await rotating
    talks, _, epochs = await opened(store, secrets)
    assert talks["c7"][2] == [WORDS]
    assert epochs == {2}


async def test_no_key_is_destroyed_while_the_log_cannot_be_emptied(url, store, secrets):
    await fill(store, secrets)

    class Stuck(BusyStore):
        async def checkpoint(self):
            raise StoreUnavailable("a reader holds the write-ahead log")

    async def nothing(turn):
        pass

    with pytest.raises(StoreUnavailable):
        await rotate(Stuck(store, nothing), secrets, NOW)
    assert sorted(secrets.epochs) == [1, 2]
    done = await rotate(store, secrets, NOW)
    assert list(secrets.epochs) == [done.epoch] == [3]
    assert (await opened(store, secrets))[2] == {3}


def test_a_rotation_is_due_after_twenty_hours(secrets):
    made = secrets.epoch_made_at(1)
    assert not needed(secrets, made + timedelta(hours=19, minutes=59))
    assert needed(secrets, made + timedelta(hours=20))


def test_an_unfinished_rotation_stays_due(secrets):
    old = datetime.now(UTC) - timedelta(hours=21)
    os.utime(secrets.folder / "epochs" / "1.key", (0, old.timestamp()))
    secrets.new_epoch()
    assert needed(secrets, datetime.now(UTC))
