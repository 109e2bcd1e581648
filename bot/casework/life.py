"""The life of a concern: one decision at a time, from the rows of `promises`.

No clock, no staff list and no words in here: the shell adds who is meant and what staff wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.casework import asking, handing, owning
from bot.casework.dates import Times, due_after_a_miss, explained_by, next_due
from bot.casework.model import (
    INDEPENDENT_TEAM,
    OPEN_STATES,
    Act,
    Concern,
    Decision,
    Due,
    DueKind,
    Event,
    Kind,
    Level,
    NotAllowed,
    Result,
    State,
    TellPerson,
    TellStaff,
)
from bot.casework.promises import (
    ABOUT_DATA,
    AFTER_A_MISS,
    ENGLAND,
    NOBODY_ASKED,
    NOBODY_ASKED_WHILE_PROMISED,
    ON_TIME,
    ON_TIME_WHILE_PROMISED,
    TABLE,
    WHILE_PROMISED,
    Clocks,
    Move,
    clocks_for,
)
from bot.casework.spoken import spoken
from bot.casework.stamps import stamped
from bot.casework.working_days import Calendar

PERSONS_ACTS = frozenset(
    {Act.ADD, Act.SATISFIED, Act.NOT_SATISFIED, Act.WITHDRAW, Act.REOPEN, Act.MERGE}
)
# Asking for a reply in the same breath as the reply would be deaf.
_WAITED_FOR_A_REPLY = frozenset({"push.remind", "push.remind-promised", "push.closed.no-reply"})

Tells = tuple[TellPerson | TellStaff, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What identifies a concern at the moment it is sent."""

    id: str
    reference: str
    team: str
    kind: Kind = Kind.CONCERN


def promised_dates(
    calendar: Calendar, now: datetime, clocks: Clocks = ENGLAND
) -> tuple[date, date]:
    """By when a concern sent now is acknowledged and answered: what a receipt says."""
    times = Times(calendar, clocks, now)
    return times.acknowledge_on(times.today), times.answer_on(times.today)


def open_concern(
    sent: Sent, calendar: Calendar, now: datetime, clocks: Clocks = ENGLAND
) -> Concern:
    """A concern as it is at the moment of sending, with its first dated contact."""
    acknowledge, _ = promised_dates(calendar, now, clocks_for(sent.kind, clocks))
    return Concern(
        id=sent.id,
        reference=sent.reference,
        team=sent.team,
        state=State.SENT,
        level=Level.INDEPENDENT if sent.team == INDEPENDENT_TEAM else Level.TEAM,
        sent_at=now,
        state_since=now,
        due=Due(DueKind.ACKNOWLEDGE, calendar.at_contact_time(acknowledge)),
        kind=sent.kind,
    )


def decide(
    concern: Concern, event: Event, calendar: Calendar, now: datetime, clocks: Clocks = ENGLAND
) -> Decision:
    """What an event makes of a concern, and who is told.

    Dates that passed before `now` are carried out first, each as of its own moment, so that a
    late tick comes to the same as a timely one. An early or second tick changes nothing.

    Raises NotAllowed for what the table does not hold, and for missing or impossible dates.
    """
    times = Times(calendar, clocks_for(concern.kind, clocks), now)
    caught_up = _catch_up(concern, times)
    if event.act is Act.TIME:
        return spoken(caught_up)
    moved = _act(caught_up.concern, event, times)
    before = caught_up.tells
    if event.act in PERSONS_ACTS:
        before = tuple(one for one in before if one.key not in _WAITED_FOR_A_REPLY)
    return spoken(Decision(moved.concern, (*before, *moved.tells)))


def _catch_up(concern: Concern, times: Times) -> Decision:
    tells: Tells = ()
    while concern.due is not None and concern.due.at <= times.now:
        step = _time(concern, concern.due, times.at(concern.due.at))
        tells += step.tells
        concern = step.concern
    return Decision(concern, _latest(tells))


def _latest(tells: Tells) -> Tells:
    """Of the same news several times over, the newest: one late tick is not ten messages."""
    newest: dict[tuple[Level | None, str], TellPerson | TellStaff] = {}
    for one in tells:
        level = one.level if isinstance(one, TellStaff) else None
        kind = (level, one.key.removesuffix(".up").removesuffix(".again"))
        newest.pop(kind, None)
        newest[kind] = one
    return tuple(newest.values())


# ---- time ------------------------------------------------------------------------------------


def _time(concern: Concern, due: Due, times: Times) -> Decision:
    rows = ON_TIME if concern.promised_on is None else {**ON_TIME, **ON_TIME_WHILE_PROMISED}
    move = rows.get(due.kind)
    if move is None:
        decision = _missed(concern, due, times)
    else:
        moved = _moved(concern, move, times)
        decision = Decision(moved, _tells(moved, move, times))
    return _explain_delay(decision, times)


