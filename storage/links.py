"""Links into the talk, one or more for each team. A code is printed on walls, so it is kept as it
is: it opens nothing, says nothing about its team, and settles no place once it is revoked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import links


@dataclass(frozen=True, slots=True)
class Link:
    """One code, living until `revoked_at`."""

    code: str
    team: str
    made_at: datetime
    revoked_at: datetime | None


async def add(conn: Conn, code: str, team: str, now: datetime) -> None:
    """Keep a new code. Raises StoreConflict for one that was ever given before."""
    await conn.execute(insert(links).values(code=code, team=team, made_at=now))


async def everything(conn: Conn, team: str | None = None) -> list[Link]:
    """All links, or those of one team, the oldest first, revoked ones too."""
    query = select(links).order_by(links.c.made_at, links.c.code)
    if team is not None:
        query = query.where(links.c.team == team)
    return [_link(row) for row in await conn.execute(query)]


async def teams_of(conn: Conn, codes: Iterable[str]) -> dict[str, str]:
    """The team of each of these codes that is living; others are not in it."""
    found = {}
    for some in chunks(codes):
        living = select(links.c.code, links.c.team).where(
            links.c.code.in_(some), links.c.revoked_at.is_(None)
        )
        found.update({row.code: row.team for row in await conn.execute(living)})
    return found


async def revoke(conn: Conn, codes: Iterable[str], now: datetime) -> None:
    """End links for good; one that was revoked before keeps its time."""
    for some in chunks(codes):
        await conn.execute(
            update(links)
            .where(links.c.code.in_(some), links.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )


def _link(row: Row[Any]) -> Link:
    return Link(row.code, row.team, row.made_at, row.revoked_at)
