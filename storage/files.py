"""What people attached: rows that name nobody, opened only by a key that lies with the words.

While a file belongs to a draft, a keyed tag says to which; once it is sent, its concern's id does.
The bytes are fetched later (see `file_jobs`); what is stored never changes when it is sent.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage.chunks import chunks
from storage.connection import Conn
from storage.engine import Store
from storage.file_bytes import About, FileKey, FileOpener, new_file_key
from storage.file_jobs import FileState, lock_job
from storage.schema import file_chunks, file_jobs, files
from storage.sealing import Damaged, tag
from storage.secrets import Purpose, Secrets

__all__ = [
    "FileKey",
    "FileState",
    "NewFile",
    "OpenFile",
    "add",
    "adopt",
    "drop",
    "drop_drafts",
    "drop_unsent",
    "new_file_key",
    "open_file",
    "read",
    "states",
]


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be fetched. `task` is what its fetcher needs to know; it is sealed and deleted as
    soon as the file is kept or given up. `concern_id` is None while it belongs to a draft.
    """

    id: str
    public: bytes = field(repr=False)
    task: bytes = field(repr=False)
    conversation_id: str
    concern_id: str | None = None


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A kept file: its size in bytes, how its name ends, and its content, piece by piece.

    The pieces raise SealError when rows were changed, cut, moved or forged.
    """

    about: About
    pieces: AsyncIterator[bytes]


async def add(conn: Conn, secrets: Secrets, new: Sequence[NewFile], now: datetime) -> None:
    """Store files that wait to be fetched, each with its job, due at once."""
    if not new:
        return
    epoch, key = secrets.newest_epoch(), secrets.key(Purpose.FILE_OWNER)
    rows = [
        {
            "id": one.id,
            "state": FileState.PENDING,
            "public_key": one.public,
            "about": None,
            "owner_tag": None if one.concern_id else owner_tag(key, one.conversation_id),
            "concern_id": one.concern_id,
            "created_at": now,
        }
        for one in new
    ]
    jobs = [
        {
            "id": one.id,
            "epoch": epoch,
            "body": lock_job(secrets, epoch, one.id, one.task),
            "attempts": 0,
            "due_at": now,
        }
        for one in new
    ]
    await conn.execute(insert(files), rows)
    await conn.execute(insert(file_jobs), jobs)


async def adopt(conn: Conn, belongs: Mapping[str, str]) -> None:
    """Note that files (by id) now belong to concerns (their ids), whose parts hold their keys."""
    if belongs:
        await conn.execute(
            update(files)
            .where(files.c.id == bindparam("row_id"))
            .values(concern_id=bindparam("concern"), owner_tag=None),
            [{"row_id": one, "concern": concern} for one, concern in sorted(belongs.items())],
        )


async def drop(conn: Conn, ids: Iterable[str]) -> None:
    """Delete files with all that is stored of them. Sent ones go with their concern instead."""
    for some in chunks(ids):
        await conn.execute(delete(files).where(files.c.id.in_(some), files.c.concern_id.is_(None)))


async def drop_drafts(conn: Conn, secrets: Secrets, conversation_ids: Iterable[str]) -> None:
    """Delete every file of these conversations that was not sent."""
    keys = secrets.keys(Purpose.FILE_OWNER)
    tags = [owner_tag(key, one) for one in conversation_ids for key in keys]
    for some in chunks(tags):
        await conn.execute(delete(files).where(files.c.owner_tag.in_(some)))


async def drop_unsent(conn: Conn) -> None:
    """Delete every file that no concern has: after a restore nothing is left that opens one."""
    await conn.execute(delete(files).where(files.c.concern_id.is_(None)))


async def states(conn: Conn, ids: Iterable[str]) -> dict[str, FileState]:
    """Where these files are; one that is unknown is not in it."""
    found = {}
    for some in chunks(ids):
        rows = await conn.execute(select(files.c.id, files.c.state).where(files.c.id.in_(some)))
        found.update({row.id: FileState(row.state) for row in rows})
    return found


async def about(conn: Conn, file_id: str, seed: bytes) -> About | None:
    """What is sealed beside a kept file, opened with the seed of its key; None for one that is not
    (or not yet) kept. Raises SealError when the key is not its own."""
    found = await conn.execute(select(files.c.about).where(files.c.id == file_id))
    sealed = found.scalar()
    return None if sealed is None else FileOpener(file_id, seed, sealed).about


async def open_file(store: Store, file_id: str, seed: bytes) -> OpenFile | None:
    """Open a kept file with the seed of its key; None for one that is not (or not yet) kept.

    Raises SealError when the key is not its own. Each piece is read by itself, so that somebody
    who downloads slowly holds up neither a connection nor the write-ahead log.
    """
    async with store.read() as conn:
        found = await conn.execute(
            select(files.c.state, files.c.about).where(files.c.id == file_id)
        )
    row = found.first()
    if row is None or row.state != FileState.KEPT:
        return None
    if row.about is None:
        raise Damaged("nothing is said of the file")
    opener = FileOpener(file_id, seed, row.about)
    return OpenFile(opener.about, _pieces(store, file_id, opener))


async def read(store: Store, file_id: str, seed: bytes) -> AsyncIterator[bytes]:
    """The content of a kept file, piece by piece; nothing for one that is not kept.

    Raises SealError for damage, at the piece where it is met.
    """
    found = await open_file(store, file_id, seed)
    if found is not None:
        async for piece in found.pieces:
            yield piece


async def _pieces(store: Store, file_id: str, opener: FileOpener) -> AsyncIterator[bytes]:
    number = 0
    while True:
        async with store.read() as conn:
            wanted = select(file_chunks.c.body).where(
                file_chunks.c.file_id == file_id, file_chunks.c.n == number
            )
            body = (await conn.execute(wanted)).scalar()
        if body is None:
            break
        if piece := opener.feed(body):
            yield piece
        number += 1
    if last := opener.finish():
        yield last


def owner_tag(key: bytes, conversation_id: str) -> bytes:
    """Whose draft a file is in, with a key for `Purpose.FILE_OWNER`."""
    return tag(key, "files", conversation_id)
