"""The order of work: which concerns need someone now, which wait for us and which for them.

`storage/inbox.py` finds and counts them by the same rules; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.model import OPEN_STATES, Concern, DueKind, State
from storage.inbox import Rules

PAGE_SIZE: Final = 25
WAITING_FOR_THEM: Final = frozenset({State.OUTCOME})
RULES: Final = Rules(
    open=frozenset(map(str, OPEN_STATES)),
    theirs=frozenset(map(str, WAITING_FOR_THEM)),
    new=State.SENT,
    again=State.REOPENED,
    chased=DueKind.UPDATE,
)


class Tab(StrEnum):
    """The lists of the first page, as they stand in its address and in their order."""

    NOW = "now"
    URGENT = "urgent"
    MINE = "mine"
    NEW = "new"
    OVERDUE = "overdue"
    US = "us"
    THEM = "them"
    CLOSED = "closed"


class Need(IntEnum):
    """Why a concern stands where it stands in a list; the smallest first. Nothing here is worked
    out from words: URGENT is the person's own statement, all others are dates and states."""

    URGENT = 0  # they said that someone is in danger, and nobody has acknowledged it since
    OVERDUE = 1
    TODAY = 2
    AGAIN = 3  # opened again, and nobody has acted since
    NEW = 4
    LATER = 5
    NOTHING = 6


NEEDS: Final = {
    Need.URGENT: "Urgent",
    Need.OVERDUE: "Overdue",
    Need.TODAY: "Due today",
    Need.AGAIN: "Open again",
    Need.NEW: "New",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know beside the concern: the moment, the zone of its team, and whether
    danger was said after it was acknowledged and nobody has seen that alarm."""

    now: datetime
    zone: ZoneInfo
    unseen: bool = False


def is_urgent(concern: Concern, facts: Facts) -> bool:
    unread = concern.acknowledged_at is None or facts.unseen
    return concern.in_danger and concern.state in OPEN_STATES and unread


def is_late(concern: Concern, now: datetime) -> bool:
    """A missed date stays missed until someone acts: the next one that the clock sets ("no news
    yet") does not make it early again."""
    if not _is_working(concern):
        return False
    chased = concern.due is not None and concern.due.kind is DueKind.UPDATE
    missed = concern.missed > 0 and (chased or concern.state is State.SENT)
    return missed or (concern.due is not None and concern.due.at <= now)


def need(concern: Concern, facts: Facts) -> Need:
    """What a concern asks of staff now. A question to the person stops no clock."""
    if is_urgent(concern, facts):
        return Need.URGENT
    if not _is_working(concern):
        return Need.NOTHING
    if is_late(concern, facts.now):
        return Need.OVERDUE
    today = facts.now.astimezone(facts.zone).date()
    if concern.due is not None and concern.due.at.astimezone(facts.zone).date() <= today:
        return Need.TODAY
    if concern.state is State.REOPENED:
        return Need.AGAIN if concern.asked_at is None else Need.LATER
    return Need.NEW if concern.state is State.SENT else Need.LATER


def tabs_of(concern: Concern, reader_id: str, facts: Facts) -> frozenset[Tab]:
    """The lists that a concern stands in. A copy that is owed is to be sent by staff, whatever the
    concern itself waits for."""
    pressing = concern.data_due is not None or need(concern, facts) <= Need.NEW
    asked, still_open = concern.asked_at is not None, concern.state in OPEN_STATES
    theirs = concern.state in WAITING_FOR_THEM or asked
    held = {
        Tab.NOW: pressing,
        Tab.URGENT: is_urgent(concern, facts),
        Tab.MINE: still_open and concern.owner_id == reader_id,
        Tab.NEW: concern.state is State.SENT,
        Tab.OVERDUE: is_late(concern, facts.now),
        Tab.US: pressing or (_is_working(concern) and not asked),
        Tab.THEM: still_open and theirs,
        Tab.CLOSED: not still_open,
    }
    return frozenset(tab for tab, holds in held.items() if holds)


def _is_working(concern: Concern) -> bool:
    return concern.state in OPEN_STATES and concern.state not in WAITING_FOR_THEM
