"""What goes with a member of staff who leaves: keys, ways in, ways to reach them. Their name stays,
for what they wrote and did."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, exists, func, select, update

from storage import answer_drafts, wraps
from storage.concern_rows import COLUMNS, ConcernRow, clear_row
from storage.connection import Conn
from storage.schema import (
    cluster_flags,
    concerns,
    exclusions,
    invites,
    outbox,
    second_factors,
    staff,
)
from storage.schema import wraps as stored_wraps


async def end(conn: Conn, staff_id: str, open_states: Iterable[str]) -> None:
    """Let somebody in no more. Done again, it changes nothing more. The open concerns that they
    have stay theirs, for the caller to hand on; if an ended one opens again, it is nobody's."""
    await conn.execute(
        update(staff)
        .where(staff.c.id == staff_id)
        .values(
            active=False,
            chat_tag=None,
            chat_sealed=None,
            link_tag=None,
            link_expires=None,
            email_sealed=None,
        )
    )
    await conn.execute(
        update(concerns)
        .where(concerns.c.owner_id == staff_id, concerns.c.state.not_in(list(open_states)))
        .values(owner_id=None, taken_at=None, version=concerns.c.version + 1)
    )
    await wraps.take_all(conn, staff_id)
    await answer_drafts.drop_all(conn, staff_id)
    for table in (second_factors, invites, cluster_flags):
        await conn.execute(delete(table).where(table.c.staff_id == staff_id))
    # What waits for them would wait for ever: nothing of theirs is linked again.
    lines = (f"s:{staff_id}", f"e:{staff_id}")
    await conn.execute(delete(outbox).where(outbox.c.recipient.in_(lines)))


async def owned(conn: Conn, staff_id: str, states: Iterable[str], limit: int) -> list[ConcernRow]:
    """Concerns in these states that a member of staff has, the longest waiting first."""
    rows = await conn.execute(
        select(*COLUMNS)
        .where(concerns.c.owner_id == staff_id, concerns.c.state.in_(list(states)))
        .order_by(concerns.c.due_at, concerns.c.id)
        .limit(limit)
    )
    return [clear_row(row) for row in rows]


async def with_open_concerns(conn: Conn, states: Iterable[str]) -> list[str]:
    """Who works here no more and still has concerns in these states."""
    rows = await conn.execute(
        select(concerns.c.owner_id)
        .join(staff, staff.c.id == concerns.c.owner_id)
        .where(~staff.c.active, concerns.c.state.in_(list(states)))
        .distinct()
    )
    return sorted(rows.scalars())


async def only_theirs(conn: Conn, staff_id: str, states: Iterable[str]) -> int:
    """How many concerns in these states nobody else who works here could open: only the recovery
    key would be left."""
    other = stored_wraps.alias("other")
    somebody_else = (
        exists()
        .where(other.c.concern_id == stored_wraps.c.concern_id)
        .where(other.c.reader_id != staff_id)
        .where(other.c.reader_id == staff.c.id, staff.c.active)
        .where(~_kept_from(other.c.concern_id, other.c.reader_id))
    )
    found = await conn.execute(
        select(func.count())
        .select_from(stored_wraps.join(concerns, concerns.c.id == stored_wraps.c.concern_id))
        .where(
            stored_wraps.c.reader_id == staff_id,
            concerns.c.state.in_(list(states)),
            ~wraps.is_left_out(staff_id),
            ~somebody_else,
        )
    )
    return int(found.scalar_one())


async def could_give(
    conn: Conn, by_id: str, to_id: str, team: str, states: Iterable[str]
) -> list[str]:
    """The ids of a team's concerns in these states that one member of staff can open, and that
    another cannot and is not kept from."""
    theirs = stored_wraps.alias("theirs")
    has_one = exists().where(
        theirs.c.concern_id == stored_wraps.c.concern_id, theirs.c.reader_id == to_id
    )
    rows = await conn.execute(
        select(stored_wraps.c.concern_id)
        .join(concerns, concerns.c.id == stored_wraps.c.concern_id)
        .where(
            stored_wraps.c.reader_id == by_id,
            concerns.c.team == team,
            concerns.c.state.in_(list(states)),
            ~wraps.is_left_out(by_id),
            ~wraps.is_left_out(to_id),
            ~has_one,
        )
        .order_by(concerns.c.sent_at.desc(), stored_wraps.c.concern_id)
    )
    return list(rows.scalars())


def _kept_from(
    concern_id: ColumnElement[str], reader_id: ColumnElement[str]
) -> ColumnElement[bool]:
    return exists().where(exclusions.c.concern_id == concern_id, exclusions.c.staff_id == reader_id)
