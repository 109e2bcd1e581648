"""Letting somebody in: a row without keys, and a link by which they make their own once.

Whoever hands the link over can use it first, so it is shown once and works once, and the audit
says who made it. It is not sent by e-mail: mail is read by servers and by whoever reads them.
"""

from __future__ import annotations

import secrets as chance
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.casework.model import ORGANISATION_ROLES, Member, Membership, Role
from storage import audit, invites, staff
from storage.engine import Store
from storage.errors import NameTaken
from storage.invites import Invite
from storage.secrets import Secrets
from storage.staff import Memberships, StaffKeys, StaffRow

LASTS: Final = timedelta(hours=72)
JOIN: Final = "/join/"


class NotYours(Exception):
    """This member may not let this person in. The same again never works."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What the inviter hands over, once."""

    name: str
    token: str = field(repr=False)
    expires_at: datetime
    anew: bool  # they were invited before, and the older link is void


def link(console_url: str, token: str) -> str:
    return console_url.rstrip("/") + JOIN + token


def may_let_in(by: Member, memberships: tuple[Membership, ...]) -> bool:
    """Whether a member may invite somebody to these roles: a senior to any, a lead to read and
    answer in a team that they lead."""
    if any(one.role is Role.SENIOR for one in by.memberships):
        return bool(memberships)
    led = {one.team for one in by.memberships if one.role is Role.LEAD}
    return bool(memberships) and all(
        one.role in {Role.READER, Role.ANSWERER} and one.team in led for one in memberships
    )


def may_reset(by: Member, other: Member) -> bool:
    """Whether a member may take away another's second factor: a senior anybody's, a lead that of
    somebody in a team that they lead who works for no more than teams. Never one's own."""
    if by.id == other.id:
        return False
    if any(one.role is Role.SENIOR for one in by.memberships):
        return True
    led = {one.team for one in by.memberships if one.role is Role.LEAD}
    wide = any(one.role in ORGANISATION_ROLES for one in other.memberships)
    return not wide and any(one.team in led for one in other.memberships)


@dataclass(frozen=True, slots=True)
class Inviting:
    """Each is one transaction, with its line in the audit."""

    store: Store
    keys: Secrets

    async def invite(
        self, name: str, memberships: Memberships, by: Member | None, now: datetime
    ) -> Invited:
        """Invite somebody to these teams and roles; `by` is None on the server's command line.

        Who was invited before and has not come is invited anew. Raises NotYours, and NameTaken for
        the name of somebody who has keys already or who left.
        """
        if by is not None and not may_let_in(by, _as_roles(memberships)):
            raise NotYours
        token, maker, expires = chance.token_urlsafe(32), by.id if by else None, now + LASTS
        async with self.store.write() as conn:
            known = await staff.by_name(conn, self.keys, name)
            if known is None:
                row = StaffRow(chance.token_hex(16), name, b"", b"", True, False, memberships)
                await staff.add_with_keys(conn, self.keys, row, now)
            else:
                row = known
                if row.public_key or not row.active:
                    raise NameTaken(f"There is a member of staff called {name} already.")
                if by is not None and not may_let_in(by, _as_roles(row.memberships)):
                    raise NotYours
                await staff.set_memberships(conn, row.id, memberships)
            await invites.add(conn, token, Invite(row.id, maker, now, expires))
            await audit.note(conn, now, maker, "invited", None, f"of:{row.id}")
        return Invited(staff.spelled(name), token, expires, known is not None)

    async def invited(self, token: str, now: datetime) -> tuple[Invite, StaffRow] | None:
        """Whom a link is for, without using it up; None for one that does not work (any more)."""
        async with self.store.read() as conn:
            found = await invites.find(conn, token, now)
            everyone = await staff.everyone(conn, self.keys) if found else []
        for row in everyone:
            if found and row.id == found.staff_id and row.active and not row.public_key:
                return found, row
        return None

    async def waiting(self, by: Member, now: datetime) -> list[tuple[Invite, StaffRow]]:
        """Links that still work, of those people whom this member may let in."""
        async with self.store.read() as conn:
            found = await invites.waiting(conn, now)
            rows = {row.id: row for row in await staff.everyone(conn, self.keys)}
        pairs = [(one, rows[one.staff_id]) for one in found]
        return [pair for pair in pairs if may_let_in(by, _as_roles(pair[1].memberships))]

    async def join(self, token: str, keys: StaffKeys, now: datetime) -> bool:
        """Use a link up: its person has these keys from now on. False when it does not work."""
        async with self.store.write() as conn:
            found = await invites.use(conn, token, now)
            if found is None or not await staff.join(conn, found.staff_id, keys):
                return False
            await audit.note(conn, now, found.staff_id, "joined", None)
        return True

    async def end(self, staff_id: str, by: Member, now: datetime) -> None:
        """End the link of somebody who has not come."""
        async with self.store.write() as conn:
            await invites.void(conn, staff_id)
            await audit.note(conn, now, by.id, "invitation-ended", None, f"of:{staff_id}")


def _as_roles(memberships: Memberships) -> tuple[Membership, ...]:
    return tuple(Membership(team, Role(role)) for team, role in memberships)
