"""A ward, its people and its calendar, for the tests of casework."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.casework.life import Sent, decide, open_concern
from bot.casework.model import (
    Act,
    Concern,
    Decision,
    Event,
    Level,
    Member,
    Membership,
    Result,
    Role,
    State,
    TellPerson,
    TellStaff,
)
from bot.casework.working_days import Calendar
from bot.turns.house import SHELL_KEYS
from config.calendar import bank_holidays
from config.wording import Wording

LONDON = ZoneInfo("Europe/London")
CALENDAR = Calendar("Europe/London", bank_holidays("england", 2026))


def at(day: str, hour: int = 10, minute: int = 0) -> datetime:
    """A London wall-clock time as UTC."""
    local = datetime.combine(date.fromisoformat(day), datetime.min.time(), LONDON)
    return local.replace(hour=hour, minute=minute).astimezone(UTC)


def sent(day: str = "2026-03-02", hour: int = 10, team: str = "elm") -> Concern:
    """A concern sent at that time; 2 March 2026 is a Monday."""
    return open_concern(Sent("c1", "H-7K3P-0000", team), CALENDAR, at(day, hour))


def happen(concern: Concern, act: Act, now: datetime, **more: object) -> Decision:
    return decide(concern, Event(act, **more), CALENDAR, now)


def walk(concern: Concern, *steps: tuple[str, Act, dict[str, object]]) -> Concern:
    for day, act, more in steps:
        concern = happen(concern, act, at(day), **more).concern
    return concern


def to_person(decision: Decision) -> list[str]:
    return [one.key for one in decision.tells if isinstance(one, TellPerson)]


def to_staff(decision: Decision) -> list[tuple[Level, str]]:
    return [(one.level, one.key) for one in decision.tells if isinstance(one, TellStaff)]


def due_day(concern: Concern) -> str:
    assert concern.due is not None
    return CALENDAR.local_date(concern.due.at).isoformat()


def in_state(state: State) -> Concern:
    """A concern sent on Monday 2 March 2026 that is in this state on Tuesday 3 March."""
    fresh = sent()
    acknowledged = ("2026-03-03", Act.ACKNOWLEDGE, {"by": "priya"})
    outcome = ("2026-03-03", Act.RECORD_OUTCOME, {"by": "priya", "result": Result.NOT_CHANGED})
    change = {"result": Result.WILL_CHANGE, "by_date": date(2026, 5, 29)}
    ways: dict[State, Iterable[tuple[str, Act, dict[str, object]]]] = {
        State.SENT: (),
        State.ACKNOWLEDGED: (acknowledged,),
        State.LOOKING: (acknowledged, ("2026-03-03", Act.LOOK_INTO, {"by": "priya"})),
        State.OUTCOME: (outcome,),
        State.PROMISED: (
            ("2026-03-03", Act.RECORD_OUTCOME, change),
            ("2026-03-03", Act.SATISFIED, {}),
        ),
        State.PAUSED: (acknowledged, ("2026-03-03", Act.PAUSE, {"by_date": date(2026, 3, 20)})),
        State.REOPENED: (outcome, ("2026-03-03", Act.NOT_SATISFIED, {})),
        State.CLOSED: (outcome, ("2026-03-03", Act.SATISFIED, {})),
        State.WITHDRAWN: (("2026-03-03", Act.WITHDRAW, {}),),
    }
    return walk(fresh, *ways[state])


def event_for(act: Act, today: date, result: Result = Result.CHANGED) -> Event:
    """An event of this kind with all that it needs."""
    soon = CALENDAR.contact_on(date.fromordinal(today.toordinal() + 10), after=today)
    outcome: dict[str, object] = {"result": result}
    if result is Result.WILL_CHANGE:
        outcome["by_date"] = soon
    needs: dict[Act, dict[str, object]] = {
        Act.RECORD_OUTCOME: outcome,
        Act.PAUSE: {"by_date": soon},
        Act.HAND_ON: {"team": "oak"},
        Act.MERGE: {"into": replace(sent("2026-02-26"), id="c0", reference="H-7K3P-1111")},
    }
    return Event(act, by="priya", **needs.get(act, {}))


def member(id_: str, name: str, team: str, role: Role = Role.ANSWERER, **more: bool) -> Member:
    return Member(id_, name, (Membership(team, role),), **more)


STAFF = (
    member("priya", "Priya Sharma", "elm"),
    member("sam-j", "Sam Jones", "elm"),
    member("sam-o", "Samantha O'Brien", "elm", Role.READER),
    member("steve", "Stephen Ade", "elm", Role.LEAD),
    member("zoe", "Zoë Müller-Smith", "oak"),
    member("ward", "John Ward", "oak", Role.LEAD),
    member("gupta", "Dr Anil Gupta", "*", Role.SENIOR),
    member("duty", "Mo Farouk", "*", Role.ON_DUTY),
    member("liz", "Elizabeth Knight", "*", Role.INDEPENDENT),
    member("ruth", "Ruth Bello", "*", Role.INDEPENDENT),
)


def own_wording() -> Wording:
    """The sentences that are casework's by their names, and no others."""
    whole = Wording.load()
    ours = {
        key: sentence
        for key, sentence in whole.sentences.items()
        if key.startswith(("push.", "digest.", "staff.")) and key not in SHELL_KEYS
    }
    return replace(whole, sentences=ours)
