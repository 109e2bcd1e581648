"""One-time links by which somebody sets their passphrase. A token has 256 random bits, so that a
bare hash of it gives nothing away; nothing else of it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from storage.connection import Conn
from storage.schema import invites
from storage.sealing import context


@dataclass(frozen=True, slots=True)
class Invite:
    """A link that works until `expires_at`. `made_by` is None for the server's command line."""

    staff_id: str
    made_by: str | None
    made_at: datetime
    expires_at: datetime


async def add(conn: Conn, token: str, invite: Invite) -> None:
    """Keep an invitation; every older one of the same person is void."""
    await void(conn, invite.staff_id)
    await conn.execute(
        insert(invites).values(
            tag=_tag(token),
            staff_id=invite.staff_id,
            made_by=invite.made_by,
            made_at=invite.made_at,
            expires_at=invite.expires_at,
        )
    )


async def find(conn: Conn, token: str, now: datetime) -> Invite | None:
    """The invitation of a token, unless it is wrong, used or too old."""
    found = (await conn.execute(select(invites).where(_good(token, now)))).first()
    return None if found is None else _invite(found)


async def use(conn: Conn, token: str, now: datetime) -> Invite | None:
    """As `find`, and it is used from now on: of two at the same moment, one gets None."""
    found = await conn.execute(
        update(invites).where(_good(token, now)).values(used_at=now).returning(invites)
    )
    row = found.first()
    return None if row is None else _invite(row)


async def waiting(conn: Conn, now: datetime) -> Sequence[Invite]:
    """Invitations that still work, the oldest first."""
    rows = await conn.execute(
        select(invites)
        .where(invites.c.used_at.is_(None), invites.c.expires_at > now)
        .order_by(invites.c.made_at, invites.c.staff_id)
    )
    return [_invite(row) for row in rows]


async def void(conn: Conn, staff_id: str) -> None:
    """End the invitations of a person that were not used."""
    await conn.execute(
        delete(invites).where(invites.c.staff_id == staff_id, invites.c.used_at.is_(None))
    )


def _good(token: str, now: datetime) -> ColumnElement[bool]:
    return (
        (invites.c.tag == _tag(token)) & invites.c.used_at.is_(None) & (invites.c.expires_at > now)
    )


def _invite(row: Row[Any]) -> Invite:
    return Invite(row.staff_id, row.made_by, row.made_at, row.expires_at)


def _tag(token: str) -> bytes:
    return hashlib.sha256(context("invites", "token", token)).digest()
