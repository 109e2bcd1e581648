"""Which concerns staff hold to be related, and which of one person's own are one matter.

Of two that staff asked about, nothing here tells whether they are one person's, until that person
has said so: the row is the same either way, also when somebody was asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import concern_links


class Kind(StrEnum):
    RELATED = "related"
    PROPOSED = "proposed"  # nobody has looked yet whether both are one person's
    ASKED = "asked"  # it was looked at, and the person asked if there is one
    MERGED = "merged"  # the person said so: `b` goes on in `a`


@dataclass(frozen=True, slots=True)
class Link:
    """`a_id` is the older of two that may be one; of related ones the order tells nothing."""

    a_id: str
    b_id: str
    kind: Kind
    by_id: str | None
    at: datetime

    def other(self, concern_id: str) -> str:
        return self.b_id if concern_id == self.a_id else self.a_id


async def relate(conn: Conn, one: str, two: str, by_id: str, at: datetime) -> bool:
    """Hold two concerns to be related; False when they are already."""
    first, second = sorted((one, two))
    return await _add(conn, Link(first, second, Kind.RELATED, by_id, at))


async def unrelate(conn: Conn, one: str, two: str) -> bool:
    """Take it back; False when they are not related."""
    first, second = sorted((one, two))
    gone = await conn.execute(delete(concern_links).where(_is(first, second, Kind.RELATED)))
    return gone.rowcount > 0


async def propose(conn: Conn, older: str, newer: str, by_id: str, at: datetime) -> bool:
    """Ask whether two are one matter, once for ever; False when that was asked before."""
    asked = select(concern_links.c.a_id).where(
        concern_links.c.a_id == older,
        concern_links.c.b_id == newer,
        concern_links.c.kind != Kind.RELATED,
    )
    if (await conn.execute(asked)).first() is not None:
        return False
    return await _add(conn, Link(older, newer, Kind.PROPOSED, by_id, at))


async def proposed(conn: Conn, limit: int) -> list[Link]:
    """What nobody has looked at yet, the longest waiting first."""
    rows = await conn.execute(
        select(concern_links)
        .where(concern_links.c.kind == Kind.PROPOSED)
        .order_by(concern_links.c.at, concern_links.c.a_id, concern_links.c.b_id)
        .limit(limit)
    )
    return [_link(row) for row in rows]


async def looked_at(conn: Conn, links: Iterable[Link]) -> None:
    """Note that these were looked at, whatever came of it."""
    for one in links:
        await conn.execute(
            update(concern_links)
            .where(_is(one.a_id, one.b_id, Kind.PROPOSED))
            .values(kind=Kind.ASKED)
        )


async def asked_of(conn: Conn, newer: Collection[str]) -> dict[str, list[str]]:
    """The older concerns that each of these may be one with, by its id."""
    found: dict[str, list[str]] = {}
    for some in chunks(newer):
        rows = await conn.execute(
            select(concern_links.c.b_id, concern_links.c.a_id)
            .where(concern_links.c.b_id.in_(some), concern_links.c.kind == Kind.ASKED)
            .order_by(concern_links.c.at, concern_links.c.a_id)
        )
        for row in rows:
            found.setdefault(row.b_id, []).append(row.a_id)
    return found


async def merge(conn: Conn, merged: Mapping[str, str], at: datetime) -> None:
    """Note what people said: each of these (newer) goes on in another (older) of their own. Of
    whoever asked for it, nothing is kept."""
    for newer, older in merged.items():
        await conn.execute(
            update(concern_links)
            .where(_is(older, newer, Kind.ASKED))
            .values(kind=Kind.MERGED, by_id=None, at=at)
        )


async def of_concern(conn: Conn, concern_id: str) -> list[Link]:
    """Every link of a concern, oldest first. Whoever shows them asks first who may read both."""
    rows = await conn.execute(
        select(concern_links)
        .where(or_(concern_links.c.a_id == concern_id, concern_links.c.b_id == concern_id))
        .order_by(concern_links.c.at, concern_links.c.a_id, concern_links.c.b_id)
    )
    return [_link(row) for row in rows]


async def _add(conn: Conn, link: Link) -> bool:
    known = select(concern_links.c.a_id).where(_is(link.a_id, link.b_id, link.kind))
    if (await conn.execute(known)).first() is not None:
        return False
    row = {"a_id": link.a_id, "b_id": link.b_id, "kind": link.kind, "by_id": link.by_id}
    await conn.execute(insert(concern_links), [row | {"at": link.at}])
    return True


def _is(a_id: str, b_id: str, kind: Kind) -> ColumnElement[bool]:
    return and_(
        concern_links.c.a_id == a_id, concern_links.c.b_id == b_id, concern_links.c.kind == kind
    )


def _link(row: Row[Any]) -> Link:
    return Link(row.a_id, row.b_id, Kind(row.kind), row.by_id, row.at)
