"""Rows of staff as the members that casework speaks of."""

from __future__ import annotations

from collections.abc import Iterable

from bot.casework.model import Member, Membership, Role
from storage.staff import StaffRow


def as_member(row: StaffRow) -> Member:
    memberships = tuple(Membership(team, Role(role)) for team, role in row.memberships)
    return Member(row.id, row.name, memberships, keyed=bool(row.public_key), linked=row.linked)


def working(rows: Iterable[StaffRow]) -> tuple[Member, ...]:
    """Everyone who still works here."""
    return tuple(as_member(row) for row in rows if row.active)
