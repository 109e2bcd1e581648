"""Half-written answers, sealed to the member of staff who writes: they outlive a session's end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage.connection import Conn
from storage.errors import BadRow, DamagedRow
from storage.schema import answer_drafts, staff
from storage.sealing import Opener, SealError, context, open_with, pad, seal_to, unpad


async def save(conn: Conn, concern_id: str, staff_id: str, words: bytes, now: datetime) -> None:
    """Keep a member's draft for a concern, in place of an older one.

    Raises BadRow for someone who is not staff, StoreConflict when two save at the same moment.
    """
    found = await conn.execute(select(staff.c.public_key).where(staff.c.id == staff_id))
    public = found.scalar()
    if public is None:
        raise BadRow("a draft is kept for someone who is not staff")
    body = seal_to(public, pad(words), _info(concern_id, staff_id))
    await drop(conn, concern_id, staff_id)
    await conn.execute(
        insert(answer_drafts).values(
            concern_id=concern_id, staff_id=staff_id, body=body, updated_at=now
        )
    )


async def load(conn: Conn, concern_id: str, staff_id: str, private: bytes) -> bytes | None:
    """A member's draft for a concern, or None. Raises DamagedRow when it does not open."""
    found = await conn.execute(
        select(answer_drafts.c.body).where(
            answer_drafts.c.concern_id == concern_id, answer_drafts.c.staff_id == staff_id
        )
    )
    body = found.scalar()
    if body is None:
        return None
    try:
        return unpad(open_with(private, body, _info(concern_id, staff_id)))
    except SealError:
        raise DamagedRow("a draft of an answer does not open") from None


async def reseal(conn: Conn, staff_id: str, old: Opener, public: bytes) -> None:
    """Seal all drafts of a member to their new key; one that the old key does not open stays."""
    rows = await conn.execute(select(answer_drafts).where(answer_drafts.c.staff_id == staff_id))
    changes = []
    for row in rows:
        info = _info(row.concern_id, staff_id)
        try:
            words = old.open(row.body, info)
        except SealError:
            continue  # its page says so, with an alarm, to whoever opens it
        changes.append({"concern": row.concern_id, "body": seal_to(public, words, info)})
    if changes:
        mine = answer_drafts.c.staff_id == staff_id
        await conn.execute(
            update(answer_drafts).where(answer_drafts.c.concern_id == bindparam("concern"), mine),
            changes,
        )


async def drop(conn: Conn, concern_id: str, staff_id: str) -> None:
    """Forget a member's draft for a concern."""
    await conn.execute(
        delete(answer_drafts).where(
            answer_drafts.c.concern_id == concern_id, answer_drafts.c.staff_id == staff_id
        )
    )


async def drop_all(conn: Conn, staff_id: str) -> None:
    """Forget all drafts of a member whose key was replaced: nothing opens them any more."""
    await conn.execute(delete(answer_drafts).where(answer_drafts.c.staff_id == staff_id))


def _info(concern_id: str, staff_id: str) -> bytes:
    return context("answer_drafts", "body", concern_id, staff_id)
