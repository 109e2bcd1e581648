"""The migrations make exactly the tables that the queries are written for, on both engines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage import migrate
from storage.engine import BadRow, Store
from storage.migrations import runner
from storage.schema import metadata

ROOT = Path(__file__).parents[2]


def test_head_is_the_newest_revision():
    assert ScriptDirectory.from_config(runner.config()).get_heads() == [migrate.HEAD]


async def test_a_migrated_database_equals_the_schema(store):
    def differences(connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async with store.read() as conn:
        assert await conn.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(bare_url):
    await migrate.upgrade(bare_url)
    await migrate.upgrade(bare_url)
    store = await Store.open(bare_url)
    async with store.read() as conn:
        assert await migrate.current(conn) == migrate.HEAD
    await store.close()


async def test_a_migration_that_fails_leaves_nothing_behind(bare_url):
    await migrate.upgrade(bare_url)
    store = await Store.open(bare_url)
    async with store.write() as conn:
        # As if a table of the next revision were in its way.
        await conn.execute(text("DELETE FROM alembic_version"))
        await conn.execute(text("DROP TABLE meta"))
    await store.close()
    with pytest.raises(BadRow):
        await migrate.upgrade(bare_url)
    with pytest.raises(BadRow):
        await migrate.upgrade(bare_url)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_new_database_is_for_its_owner_alone(bare_url, tmp_path):
    await migrate.upgrade(bare_url)
    assert (tmp_path / "bare.db").stat().st_mode & 0o777 == 0o600


def test_running_loads_no_migration_library():
    program = "import sys, storage.engine, storage.migrate; print('alembic' in sys.modules)"
    run = [sys.executable, "-c", program]
    done = subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
