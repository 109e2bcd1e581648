"""The work of fetching files: who does what until when, so that a crash only means to start over.

A job's body says where the bytes are and whom to tell; it is locked under an epoch key, and gone
when the file is kept or given up. It never holds what would open the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from storage.connection import Conn
from storage.schema import file_chunks, file_jobs, files
from storage.sealing import SealError, context, lock, pad, unlock, unpad
from storage.secrets import Secrets


class FileState(StrEnum):
    """Where a file is."""

    PENDING = "pending"  # its bytes are not all here yet
    KEPT = "kept"
    FAILED = "failed"  # given up; whoever sent it was told


@dataclass(frozen=True, slots=True)
class Job:
    """A file to fetch now. `attempts` counts this one. `damaged`: the body does not open."""

    file_id: str
    public: bytes = field(repr=False)
    task: bytes = field(repr=False)
    attempts: int
    created_at: datetime
    concern_id: str | None
    damaged: bool = False


def lock_job(secrets: Secrets, epoch: int, file_id: str, task: bytes) -> bytes:
    """Lock the body of a job under an epoch."""
    return lock(secrets.epoch_key(epoch), pad(task), _body(file_id))


def unlock_job(secrets: Secrets, epoch: int, file_id: str, blob: bytes) -> bytes:
    """Undo `lock_job`. Raises Damaged, or UnknownEpoch when the epoch's key is gone."""
    return unpad(unlock(secrets.epoch_key(epoch), blob, _body(file_id)))


def relock_job(secrets: Secrets, epoch: int, row: Row[Any]) -> bytes:
    """The body of a row under another epoch. Raises what `unlock_job` raises."""
    return lock_job(secrets, epoch, row.id, unlock_job(secrets, row.epoch, row.id, row.body))


async def claim(
    conn: Conn, secrets: Secrets, now: datetime, lease: timedelta, limit: int
) -> list[Job]:
    """Take up to `limit` files to fetch, the longest due first; ours until `now + lease`."""
    jobs = file_jobs.c
    due = await conn.execute(
        select(jobs.id)
        .where(jobs.due_at <= now, or_(jobs.claimed_until.is_(None), jobs.claimed_until <= now))
        .order_by(jobs.due_at, jobs.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(due.scalars())
    if not ids:
        return []
    mine = update(file_jobs).where(jobs.id.in_(ids))
    await conn.execute(mine.values(claimed_until=now + lease, attempts=jobs.attempts + 1))
    rows = await conn.execute(
        select(file_jobs, files.c.public_key, files.c.created_at, files.c.concern_id)
        .join(files, files.c.id == jobs.id)
        .where(jobs.id.in_(ids))
        .order_by(jobs.due_at, jobs.id)
    )
    return [_opened(secrets, row) for row in rows]


async def begin(conn: Conn, job: Job) -> bool:
    """Forget what an earlier try left. False when the job is not ours any more."""
    if not await _is_ours(conn, job):
        return False
    await conn.execute(delete(file_chunks).where(file_chunks.c.file_id == job.file_id))
    return True


async def append(
    conn: Conn, job: Job, first: int, bodies: Sequence[bytes], until: datetime
) -> bool:
    """Store the rows from number `first` on and keep the job until then; False as in `begin`."""
    if not await _is_ours(conn, job):
        return False
    mine = update(file_jobs).where(file_jobs.c.id == job.file_id)
    await conn.execute(mine.values(claimed_until=until))
    rows = [{"file_id": job.file_id, "n": n, "body": b} for n, b in enumerate(bodies, first)]
    if rows:
        await conn.execute(insert(file_chunks), rows)
    return True


async def kept(conn: Conn, job: Job, about: bytes) -> bool:
    """The file is whole: the job ends. False as in `begin`."""
    if not await _is_ours(conn, job):
        return False
    await _end(conn, job, state=FileState.KEPT, about=about)
    return True


async def give_up(conn: Conn, job: Job) -> bool:
    """The file cannot be had: nothing of it stays but that. False as in `begin`."""
    if not await _is_ours(conn, job):
        return False
    await conn.execute(delete(file_chunks).where(file_chunks.c.file_id == job.file_id))
    await _end(conn, job, state=FileState.FAILED)
    return True


async def retry(conn: Conn, job: Job, at: datetime) -> None:
    """Try again at `at`, if it is still ours."""
    await conn.execute(
        update(file_jobs)
        .where(file_jobs.c.id == job.file_id, file_jobs.c.attempts == job.attempts)
        .values(due_at=at, claimed_until=None)
    )


async def reset_claims(conn: Conn) -> None:
    """Take back everything that was given out; only for the start of a single process."""
    await conn.execute(
        update(file_jobs).where(file_jobs.c.claimed_until.is_not(None)).values(claimed_until=None)
    )


async def next_due(conn: Conn) -> datetime | None:
    """When the first job may be tried (it may be past), or None when there is none."""
    jobs = file_jobs.c
    found = await conn.execute(select(func.min(func.coalesce(jobs.claimed_until, jobs.due_at))))
    moment: datetime | None = found.scalar()
    return moment


async def _is_ours(conn: Conn, job: Job) -> bool:
    """Whether the file is still wanted and no later try has taken it over.

    The file's row is held first, the job's second, as deleting a file does: neither waits for the
    other.
    """
    wanted = select(files.c.id).where(files.c.id == job.file_id, files.c.state == FileState.PENDING)
    if (await conn.execute(wanted.with_for_update())).first() is None:
        return False
    mine = select(file_jobs.c.id).where(
        file_jobs.c.id == job.file_id, file_jobs.c.attempts == job.attempts
    )
    return (await conn.execute(mine.with_for_update())).first() is not None


async def _end(conn: Conn, job: Job, **values: object) -> None:
    await conn.execute(update(files).where(files.c.id == job.file_id).values(**values))
    await conn.execute(delete(file_jobs).where(file_jobs.c.id == job.file_id))


def _opened(secrets: Secrets, row: Row[Any]) -> Job:
    task, damaged = b"", False
    try:
        task = unlock_job(secrets, row.epoch, row.id, row.body)
    except SealError:
        damaged = True
    return Job(row.id, row.public_key, task, row.attempts, row.created_at, row.concern_id, damaged)


def _body(file_id: str) -> bytes:
    return context("file_jobs", "body", file_id)
