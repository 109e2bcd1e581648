"""The newest sealed parts of certain kinds of many concerns at once, for one reader: for pages that
count what only a reader's own key opens. Nothing that is opened here is ever stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from storage.chunks import chunks
from storage.concern_rows import OpenPart, opened_part
from storage.connection import Conn
from storage.reading import Sealed, wraps_of
from storage.schema import concerns
from storage.schema import parts as stored_parts
from storage.schema import wraps as stored_wraps
from storage.sealing import SealError, context, open_with
from storage.wraps import is_left_out


@dataclass(frozen=True, slots=True)
class Place:
    """A concern that the reader may open, and which part is the newest of each kind (by its place
    among the concern's parts)."""

    concern_id: str
    team: str
    sent_at: datetime
    newest: Mapping[str, int]


async def places(
    conn: Conn, staff_id: str, since: datetime, kinds: Sequence[str], kind: str = "concern"
) -> list[Place]:
    """Every concern sent since then that this member may read, the oldest first."""
    newest = (
        select(
            stored_parts.c.concern_id,
            stored_parts.c.kind,
            func.max(stored_parts.c.seq).label("seq"),
        )
        .where(stored_parts.c.kind.in_(kinds))
        .group_by(stored_parts.c.concern_id, stored_parts.c.kind)
        .subquery()
    )
    rows = await conn.execute(
        select(concerns.c.id, concerns.c.team, concerns.c.sent_at, newest.c.kind, newest.c.seq)
        .join(stored_wraps, stored_wraps.c.concern_id == concerns.c.id)
        .outerjoin(newest, newest.c.concern_id == concerns.c.id)
        .where(
            stored_wraps.c.reader_id == staff_id,
            ~is_left_out(staff_id),
            concerns.c.sent_at >= since,
            concerns.c.kind == kind,
        )
        .order_by(concerns.c.sent_at, concerns.c.id)
    )
    found: dict[str, Place] = {}
    known: dict[str, dict[str, int]] = {}
    for row in rows:
        newest_of = known.setdefault(row.id, {})
        if row.kind is not None:
            newest_of[row.kind] = row.seq
        found[row.id] = Place(row.id, row.team, row.sent_at, newest_of)
    return list(found.values())


async def sealed(conn: Conn, staff_id: str, wanted: Iterable[Place]) -> list[Sealed]:
    """The wrap and the newest parts of these concerns, as they are stored."""
    found = []
    by_id = {place.concern_id: place for place in wanted}
    for some in chunks(by_id):
        wraps = await wraps_of(conn, staff_id, some)
        kinds = {kind for one in some for kind in by_id[one].newest}
        rows: dict[str, list[Row[Any]]] = {one: [] for one in wraps}
        for row in await conn.execute(
            select(stored_parts).where(
                stored_parts.c.concern_id.in_(some), stored_parts.c.kind.in_(kinds)
            )
        ):
            newest = by_id[row.concern_id].newest
            if row.concern_id in rows and newest.get(row.kind) == row.seq:
                rows[row.concern_id].append(row)
        found += [Sealed(one, body, rows[one]) for one, body in wraps.items()]
    return found


def opened(some: Iterable[Sealed], staff_id: str, private: bytes) -> dict[str, list[OpenPart]]:
    """Those parts of each concern that open, by its id. Takes about 150 µs a piece, so run it
    outside the event loop, a few at a time."""
    found = {}
    for one in some:
        try:
            own = open_with(private, one.wrap, context("wraps", "body", one.concern_id, staff_id))
        except SealError:
            continue  # its page says so, with an alarm
        parts = (_part(row, own) for row in one.rows)
        found[one.concern_id] = [part for part in parts if part is not None]
    return found


def _part(row: Row[Any], own: bytes) -> OpenPart | None:
    try:
        return opened_part(row, own)
    except SealError:
        return None
