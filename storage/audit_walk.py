"""Walking the audit line by line: what is wrong first, if anything is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, text

from storage.audit_chain import GENESIS, Line, link
from storage.audit_key import in_groups
from storage.columns import EPOCH
from storage.connection import Conn

AT_ONCE: Final = 2_000
# As it is stored, without our own types: whatever somebody wrote into a column is looked at.
_SOME: Final = text(
    "SELECT id, at, staff_id, action, concern_id, detail, hash FROM audit "
    "WHERE id > :after ORDER BY id LIMIT :most"
)
_FIRST: Final = text("SELECT min(id) AS first FROM audit")


@dataclass(frozen=True, slots=True)
class Walk:
    """How far the chain was followed: the last line, its hash and its time (microseconds).
    `sought`: the line whose hash was looked for, once it was found."""

    line: int = 0
    hash: bytes = GENESIS
    at: int = 0
    sought: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """The first line that is wrong, and in what way."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Signed:
    """What must be at some lines: the hash of each (as it is printed) and who says so. `sought`
    must be at one of them, nobody says which."""

    hashes: Mapping[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    sought: str = ""

    def contradicted(self, line: int, hash_: bytes) -> str | None:
        """Who says otherwise of the chain at this line."""
        said = self.hashes.get(line, ())
        return next((who for one, who in said if one != in_groups(hash_)), None)


async def walked(
    conn: Conn, walk: Walk, signed: Signed | None = None
) -> AsyncIterator[Walk | Fault]:
    """Follow the chain from where `walk` is, telling how far it came after every few lines; after a
    Fault nothing more comes."""
    signed = signed or Signed()
    if walk.line == 0:
        first = (await conn.execute(_FIRST)).scalar()
        if first is not None and first < 1:
            yield Fault(first, f"There is a line {first:,} before the first.")
            return
    while True:
        rows = (await conn.execute(_SOME, {"after": walk.line, "most": AT_ONCE})).all()
        for row in rows:
            wrong = _wrong(row, walk)
            if wrong is not None:
                yield wrong
                return
            here = bool(signed.sought) and in_groups(row.hash) == signed.sought
            walk = Walk(row.id, row.hash, row.at, row.id if here else walk.sought)
            who = signed.contradicted(walk.line, walk.hash)
            if who is not None:
                yield Fault(
                    walk.line,
                    f"Line {walk.line:,} is not the one {who}: it, or a line before it, was "
                    "written anew.",
                )
                return
        yield walk
        if len(rows) < AT_ONCE:
            return


def _wrong(row: Row[Any], walk: Walk) -> Fault | None:
    expected = walk.line + 1
    if row.id != expected:
        return Fault(expected, f"Line {expected:,} is missing.")
    number = f"Line {expected:,}"
    if not _readable(row):
        return Fault(expected, f"{number} was changed: it holds what Heard never writes.")
    if row.at < walk.at:
        return Fault(expected, f"{number} is dated before the line before it.")
    at = EPOCH + timedelta(microseconds=row.at)
    line = Line(at, row.staff_id, row.action, row.concern_id, row.detail)
    if link(walk.hash, line) != row.hash:
        return Fault(
            expected,
            f"{number} does not follow from the one before it: it was changed, moved or put in, or "
            "the line before it was taken away.",
        )
    return None


def _readable(row: Row[Any]) -> bool:
    texts = (row.action, row.detail)
    perhaps = (row.staff_id, row.concern_id)
    return (
        isinstance(row.at, int)
        and 0 <= row.at < _FARTHEST
        and isinstance(row.hash, bytes)
        and all(isinstance(one, str) for one in texts)
        and all(one is None or isinstance(one, str) for one in perhaps)
    )


_FARTHEST: Final = 2**57  # microseconds: the year 6537, before which every datetime can be made
