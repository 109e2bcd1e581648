"""The order of work: which concerns need someone now, which wait for us and which for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.model import Concern, DueKind, State

PAGE_SIZE: Final = 25
WAITING_FOR_THEM: Final = frozenset({State.OUTCOME})
ENDED: Final = frozenset({State.CLOSED, State.WITHDRAWN})

ZoneOf = Callable[[str], ZoneInfo]  # a team's id to its time zone


class Tab(StrEnum):
    """The lists of the first page, as they stand in its address."""

    NOW = "now"
    US = "us"
    THEM = "them"
    CLOSED = "closed"


class Need(IntEnum):
    """Why a concern stands where it stands in a list; the smallest first."""

    OVERDUE = 0
    TODAY = 1
    AGAIN = 2  # opened again, and nobody has acted since
    NEW = 3
    LATER = 4
    NOTHING = 5


NEEDS: Final = {
    Need.OVERDUE: "Overdue",
    Need.TODAY: "Due today",
    Need.AGAIN: "Open again",
    Need.NEW: "New",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of one list."""

    concerns: Sequence[tuple[Concern, Need]]
    counts: dict[Tab, int]
    page: int
    pages: int


def need(concern: Concern, now: datetime, zone: ZoneInfo) -> Need:
    """What a concern asks of staff now. A missed date stays missed until someone acts: the next one
    that the clock sets ("no news yet") does not make it early again."""
    if concern.state in ENDED or concern.state in WAITING_FOR_THEM:
        return Need.NOTHING
    today = now.astimezone(zone).date()
    due = concern.due.at.astimezone(zone).date() if concern.due else None
    chased = concern.due is not None and concern.due.kind is DueKind.UPDATE
    if concern.missed > 0 and (chased or concern.state is State.SENT):
        return Need.OVERDUE
    if concern.due is not None and concern.due.at <= now:
        return Need.OVERDUE
    if due is not None and due <= today:
        return Need.TODAY
    unseen = {State.SENT: Need.NEW, State.REOPENED: Need.AGAIN}
    return unseen.get(concern.state, Need.LATER)


def tabs_of(concern: Concern, needed: Need) -> frozenset[Tab]:
    """A copy that is owed is to be sent by staff, whatever the concern itself waits for."""
    owed = frozenset() if concern.data_due is None else frozenset({Tab.US, Tab.NOW})
    if concern.state in ENDED:
        return owed | {Tab.CLOSED}
    if concern.state in WAITING_FOR_THEM:
        return owed | {Tab.THEM}
    return owed | ({Tab.US, Tab.NOW} if needed <= Need.NEW else {Tab.US})


def show(concerns: Sequence[Concern], tab: Tab, page: int, now: datetime, zone_of: ZoneOf) -> Shown:
    """Sort, count and cut. A page that does not exist becomes the nearest one that does."""
    needs = [(concern, need(concern, now, zone_of(concern.team))) for concern in concerns]
    counts = dict.fromkeys(Tab, 0)
    chosen = []
    for concern, needed in needs:
        tabs = tabs_of(concern, needed)
        for each in tabs:
            counts[each] += 1
        if tab in tabs:
            chosen.append((concern, needed))
    chosen.sort(key=_closed_order if tab is Tab.CLOSED else _work_order)
    pages = max(1, -(-len(chosen) // PAGE_SIZE))
    page = min(max(1, page), pages)
    return Shown(chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], counts, page, pages)


def _work_order(item: tuple[Concern, Need]) -> tuple[int, float, str]:
    concern, needed = item
    due = concern.due.at.timestamp() if concern.due else float("inf")
    return (int(needed), due, concern.reference)


def _closed_order(item: tuple[Concern, Need]) -> tuple[int, float, str]:
    return (0, -item[0].state_since.timestamp(), item[0].reference)
