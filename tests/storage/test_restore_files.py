"""Files in a backup: what was kept comes back, what was not is told, and drafts leave nothing."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select

from storage import files
from storage.backup import backup
from storage.files import FileState
from storage.schema import file_jobs as job_rows
from storage.schema import files as file_rows
from storage.secrets import Secrets
from tests.storage.builders import NOW
from tests.storage.filing import attach, claim, content_of, keep
from tests.storage.installation import Restored, installed

LETTER = os.urandom(700_000)


@pytest.fixture
async def home(tmp_path):
    async with installed(tmp_path / "home") as installation:
        yield installation


async def test_after_a_restore_kept_files_open_and_waiting_ones_ask_to_be_told(home, tmp_path):
    sent, seed = await keep(home.store, home.secrets, LETTER, concern_id="k1")
    in_a_draft, _ = await keep(home.store, home.secrets, LETTER)
    coming, _ = await attach(home.store, home.secrets, concern_id="k2")
    await attach(home.store, home.secrets)
    await backup(home.store, home.secrets, tmp_path / "heard.backup")
    new = Restored(tmp_path)
    await new.make(tmp_path / "heard.backup", home.code)
    store, secrets = await new.store(), Secrets.load(new.secrets)
    try:
        assert await content_of(store, sent, seed) == LETTER
        async with store.read() as conn:
            known = await files.states(conn, [sent, in_a_draft, coming])
            left = list((await conn.execute(select(file_rows.c.id))).scalars())
            [epoch] = (await conn.execute(select(job_rows.c.epoch))).scalars()
        assert known == {sent: FileState.KEPT, coming: FileState.PENDING}
        assert sorted(left) == sorted([sent, coming])
        assert epoch < min(secrets.epochs)
        # Its fetcher cannot know where the file was, but whose concern it belongs to.
        [job] = await claim(store, secrets, NOW)
        assert (job.file_id, job.concern_id, job.damaged) == (coming, "k2", True)
    finally:
        await store.close()
