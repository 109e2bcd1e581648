"""States, dates and ages as staff read them: words for everything the list and the pages show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.model import Concern, DueKind, Level, Result, Role, State

STATES: Final[Mapping[State, str]] = {
    State.SENT: "Nobody has acknowledged it yet",
    State.ACKNOWLEDGED: "Acknowledged",
    State.LOOKING: "Being looked into",
    State.OUTCOME: "Answered: waiting to hear if it helped",
    State.PROMISED: "Answered: a change is promised",
    State.PAUSED: "Paused",
    State.REOPENED: "Open again",
    State.CLOSED: "Closed",
    State.WITHDRAWN: "Taken back by the person",
}
NOT_RECORDED: Final = "Answered: nobody has recorded the change that was promised"
LEVELS: Final[Mapping[Level, str]] = {
    Level.TEAM: "With the team",
    Level.LEAD: "With the team lead",
    Level.SENIOR: "With a senior person above the team",
    Level.INDEPENDENT: "With the independent people outside the team",
}
ROLES: Final[Mapping[Role, str]] = {
    Role.READER: "You can read concerns",
    Role.ANSWERER: "You can read and answer concerns",
    Role.LEAD: "You lead: you answer, and you are told when the team is late",
    Role.SENIOR: "You are told when a lead is late",
    Role.ON_DUTY: "You are told at once when someone is in danger",
    Role.INDEPENDENT: "You read and answer concerns that go outside the team",
}
RESULTS: Final[Mapping[Result, str]] = {
    Result.CHANGED: "Something has changed",
    Result.WILL_CHANGE: "Something will change by a date that I promise",
    Result.NOT_CHANGED: "Nothing has changed, because of a reason I give",
}
# What is owed, when it is not late and when it is. The promise is always to the person.
DUES: Final[Mapping[DueKind, tuple[str, str]]] = {
    DueKind.ACKNOWLEDGE: ("Acknowledge by", "Should have been acknowledged by"),
    DueKind.ANSWER: ("Answer promised by", "Answer was promised by"),
    DueKind.UPDATE: ("News promised by", "News was promised by"),
    DueKind.REMIND: ("We ask again on", "We ask again on"),
    DueKind.CLOSE: ("Closes without a reply on", "Closes without a reply on"),
    DueKind.CHANGE: ("Change promised by", "Change was promised by"),
    DueKind.RESUME: ("Look at it again on", "Was to be looked at again on"),
}
NO_DUE: Final = "Nothing more is due"


def state_words(concern: Concern) -> str:
    """The state, and whether its promise was left behind unrecorded."""
    if concern.state is State.PROMISED and concern.promised_on is None:
        return NOT_RECORDED
    return STATES[concern.state]


def day_and_year(when: date) -> str:
    """A date such as "25 November 2026", for what stays on a page for long."""
    return f"{when.day} {when:%B %Y}"


def day(when: date) -> str:
    """A date such as "Wednesday 25 November", with no locale in it."""
    return f"{when:%A} {when.day} {when:%B}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A time such as "Wednesday 25 November 2026 at 14:05", where the team is."""
    local = at.astimezone(zone)
    return f"{day(local.date())} {local.year} at {local:%H:%M}"


def distance(when: date, today: date) -> str:
    """How far a promised day is: "today", "in 2 days", "2 days late"."""
    days = (when - today).days
    if days == 0:
        return "today"
    if days == 1:
        return "tomorrow"
    return f"in {days} days" if days > 0 else f"{_days(-days)} late"


def age(sent: date, today: date) -> str:
    """How long ago: "today", "yesterday", "5 days ago"."""
    days = (today - sent).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


def due_words(concern: Concern, now: datetime, zone: ZoneInfo) -> str:
    """The next promised contact in words, with how far off it is.

    A promised change is the exception: its day is the one that the person was told.
    """
    if concern.due is None:
        return NO_DUE
    ahead, late = DUES[concern.due.kind]
    when = concern.due.at.astimezone(zone).date()
    if concern.due.kind is DueKind.CHANGE and concern.promised_on is not None:
        when = concern.promised_on
    today = now.astimezone(zone).date()
    label = late if when < today else ahead
    return f"{label} {day(when)}, {distance(when, today)}"


def promised_words(concern: Concern, today: date) -> str:
    """What staff promised to change, by when; empty when they promised nothing."""
    if concern.promised_on is None:
        return ""
    return f"By {day(concern.promised_on)}, {distance(concern.promised_on, today)}"


def missed_words(concern: Concern) -> str:
    """How often the person had to be told "no news yet"; empty when never."""
    if concern.missed <= 0:
        return ""
    times = "once" if concern.missed == 1 else f"{concern.missed} times"
    return f"A promised date was missed {times}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
