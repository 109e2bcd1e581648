"""Rows of staff as the members that casework speaks of."""

from __future__ import annotations

from collections.abc import Iterable

from bot.casework.model import Member, Membership, Role
from storage import outbox_rows
from storage.staff import StaffRow


def as_member(row: StaffRow) -> Member:
    memberships = tuple(Membership(team, Role(role)) for team, role in row.memberships)
    keyed = bool(row.public_key)
    return Member(row.id, row.name, memberships, keyed=keyed, linked=row.linked, mailed=row.mailed)


def line_of(member: Member) -> str:
    """Whom a message to this member is put down for in the outbox: their chat or, for those who
    have none, their e-mail address. The one place that chooses."""
    return f"{outbox_rows.MEMBER if member.linked else outbox_rows.MAILED}{member.id}"


def working(rows: Iterable[StaffRow]) -> tuple[Member, ...]:
    """Everyone who still works here."""
    return tuple(as_member(row) for row in rows if row.active)
