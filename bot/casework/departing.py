"""Who may end whose access. It is the most that one member of staff can do to another, so that it
is nobody's to do to themselves, nor a lead's to do outside their own team."""

from __future__ import annotations

from bot.casework.access import Duty, may_do
from bot.casework.model import ORGANISATION_ROLES, Member, Role


def may_end(by: Member, whom: Member) -> bool:
    """A senior ends anybody's access, a lead that of those who work in no team but their own."""
    if by.id == whom.id or not may_do(by, Duty.END_ACCESS):
        return False
    if any(one.role is Role.SENIOR for one in by.memberships):
        return True
    led = {one.team for one in by.memberships if one.role is Role.LEAD}
    return bool(whom.memberships) and all(
        one.team in led and one.role not in ORGANISATION_ROLES for one in whom.memberships
    )
