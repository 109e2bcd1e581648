"""Transactions: whole or not at all, in turn, and honest about why something could not be saved."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select, text

from storage import conversations, meta, outbox, seen
from storage.engine import (
    BadRow,
    FileInUse,
    NotMigrated,
    StorageError,
    Store,
    StoreConflict,
    StoreUnavailable,
)
from storage.schema import memberships
from storage.schema import meta as meta_table
from tests.storage.builders import NOW, new_chat

ROOT = Path(__file__).parents[2]
only_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


async def number(conn) -> int:
    return int(await meta.get(conn, "number") or b"0")


async def add_one(store) -> None:
    async with store.write() as conn:
        before = await number(conn)
        await asyncio.sleep(0)
        await meta.put(conn, "number", str(before + 1).encode())


async def test_what_is_written_is_there_afterwards(store):
    async with store.write() as conn:
        await meta.put(conn, "fact", b"value")
    async with store.read() as conn:
        assert await meta.get(conn, "fact") == b"value"


async def test_an_exception_in_the_block_undoes_all_of_it(store):
    with pytest.raises(RuntimeError):  # noqa: PT012 - a block is what is tested
        async with store.write() as conn:
            await meta.put(conn, "fact", b"value")
            raise RuntimeError
    async with store.read() as conn:
        assert await meta.get(conn, "fact") is None


async def test_after_a_failed_statement_nothing_of_the_transaction_is_kept(store):
    with pytest.raises(StoreConflict):  # noqa: PT012 - a block is what is tested
        async with store.write() as conn:
            await meta.put(conn, "fact", b"value")
            with pytest.raises(StoreConflict):
                await conn.execute(insert(meta_table).values(key="fact", value=b"other"))
            with pytest.raises(StoreConflict):
                await meta.put(conn, "more", b"value")
    async with store.read() as conn:
        assert await meta.get(conn, "fact") is None
        assert await meta.get(conn, "more") is None


async def test_readers_cannot_write(store):
    with pytest.raises(BadRow):
        async with store.read() as conn:
            await meta.put(conn, "fact", b"value")
    async with store.read() as conn:
        assert await meta.get(conn, "fact") is None


async def test_a_reader_sees_one_moment_and_waits_for_nobody(store):
    async with store.write() as writing:
        await meta.put(writing, "fact", b"value")
        async with store.read() as reading:
            assert await meta.get(reading, "fact") is None


@only_sqlite
async def test_no_update_is_lost_among_concurrent_writers(store):
    await asyncio.gather(*(add_one(store) for _ in range(40)))
    async with store.read() as conn:
        assert await number(conn) == 40


@only_sqlite
async def test_a_writer_holds_the_file_before_it_reads(store, tmp_path):
    other = sqlite3.connect(tmp_path / "heard.db", timeout=0)
    async with store.write():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()


async def test_concurrent_turns_of_one_chat_end_in_one_winner_and_conflicts(store, secrets):
    change = new_chat(7)
    async with store.write() as conn:
        await conversations.save(conn, secrets, [change], NOW)

    async def turn(word: bytes) -> bool:
        async with store.read() as conn:
            loaded = (await conversations.load(conn, secrets, [7]))[7]
        again = conversations.ConversationChange(loaded.id, 7, loaded.version, word, b"own")
        try:
            async with store.write() as conn:
                await conversations.save(conn, secrets, [again], NOW)
        except StoreConflict:
            return False
        return True

    won = await asyncio.gather(*(turn(b"%d" % n) for n in range(4)))
    async with store.read() as conn:
        loaded = (await conversations.load(conn, secrets, [7]))[7]
    assert loaded.version == 1 + sum(won)
    assert loaded.talk in {b"%d" % n for n, done in enumerate(won) if done}


async def test_a_cancelled_writer_leaves_nothing_and_blocks_nobody(store):
    inside = asyncio.Event()

    async def stuck() -> None:
        async with store.write() as conn:
            await meta.put(conn, "fact", b"half")
            inside.set()
            await asyncio.Event().wait()

    for _ in range(5):
        inside.clear()
        task = asyncio.create_task(stuck())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await add_one(store)
    async with store.read() as conn:
        assert await meta.get(conn, "fact") is None
        assert await number(conn) == 5


@only_sqlite
async def test_cancelling_at_any_point_of_a_write_saves_all_or_nothing(store):
    async def pair(n: int) -> None:
        async with store.write() as conn:
            await meta.put(conn, f"left {n}", b"1")
            await meta.put(conn, f"right {n}", b"1")

    connected = []
    event.listen(store._writer.sync_engine, "connect", lambda *new: connected.append(new))
    tasks = []
    for n in range(60):
        task = asyncio.create_task(pair(n))
        for _ in range(n):
            await asyncio.sleep(0)
        task.cancel()
        task.cancel()
        tasks.append(task)
        await asyncio.gather(task, return_exceptions=True)
    async with store.read() as conn:
        keys = set((await conn.execute(select(meta_table.c.key))).scalars())
    assert all((f"left {n}" in keys) == (f"right {n}" in keys) for n in range(60))
    assert any(task.cancelled() for task in tasks)
    await add_one(store)
    # All of it on one connection: a new one beside an old one that still works is a second writer.
    assert connected == []


@only_sqlite
async def test_a_second_process_is_refused_until_the_first_lets_go(store, url):
    program = (
        "import asyncio, sys\n"
        "from storage.engine import FileInUse, Store\n"
        "async def main():\n"
        "    try: store = await Store.open(sys.argv[1])\n"
        "    except FileInUse as refused: print('refused', refused); return\n"
        "    print('opened'); await store.close()\n"
        "asyncio.run(main())\n"
    )

    def other() -> str:
        run = [sys.executable, "-c", program, url]
        return subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    said = await asyncio.to_thread(other)
    assert said.startswith("refused")
    assert "heard staff add" in said
    with pytest.raises(FileInUse):
        await Store.open(url)
    await store.close()
    assert (await asyncio.to_thread(other)).startswith("opened")


@only_sqlite
async def test_a_full_disk_saves_nothing_by_halves_and_works_again_after(store, secrets):
    async with store.write() as conn:
        pages = (await conn.execute(text("PRAGMA page_count"))).scalar_one()
        await conn.execute(text(f"PRAGMA max_page_count={pages + 20}"))
    changes = [new_chat(chat, add_parts=(b"x" * 4000,)) for chat in range(50)]
    messages = [outbox.NewMessage(f"c:{change.id}", 0, b"hello") for change in changes]

    async def save() -> None:
        async with store.write() as conn:
            await seen.remember(conn, 1, [5], NOW)
            await conversations.save(conn, secrets, changes, NOW)
            await outbox.put(conn, secrets, messages, NOW)

    with pytest.raises(StoreUnavailable) as full:
        await save()
    assert full.value.retry
    async with store.read() as conn:
        assert await seen.unseen(conn, 1, [5]) == {5}
        assert await conversations.load(conn, secrets, range(50)) == {}
        assert await outbox.waiting(conn) == {}
    async with store.write() as conn:
        await conn.execute(text("PRAGMA max_page_count=1000000"))
    await save()
    async with store.read() as conn:
        assert len(await conversations.load(conn, secrets, range(50))) == 50


@only_sqlite
async def test_a_read_only_database_is_unavailable_until_it_is_not(store):
    async def read_only(mode: str) -> None:
        async with store._writer.connect() as conn:
            driver = (await conn.get_raw_connection()).driver_connection
            await driver.execute(f"PRAGMA query_only={mode}")

    await read_only("ON")
    with pytest.raises(StoreUnavailable) as refused:
        await add_one(store)
    assert refused.value.retry
    await read_only("OFF")
    await add_one(store)
    async with store.read() as conn:
        assert await number(conn) == 1


@only_sqlite
async def test_a_commit_that_fails_saves_nothing_and_blocks_nobody(store):
    with pytest.raises(BadRow):  # noqa: PT012 - a block is what is tested
        async with store.write() as conn:
            await conn.execute(text("PRAGMA defer_foreign_keys=ON"))
            await meta.put(conn, "fact", b"value")
            await conn.execute(insert(memberships).values(staff_id="x", team="y", role="z"))
    await add_one(store)
    async with store.read() as conn:
        assert await meta.get(conn, "fact") is None
        assert await number(conn) == 1


@only_postgresql
async def test_a_read_only_server_is_unavailable(store):
    with pytest.raises(StoreUnavailable):  # noqa: PT012 - a block is what is tested
        async with store.write() as conn:
            await conn.execute(text("SET TRANSACTION READ ONLY"))
            await meta.put(conn, "fact", b"value")


@only_postgresql
async def test_connections_that_the_server_ended_are_replaced(store, server):
    with pytest.raises(StoreUnavailable):  # noqa: PT012 - a block is what is tested
        async with store.write() as conn:
            mine = (await conn.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await asyncio.to_thread(server.run, f"SELECT pg_terminate_backend({mine}, 10000)")
            await meta.put(conn, "fact", b"value")
    await add_one(store)


async def test_a_server_that_is_not_there_is_unavailable(server, tmp_path):
    with pytest.raises(StoreUnavailable):
        await Store.open(f"postgresql+psycopg://heard@/none?host={tmp_path}")


async def test_what_the_engine_refuses_is_nobodys_to_retry(store):
    with pytest.raises(BadRow) as refused:
        async with store.write() as conn:
            await conn.execute(insert(meta_table).values(key="fact", value=None))
    assert not refused.value.retry
    with pytest.raises(BadRow):
        async with store.write() as conn:
            await seen.remember(conn, 2**70, [1], NOW)
    with pytest.raises(BadRow):
        async with store.write() as conn:
            await seen.remember(conn, 1, [1], NOW.replace(tzinfo=None))


async def test_no_word_is_in_the_text_of_an_error(store):
    with pytest.raises(StorageError) as clash:  # noqa: PT012 - a block is what is tested
        async with store.write() as conn:
            rows = [{"key": "private", "value": b"private"}] * 2
            await conn.execute(insert(meta_table), rows)
    assert "private" not in str(clash.value)


@only_sqlite
async def test_a_checkpoint_empties_the_log_and_deleted_bytes_are_gone(store, tmp_path):
    async with store.write() as conn:
        await meta.put(conn, "fact", b"a-value-to-be-forgotten")
    async with store.write() as conn:
        await meta.put(conn, "fact", b"")
    assert b"a-value-to-be-forgotten" in (tmp_path / "heard.db-wal").read_bytes()
    await store.checkpoint()
    assert (tmp_path / "heard.db-wal").read_bytes() == b""
    assert b"a-value-to-be-forgotten" not in (tmp_path / "heard.db").read_bytes()


@only_sqlite
async def test_only_the_writer_may_checkpoint_and_it_syncs_every_commit(store):
    async with store.write() as conn:
        assert (await conn.execute(text("PRAGMA synchronous"))).scalar() == 2
        assert (await conn.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
        assert (await conn.execute(text("PRAGMA secure_delete"))).scalar() == 1
        assert (await conn.execute(text("PRAGMA foreign_keys"))).scalar() == 1
        assert (await conn.execute(text("PRAGMA query_only"))).scalar() == 0
    async with store.read() as conn:
        assert (await conn.execute(text("PRAGMA query_only"))).scalar() == 1
        assert (await conn.execute(text("PRAGMA wal_autocheckpoint"))).scalar() == 0


async def test_a_database_that_was_never_migrated_is_not_opened(bare_url):
    with pytest.raises(NotMigrated, match="heard init"):
        await Store.open(bare_url)


async def test_a_database_of_another_revision_is_not_opened(store, url):
    async with store.write() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    await store.close()
    with pytest.raises(NotMigrated, match="other"):
        await Store.open(url)


@pytest.mark.parametrize(
    "wrong", ["mysql://x/y", "sqlite:///heard.db", "sqlite+aiosqlite://", "no url at all"]
)
async def test_other_databases_are_refused(wrong):
    with pytest.raises(StorageError):
        await Store.open(wrong)


async def test_a_closed_store_says_so(store):
    await store.close()
    await store.close()
    with pytest.raises(StoreUnavailable):
        async with store.read():
            pass
