"""Updates that our own code could not digest, sealed so that only the recovery key opens them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select

from storage.connection import Conn
from storage.errors import DamagedRow
from storage.schema import quarantine
from storage.sealing import SealError, context, open_with, pad, seal_to, unpad


@dataclass(frozen=True, slots=True)
class SetAside:
    """An update that was set aside; `reason` holds no words of it."""

    id: str
    at: datetime
    reason: str
    body: bytes = field(repr=False)


async def put(  # noqa: PLR0913, PLR0917 - the columns of one row
    conn: Conn, recovery_public: bytes, id: str, at: datetime, reason: str, body: bytes
) -> None:
    """Seal an update away."""
    sealed = seal_to(recovery_public, pad(body), place_of(id))
    await conn.execute(insert(quarantine).values(id=id, at=at, reason=reason, body=sealed))


async def everything(conn: Conn) -> list[SetAside]:
    """All that was set aside, still sealed, the oldest first."""
    rows = await conn.execute(select(quarantine).order_by(quarantine.c.at, quarantine.c.id))
    return [SetAside(row.id, row.at, row.reason, row.body) for row in rows]


def open_body(entry: SetAside, recovery_private: bytes) -> bytes:
    """The bytes of an update. Raises DamagedRow."""
    try:
        return unpad(open_with(recovery_private, entry.body, place_of(entry.id)))
    except SealError:
        raise DamagedRow("an update that was set aside does not open") from None


def place_of(id: str) -> bytes:
    """What an update that was set aside is bound to."""
    return context("quarantine", "body", id)
