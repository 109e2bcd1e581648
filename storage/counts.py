"""How often each question was shown, answered, skipped or left: numbers by day and team, no ids.

Nothing here leads to a row of another table. Whoever prints these numbers hides the small ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.connection import Conn
from storage.schema import counts

Cell = tuple[str, str, str]  # team, question, what


@dataclass(frozen=True, slots=True)
class Sum:
    """One team's number for one question and one thing that happened there, over a period."""

    team: str
    question: str
    what: str
    n: int


async def add(conn: Conn, day: date, happened: Mapping[Cell, int]) -> None:
    """Add to a day's numbers, with one statement. Inside the transaction of what was counted."""
    rows: list[dict[str, Any]] = [
        {"day": day.isoformat(), "team": team, "question": question, "what": what, "n": n}
        # Always in the same order, so that two processes cannot wait for each other.
        for (team, question, what), n in sorted(happened.items())
    ]
    if rows:
        given = (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(counts)
        more = {"n": counts.c.n + given.excluded.n}
        await conn.execute(
            given.on_conflict_do_update(index_elements=list(counts.primary_key), set_=more), rows
        )


async def sums(conn: Conn, first: date, last: date) -> list[Sum]:
    """What was counted from one day to another, both included."""
    found = await conn.execute(
        select(counts.c.team, counts.c.question, counts.c.what, func.sum(counts.c.n).label("n"))
        .where(counts.c.day.between(first.isoformat(), last.isoformat()))
        .group_by(counts.c.team, counts.c.question, counts.c.what)
        .order_by(counts.c.team, counts.c.question, counts.c.what)
    )
    return [Sum(row.team, row.question, row.what, int(row.n)) for row in found]
