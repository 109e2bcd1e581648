"""Going on from a backup: what was sent is all there, and what was lost is said by name.

A backup has no epoch keys, so drafts and texts that waited to be delivered do not open any more.
Their owners must hear that, and staff must send their answers again: both are noted before the
database gets its name, so that no crash can leave anybody untold.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import delete, func, select

from storage import alarms, conversations, files, forgetting, meta, outbox
from storage.backup import BackupError, Manifest, unseal
from storage.chunks import chunks
from storage.connection import Conn
from storage.conversations import Conversation, ConversationChange
from storage.durable_files import put_in_place, shred
from storage.engine import StorageError, Store
from storage.migrate import upgrade
from storage.outbox_queries import mark_undelivered
from storage.outbox_rows import CONVERSATION, NewMessage, open_about
from storage.schema import HEAD
from storage.schema import conversations as conversation_rows
from storage.schema import draft_parts as part_rows
from storage.schema import file_jobs as job_rows
from storage.schema import outbox as outbox_rows
from storage.sealing import PUBLIC_BYTES, SealError, key_pair_from_seed, seed_from_code
from storage.secrets import RECOVERY, Secrets, keys_in

log = logging.getLogger(__name__)

Tell = Callable[[str], NewMessage]  # what a person hears who lost a draft, by conversation


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """Who must be told what, by ids.

    `conversations_with_lost_drafts`: their people had words that were not sent.
    `conversations_reset`: all whose place in the talk is gone, those above among them.
    `undelivered`: concerns with a text to their person that never went out.
    `damaged_messages`: how many such texts do not even tell their concern.
    """

    conversations_with_lost_drafts: tuple[str, ...]
    conversations_reset: tuple[str, ...]
    undelivered: tuple[str, ...]
    damaged_messages: int


async def restore(  # noqa: PLR0913, PLR0917 - from where, by what key, to where, when and what is said
    file: Path, recovery_code: str, database: Path, secrets_folder: Path, now: datetime, tell: Tell
) -> RestoreReport:
    """Make a database and a secrets folder from a backup; both must not exist yet.

    Everybody whose draft is lost has `tell`'s message in the outbox when the database is there.
    The database gets its name last: an interrupted restore leaves none, and a new try says what to
    clear away. Raises WrongCode, BackupError or SecretsError, and then changes nothing.
    """
    pair = key_pair_from_seed(seed_from_code(recovery_code))
    _refuse_to_overwrite(file, database, secrets_folder)
    half = database.with_name(f".{database.name}.restoring")
    _clear(half)
    manifest = await asyncio.to_thread(unseal, file, pair.private, half)
    try:
        if keys_in(manifest.secrets.get(RECOVERY, b""), PUBLIC_BYTES)[:1] != [pair.public]:
            raise BackupError("This is not a backup that Heard made.")
        report = await _begin_again(half, manifest, secrets_folder, now, tell)
        put_in_place(half, database)
    except StorageError as error:
        raise BackupError(f"The database in this backup cannot be used: {error}") from error
    finally:
        _clear(half)
    return report


def _refuse_to_overwrite(file: Path, database: Path, secrets_folder: Path) -> None:
    if not file.is_file():
        raise BackupError(f"There is no backup {file}.")
    if database.exists() or database.with_name(database.name + "-wal").exists():
        raise BackupError(f"{database} is there already. Nothing is overwritten: move it away.")
    if secrets_folder.is_dir() and any(secrets_folder.iterdir()):
        raise BackupError(f"{secrets_folder} is not empty. Nothing is overwritten: move it away.")
    database.parent.mkdir(parents=True, exist_ok=True)


def _clear(half: Path) -> None:
    for rest in ("", "-wal", "-shm", ".lock"):
        half.with_name(half.name + rest).unlink(missing_ok=True)


async def _begin_again(
    half: Path, manifest: Manifest, secrets_folder: Path, now: datetime, tell: Tell
) -> RestoreReport:
    url = f"sqlite+aiosqlite:///{half}"
    if manifest.revision > HEAD:
        raise BackupError("This backup was made by a newer Heard. Install that one first.")
    await upgrade(url)
    store = await Store.open(url)
    try:
        async with store.read() as conn:
            public = await meta.get(conn, meta.RECOVERY_PUBLIC)
            # Two while it was being replaced.
            ours = keys_in(manifest.secrets[RECOVERY], PUBLIC_BYTES)
            if public is not None and public not in ours:
                raise BackupError("The database in this backup has another recovery key.")
            epoch = await _next_epoch(conn)
        secrets = Secrets.put_back(secrets_folder, manifest.secrets, epoch)
        try:
            async with store.write() as conn:
                report = await _reset(conn, secrets, now)
                words = [tell(one) for one in report.conversations_with_lost_drafts]
                await outbox.put(conn, secrets, words, now)
            await store.checkpoint()
        except BaseException:
            _take_away(secrets_folder)
            raise
    finally:
        await store.close()
    log.info("restored", extra={"count": len(report.conversations_reset)})
    return report


async def _next_epoch(conn: Conn) -> int:
    """A number above all that the database names, so that no lost key is taken for the new one."""
    highest = 0
    for table in (conversation_rows, outbox_rows, job_rows):
        found = (await conn.execute(select(func.max(table.c.epoch)))).scalar()
        highest = max(highest, found or 0)
    return highest + 1


async def _reset(conn: Conn, secrets: Secrets, now: datetime) -> RestoreReport:
    await forgetting.finish(conn)
    with_parts = await conn.execute(select(part_rows.c.conversation_id).distinct())
    lost = {row.conversation_id for row in with_parts}
    ids = [row.id for row in await conn.execute(select(conversation_rows.c.id))]
    for some in chunks(ids):
        stored = await conversations.load_ids(conn, secrets, some)
        await conversations.save(conn, secrets, [_afresh(one) for one in stored.values()], now)
    await files.drop_unsent(conn)
    undelivered, damaged = await _return_answers(conn, secrets, now)
    return RestoreReport(tuple(sorted(lost)), tuple(sorted(ids)), undelivered, damaged)


def _afresh(stored: Conversation) -> ConversationChange:
    """The same person with the same concerns, at the beginning of the talk."""
    return ConversationChange(
        id=stored.id,
        chat_id=stored.chat_id,
        version=stored.version,
        talk=b"",
        own=stored.own,
        unreachable=stored.unreachable,
        new_key=True,
        wants_changes=stored.wants_changes,
    )


async def _return_answers(
    conn: Conn, secrets: Secrets, now: datetime
) -> tuple[tuple[str, ...], int]:
    """Mark the concerns whose texts never went out, and drop the texts, which open no more."""
    ids, damaged = set(), 0
    columns = outbox_rows.c
    waiting = await conn.execute(
        select(outbox_rows).where(
            columns.about.is_not(None), columns.recipient.startswith(CONVERSATION)
        )
    )
    for row in waiting:
        try:
            ids.add(open_about(secrets, row))
        except SealError:
            damaged += 1
            log.warning("message-names-no-concern", extra={"outbox": row.id})
            detail = f"outbox row {row.id}"
            await alarms.sound(conn, uuid4().hex, now, "undelivered-damaged", detail)
    for some in chunks(sorted(ids)):
        await conn.execute(mark_undelivered(some))
    await conn.execute(delete(outbox_rows))
    return tuple(sorted(ids)), damaged


def _take_away(secrets_folder: Path) -> None:
    """Undo `put_back`, so that the next try finds an empty folder."""
    for path in secrets_folder.rglob("*"):
        if path.is_file():
            shred(path)
    (secrets_folder / "epochs").rmdir()
