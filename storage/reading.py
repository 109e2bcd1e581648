"""The words of many concerns for one reader, in pieces small enough to open between other work:
what a search goes through. Nothing that is opened here is ever stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from storage import wraps
from storage.chunks import chunks
from storage.concern_rows import OpenPart, opened_by
from storage.connection import Conn
from storage.inbox import Filters, is_readable, wanted
from storage.schema import concerns
from storage.schema import parts as stored_parts
from storage.schema import wraps as stored_wraps
from storage.sealing import Opener, SealError


@dataclass(frozen=True, slots=True)
class Place:
    """A concern that a reader may open; `last` is the place of its newest part."""

    id: str
    reference: str
    team: str
    state: str
    sent_at: datetime
    last: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is to be opened of one concern."""

    concern_id: str
    wrap: bytes = field(repr=False)
    rows: Sequence[Row[Any]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Words:
    """What opened of one concern, and how many of its pieces did not."""

    concern_id: str
    parts: Sequence[OpenPart]
    damaged: int


async def places(conn: Conn, reader_id: str, filters: Filters, most: int) -> list[Place]:
    """The concerns that this reader may open now, the newest first."""
    last = (
        select(func.coalesce(func.max(stored_parts.c.seq), 0))
        .where(stored_parts.c.concern_id == concerns.c.id)
        .correlate(concerns)
        .scalar_subquery()
    )
    told = (concerns.c.id, concerns.c.reference, concerns.c.team, concerns.c.state)
    rows = await conn.execute(
        select(*told, concerns.c.sent_at, last)
        .where(is_readable(reader_id), *wanted(filters))
        .order_by(concerns.c.sent_at.desc(), concerns.c.id)
        .limit(most)
    )
    return [Place(*tuple(row)) for row in rows]


async def wraps_of(conn: Conn, reader_id: str, some: Sequence[str]) -> dict[str, bytes]:
    """This reader's wrap of each of these concerns, as it is stored; none of what they are left
    out of. No more ids than one statement takes (see `chunks`)."""
    rows = await conn.execute(
        select(stored_wraps.c.concern_id, stored_wraps.c.body).where(
            stored_wraps.c.concern_id.in_(some),
            stored_wraps.c.reader_id == reader_id,
            ~wraps.is_left_out(reader_id),
        )
    )
    return {row.concern_id: row.body for row in rows}


async def sealed(
    conn: Conn, reader_id: str, after: Mapping[str, int], kinds: Iterable[str]
) -> list[Sealed]:
    """The wrap of each concern and its parts of these kinds that come after the place given with
    its id. A concern that this reader may not open is not in it."""
    found, known = [], sorted(kinds)
    for some in chunks(after):
        by_id = await wraps_of(conn, reader_id, some)
        rows: dict[str, list[Row[Any]]] = {one: [] for one in by_id}
        parts = await conn.execute(
            select(stored_parts)
            .where(stored_parts.c.concern_id.in_(list(by_id)), stored_parts.c.kind.in_(known))
            .order_by(stored_parts.c.concern_id, stored_parts.c.seq)
        )
        for row in parts:
            if row.seq > after[row.concern_id]:
                rows[row.concern_id].append(row)
        found += [Sealed(one, by_id[one], rows[one]) for one in some if one in by_id]
    return found


def open_many(private: bytes, reader_id: str, some: Iterable[Sealed]) -> list[Words]:
    """Open them with a reader's private half. What does not open is left out and counted: the page
    of that concern says so, with an alarm.

    About a third of a millisecond of processor time a concern of three parts, during which no other
    thread runs: give it a few at a time. Raises SealError for what is no private key.
    """
    own = Opener(private)
    return [_open_one(own, reader_id, one) for one in some]


def _open_one(own: Opener, reader_id: str, one: Sealed) -> Words:
    if not one.rows:
        return Words(one.concern_id, (), 0)
    try:
        key = Opener(own.open(one.wrap, wraps.place_of(one.concern_id, reader_id)))
    except SealError:
        return Words(one.concern_id, (), len(one.rows))
    parts = []
    for row in one.rows:
        try:
            parts.append(opened_by(key, row))
        except SealError:
            continue
    return Words(one.concern_id, parts, len(one.rows) - len(parts))
