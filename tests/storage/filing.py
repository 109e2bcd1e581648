"""Files as the turns and the fetcher store them, for tests that need one to be there."""

from __future__ import annotations

from datetime import timedelta

from storage import file_jobs, files
from storage.file_bytes import FileSealer
from tests.storage.builders import NOW, new_id

LEASE = timedelta(minutes=15)
TICKET = b"the ticket 4711 by which the file is fetched"


async def attach(store, secrets, conversation_id="c1", concern_id=None):
    """A file that waits to be fetched; its id and the seed that opens it."""
    key, file_id = files.new_file_key(), new_id()
    new = files.NewFile(file_id, key.public, TICKET, conversation_id, concern_id)
    async with store.write() as conn:
        await files.add(conn, secrets, [new], NOW)
    return file_id, key.seed


async def claim(store, secrets, now=NOW, limit=4):
    async with store.write() as conn:
        return await file_jobs.claim(conn, secrets, now, LEASE, limit)


async def fill(store, job, content, ending="pdf", first=0):
    """Everything of one file, as the fetcher stores it."""
    sealer = FileSealer(job.file_id, job.public)
    bodies = sealer.feed(content)
    last, about = sealer.finish(ending)
    async with store.write() as conn:
        assert await file_jobs.begin(conn, job)
        assert await file_jobs.append(conn, job, first, [*bodies, last], NOW + LEASE)
        assert await file_jobs.kept(conn, job, about)


async def keep(store, secrets, content, **where):
    """A kept file; its id and the seed that opens it."""
    file_id, seed = await attach(store, secrets, **where)
    [job] = await claim(store, secrets)
    await fill(store, job, content)
    return file_id, seed


async def content_of(store, file_id, seed):
    return b"".join([piece async for piece in files.read(store, file_id, seed)])
