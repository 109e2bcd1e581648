"""Rotation: everything that lives opens afterwards, no old key does, and a crash loses nothing."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update

from storage import alarms, conversations, outbox
from storage.conversations import ConversationChange
from storage.engine import Store, StoreUnavailable
from storage.outbox import NewMessage
from storage.rotation import needed, rotate
from storage.schema import conversations as conversation_rows
from storage.schema import outbox as outbox_rows
from storage.secrets import Secrets

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
WORDS = b"Nobody rang me back."
only_sqlite = pytest.mark.parametrize("engine", ["sqlite"])


def change(number: int, version: int = 0, **more) -> ConversationChange:
    return ConversationChange(
        id=f"c{number}",
        chat_id=1000 + number,
        version=version,
        talk=b"talk %d" % number,
        own=b"own %d" % number,
        **more,
    )


def message(number: int, **more) -> NewMessage:
    return NewMessage(recipient=f"c:c{number}", lane=0, body=b"answer %d" % number, **more)


async def fill(store, secrets, first=0, count=3):
    numbers = range(first, first + count)
    async with store.write() as conn:
        changes = [change(n, add_parts=(WORDS, b"part %d" % n)) for n in numbers]
        await conversations.save(conn, secrets, changes, NOW)
        await outbox.put(conn, secrets, [message(n) for n in numbers], NOW)


async def opened(store, secrets):
    """Everything that opens, as text, with the epochs that rows are locked under."""
    async with store.read() as conn:
        ids = list((await conn.execute(select(conversation_rows.c.id))).scalars())
        talks = await conversations.load_ids(conn, secrets, ids)
        parts, damaged = await conversations.draft_parts(conn, secrets, ids)
        rows = list(await conn.execute(select(outbox_rows)))
        epochs = {row.epoch for row in rows}
        epochs |= set((await conn.execute(select(conversation_rows.c.epoch))).scalars())
    bodies = [outbox.unlock_body(secrets, r.epoch, r.recipient, r.body) for r in rows]
    assert not damaged
    assert not any(talk.damaged for talk in talks.values())
    return {i: (talks[i].talk, talks[i].own, parts[i]) for i in ids}, sorted(bodies), epochs


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


# Crashes

DYING = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from storage import durable_files, secrets as secrets_module
from storage.engine import Store
from storage.rotation import rotate
from storage.secrets import Secrets

url, folder, point = sys.argv[1], Path(sys.argv[2]), sys.argv[3]


def reached(here):
    if here == point:
        os._exit(9)


class DyingSecrets(Secrets):
    def new_epoch(self):
        reached("before the new key")
        number = super().new_epoch()
        reached("after the new key")
        return number

    def destroy_epochs(self, below):
        reached("before the old keys go")
        if point == "while the old keys go":
            first = min(self.epochs)
            durable_files.shred(self.folder / "epochs" / f"{first}.key")
            os._exit(9)
        super().destroy_epochs(below)
        reached("after the old keys are gone")


class DyingStore:
    def __init__(self, store):
        self.store, self.is_sqlite, self.count = store, store.is_sqlite, 0

    def write(self):
        return Dying(self)

    async def checkpoint(self):
        reached("before the log is emptied")
        await self.store.checkpoint()


class Dying:
    def __init__(self, owner):
        self.owner = owner

    async def __aenter__(self):
        self.inner = self.owner.store.write()
        return await self.inner.__aenter__()

    async def __aexit__(self, *error):
        self.owner.count += 1
        reached(f"before commit {self.owner.count}")
        await self.inner.__aexit__(*error)
        reached(f"after commit {self.owner.count}")


async def main():
    store = await Store.open(url)
    await rotate(DyingStore(store), DyingSecrets.load(folder), datetime.now(UTC))
    await store.close()
    print("finished")


asyncio.run(main())
"""

POINTS = [
    "before the new key",
    "after the new key",
    *(f"{when} commit {n}" for n in (1, 2, 3, 4, 5) for when in ("before", "after")),
    "before the log is emptied",
    "before the old keys go",
    "while the old keys go",
    "after the old keys are gone",
]


ON_BOTH = {"after the new key", "after commit 1", "before the old keys go"}
CRASHES = [("sqlite", point) for point in POINTS]
CRASHES += [("postgresql", point) for point in POINTS if point in ON_BOTH]


@pytest.mark.parametrize(("engine", "point"), CRASHES)
async def test_a_rotation_killed_anywhere_loses_nothing_and_is_finished_by_the_next(
    url, store, secrets, point
):
    await fill(store, secrets, count=600)  # two transactions for each table, and the last look
    before = await opened(store, secrets)
    await store.close()
    command = [sys.executable, "-c", DYING, url, str(secrets.folder), point]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert killed.returncode == 9, killed.stderr
    store = await Store.open(url)
    after_crash = Secrets.load(secrets.folder)
    assert (await opened(store, after_crash))[:2] == before[:2]
    done = await rotate(store, after_crash, NOW)
    after = await opened(store, Secrets.load(secrets.folder))
    await store.close()
    assert after[:2] == before[:2]
    assert after[2] == {done.epoch}
    assert [p.name for p in (secrets.folder / "epochs").iterdir()] == [f"{done.epoch}.key"]
