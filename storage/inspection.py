"""Whether a database is whole and what it runs on, for the people who look after it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from storage.connection import Conn

# Until then two connections that write or checkpoint at once could corrupt the write-ahead log
# (https://sqlite.org/wal.html, "The WAL-Reset Bug").
_WAL_MENDED: Final = (3, 51, 3)
_SHOWN: Final = 5


async def problems(conn: Conn) -> list[str]:
    """What the engine finds wrong in its own file; empty is good. Reads all of it on SQLite."""
    if conn.dialect.name != "sqlite":
        return []  # PostgreSQL checks its pages itself
    found = list((await conn.execute(text(f"PRAGMA integrity_check({_SHOWN})"))).scalars())
    broken = [] if found == ["ok"] else [f"SQLite reports damage: {line}" for line in found]
    orphans = (await conn.execute(text("PRAGMA foreign_key_check"))).fetchall()
    if orphans:
        broken.append(f"{len(orphans)} rows belong to rows that are gone")
    return broken


async def engine(conn: Conn) -> str:
    """The engine and its version, with what an operator should know about it."""
    if conn.dialect.name != "sqlite":
        return f"PostgreSQL {(await conn.execute(text('SHOW server_version'))).scalar()}"
    version = str((await conn.execute(text("SELECT sqlite_version()"))).scalar())
    if tuple(int(part) for part in version.split(".")) >= _WAL_MENDED:
        return f"SQLite {version}"
    return (
        f"SQLite {version}: its known fault with two writers, mended in 3.51.3, cannot happen "
        "here, because only one connection writes"
    )