def _missed(concern: Concern, due: Due, times: Times) -> Decision:
    """Tell the person honestly and someone above too, and set the next honest word."""
    changing = due.kind is DueKind.CHANGE
    promised = concern.promised_on if changing else None
    level = Level(min(concern.level + 1, Level.INDEPENDENT))
    state = AFTER_A_MISS.get(concern.state, concern.state)
    after = replace(
        concern,
        state=state,
        state_since=concern.state_since if state is concern.state else times.now,
        level=level,
        missed=concern.missed + 1,
        promised_on=None if changing else concern.promised_on,
    )
    after = replace(after, due=due_after_a_miss(after, times))
    params = _params(after, times) | {"promised": promised or times.today}
    subject = "missed-change" if changing else "missed"
    how = "up" if level > concern.level else "again"
    tells: Tells = (
        TellPerson(f"push.{subject}.{how}", params),
        TellStaff(level, f"staff.{subject}", params),
    )
    if after.missed % 2 == 0:
        tells += (TellPerson(times.clocks.ways, {"reference": after.reference}),)
    return Decision(after, tells)


def _explain_delay(decision: Decision, times: Times) -> Decision:
    """At six months the person is told in writing, and senior staff that they owe the reason."""
    concern = decision.concern
    limit = explained_by(concern, times)
    if limit is None or times.today < times.calendar.contact_on(limit, after=date.min):
        return decision
    params = _params(concern, times)
    return Decision(
        replace(concern, six_months_told=True),
        (
            *decision.tells,
            TellPerson("push.six-months", params),
            TellStaff(Level.SENIOR, "staff.six-months", params),
        ),
    )


# ---- what people do --------------------------------------------------------------------------


def _act(concern: Concern, event: Event, times: Times) -> Decision:
    move = TABLE.get((concern.state, event.act))
    if move is None or (concern.forgotten and event.act is Act.ANSWER):
        raise NotAllowed(f"{event.act} cannot happen to a concern that is {concern.state}")
    _check(event, times)
    asking.check(concern, event, times.now)
    if concern.promised_on is not None:
        move = WHILE_PROMISED.get((concern.state, event.act), move)
    move = _instead(concern, event).get((concern.state, event.act), move)
    move = owning.row(concern, event, move, times.now)
    before = concern
    if event.act is Act.RECORD_OUTCOME:
        promised = event.by_date if event.result is Result.WILL_CHANGE else None
        before = replace(concern, promised_on=promised)
    if event.act is Act.RECORD_OUTCOME and event.level is not None:
        # Whoever answered is not who looks at it again: "not really" goes above them.
        before = replace(before, level=max(before.level, event.level))
    before = handing.handed(before, event, times.now)
    moved = stamped(concern, _moved(before, move, times, event), event, times.now)
    moved = owning.owned(concern, moved, event, times.now)
    tells = asking.told(concern, event, _tells(moved, move, times, event), times)
    return Decision(moved, tells + handing.told(concern, moved, event, _params(moved, times)))


def _instead(concern: Concern, event: Event) -> Mapping[tuple[State, Act], Move]:
    """The rows that count in place of the table's, for what nobody is asked about."""
    about_data = concern.kind is Kind.DATA_COMPLAINT
    if not (about_data or concern.forgotten):
        return {}
    later = event.result is Result.WILL_CHANGE
    rows = NOBODY_ASKED_WHILE_PROMISED if later else NOBODY_ASKED
    return {**rows, **ABOUT_DATA} if about_data else rows


def _check(event: Event, times: Times) -> None:
    """Raises NotAllowed for an outcome without a result and for dates that cannot be kept."""
    if event.act is Act.RECORD_OUTCOME and event.result is None:
        raise NotAllowed("an outcome says whether something changed")
    promises = event.act is Act.RECORD_OUTCOME and event.result is Result.WILL_CHANGE
    if event.by_date is None:
        if promises or event.act is Act.PAUSE:
            raise NotAllowed("this needs a date")
        return
    if promises and not times.calendar.is_working_day(event.by_date):
        # Word comes on working days only: it would own up to a missed change before its day.
        raise NotAllowed("a change is promised by a working day")
    longest = times.clocks.longest_promise_days if promises else times.clocks.longest_wait_days
    if not times.today < event.by_date <= times.today + timedelta(days=longest):
        raise NotAllowed(f"the date must be after today and within {longest} days")


def _moved(concern: Concern, move: Move, times: Times, event: Event | None = None) -> Concern:
    again = event is not None and event.act is Act.RECORD_OUTCOME
    changed = again or move.to is not concern.state
    after = replace(
        concern,
        state=move.to,
        state_since=times.now if changed else concern.state_since,
        level=Level(min(concern.level + move.up, Level.INDEPENDENT)),
        owner_id=None if move.up else concern.owner_id,
    )
    if move.to not in OPEN_STATES:
        return replace(after, due=None, promised_on=None)
    return replace(after, due=next_due(concern, after, move.next, times, event))


# ---- words -----------------------------------------------------------------------------------


def _params(concern: Concern, times: Times) -> dict[str, str | date]:
    params: dict[str, str | date] = {"reference": concern.reference}
    if concern.due is not None:
        params["date"] = times.day_of(concern.due)
    if concern.promised_on is not None:
        params["promised"] = concern.promised_on
    return params


def _tells(concern: Concern, move: Move, times: Times, event: Event | None = None) -> Tells:
    params = _params(concern, times)
    tells: Tells = ()
    if move.tell is not None:
        key = move.tell
        if event is not None and event.act is Act.RECORD_OUTCOME and event.result is not None:
            key = f"{key}.{event.result}"
        tells += (TellPerson(key, params, move.ask),)
    if move.staff is not None:
        tells += (TellStaff(move.staff_level or concern.level, move.staff, params),)
    return tells
