"""Second factors of staff, each sealed to its member's own key: a stolen database, even with every
file beside it, shows neither the secret nor which codes were used."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, insert, select

from storage import one_time_codes
from storage.connection import Conn
from storage.errors import BadRow, DamagedRow
from storage.schema import second_factors, staff
from storage.sealing import SealError, context, open_with, pad, seal_to, unpad


@dataclass(frozen=True, slots=True)
class Factor:
    """A secret shared with a phone, the newest time step that was used, and what is kept of the
    recovery codes that are left."""

    secret: bytes = field(repr=False)
    step: int
    recovery: tuple[bytes, ...] = field(repr=False)

    def with_codes(self, staff_id: str, codes: tuple[str, ...]) -> Factor:
        """The same phone with these recovery codes; older ones are void."""
        kept = tuple(one_time_codes.recovery_hash(staff_id, code) for code in codes)
        return replace(self, recovery=kept)

    def after_phone(self, code: str, at: float) -> Factor | None:
        """As it is once this code of the phone was used; None for a code that is wrong or used."""
        step = one_time_codes.step_of(self.secret, code, at, self.step)
        return None if step is None else replace(self, step=step)

    def after_paper(self, staff_id: str, code: str) -> Factor | None:
        """As it is once this recovery code was used; None for one that is wrong or used."""
        used = one_time_codes.recovery_hash(staff_id, code)
        if used not in self.recovery:
            return None
        return replace(self, recovery=tuple(one for one in self.recovery if one != used))


async def load(conn: Conn, staff_id: str, private: bytes, to_change: bool = False) -> Factor | None:
    """A member's factor, or None. Raises DamagedRow when it does not open.

    `to_change`: nobody else changes it until the transaction ends, so that a code is used once.
    """
    query = select(second_factors.c.body).where(second_factors.c.staff_id == staff_id)
    if to_change:  # on PostgreSQL; SQLite has one writer anyway
        query = query.with_for_update()
    body = (await conn.execute(query)).scalar()
    if body is None:
        return None
    try:
        kept = json.loads(unpad(open_with(private, body, _info(staff_id))))
    except SealError:
        raise DamagedRow("a second factor does not open") from None
    return Factor(
        bytes.fromhex(kept["secret"]),
        kept["step"],
        tuple(bytes.fromhex(one) for one in kept["recovery"]),
    )


async def save(conn: Conn, staff_id: str, factor: Factor, now: datetime) -> None:
    """Keep a member's factor in place of an older one. Raises BadRow for whoever has no key."""
    found = await conn.execute(select(staff.c.public_key).where(staff.c.id == staff_id))
    public = found.scalar()
    if not public:
        raise BadRow("a second factor is kept for someone who has no key")
    kept = {
        "secret": factor.secret.hex(),
        "step": factor.step,
        "recovery": [one.hex() for one in factor.recovery],
    }
    body = seal_to(public, pad(json.dumps(kept).encode()), _info(staff_id))
    await remove(conn, staff_id)
    await conn.execute(insert(second_factors).values(staff_id=staff_id, body=body, updated_at=now))


async def remove(conn: Conn, staff_id: str) -> bool:
    """Forget a member's factor; whether there was one."""
    gone = await conn.execute(delete(second_factors).where(second_factors.c.staff_id == staff_id))
    return bool(gone.rowcount)


async def having(conn: Conn) -> frozenset[str]:
    """Who has one."""
    return frozenset((await conn.execute(select(second_factors.c.staff_id))).scalars())


async def exists(conn: Conn, staff_id: str) -> bool:
    """Whether this member has one."""
    found = await conn.execute(
        select(second_factors.c.staff_id).where(second_factors.c.staff_id == staff_id)
    )
    return found.first() is not None


def _info(staff_id: str) -> bytes:
    return context("second_factors", "body", staff_id)
