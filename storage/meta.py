"""Facts about the database as a whole, by name."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from storage.connection import Conn
from storage.schema import meta

SENDS_MAIL = "sends_mail"  # there while the newest start had a mail server
RECOVERY_PUBLIC = "recovery_public"  # the public half of the recovery key this database is for


async def get(conn: Conn, key: str) -> bytes | None:
    """The value of a fact, or None."""
    found = await conn.execute(select(meta.c.value).where(meta.c.key == key))
    value: bytes | None = found.scalar()
    return value


async def drop(conn: Conn, key: str) -> None:
    """Forget a fact; fine if there was none."""
    await conn.execute(delete(meta).where(meta.c.key == key))


async def put(conn: Conn, key: str, value: bytes) -> None:
    """Set a fact, whether or not it was there."""
    await conn.execute(delete(meta).where(meta.c.key == key))
    await conn.execute(insert(meta).values(key=key, value=value))
