"""Nobody waits in silence: staff do nothing, and the person hears of it on every promised day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.casework.life import decide
from bot.casework.model import (
    OPEN_STATES,
    Act,
    Level,
    NotAllowed,
    Result,
    TellPerson,
    TellStaff,
)
from bot.casework.promises import TABLE
from tests.casework.cases import (
    CALENDAR,
    LONDON,
    at,
    due_day,
    event_for,
    happen,
    sent,
    to_person,
    to_staff,
)

DAYS = 200


def silence(concern, every=timedelta(hours=1), days=DAYS):
    """Ticks from sending on, and what came of each that had something to tell."""
    now, told = concern.sent_at, []
    while now < concern.sent_at + timedelta(days=days):
        now += every
        before, decision = concern, happen(concern, Act.TIME, now)
        concern = decision.concern
        if decision.tells:
            told.append((before, now, decision))
    return told


def test_for_200_days_the_person_hears_on_every_promised_day():
    for before, now, decision in silence(sent("2026-02-20", 9)):
        assert CALENDAR.local_date(now).isoformat() == due_day(before)
        assert to_person(decision)[0].startswith("push.missed.")
        assert decision.concern.due.at > now


def test_levels_rise_one_by_one_and_those_at_each_are_told():
    levels = [to_staff(decision)[0] for _, _, decision in silence(sent())]
    assert levels[:4] == [
        (Level.LEAD, "staff.missed"),
        (Level.SENIOR, "staff.missed"),
        (Level.INDEPENDENT, "staff.missed"),
        (Level.INDEPENDENT, "staff.missed"),
    ]


def test_every_second_missed_date_names_ways_round_us():
    for count, (_, _, decision) in enumerate(silence(sent()), 1):
        assert ("push.ways.england" in to_person(decision)) == (count % 2 == 0)


def test_after_the_first_weeks_word_comes_weekly_and_six_months_once():
    told = silence(sent())
    days = [CALENDAR.local_date(now) for _, now, _ in told]
    assert all(day.toordinal() - last.toordinal() <= 8 for last, day in pairwise(days))
    assert sum("push.six-months" in to_person(decision) for _, _, decision in told) == 1


def test_word_never_comes_at_night_on_a_weekend_or_a_bank_holiday():
    for start in ("2026-03-20", "2026-10-16", "2026-12-10"):
        for before, _, _ in silence(sent(start)):
            local = before.due.at.astimezone(LONDON)
            assert (local.hour, local.minute) == (16, 0)
            assert CALENDAR.is_working_day(local.date())


@given(
    start=st.dates(date(2026, 1, 1), date(2027, 6, 30)),
    gaps=st.lists(st.integers(1, 60 * 24 * 40), min_size=1, max_size=12),
)
def test_late_ticks_come_to_the_same_as_timely_ones(start, gaps):
    late, now = sent(start.isoformat()), at(start.isoformat())
    timely = late
    for gap in gaps:
        now += timedelta(minutes=gap)
        late = happen(late, Act.TIME, now).concern
    while timely.due.at <= now:
        timely = happen(timely, Act.TIME, timely.due.at).concern
    assert late == timely


def test_one_late_tick_tells_the_newest_of_each_news_once():
    decision = happen(sent("2026-03-02"), Act.TIME, at("2026-05-04", 16))
    keys = to_person(decision)
    assert sorted(keys) == ["push.missed.again", "push.ways.england"]
    missed = next(one for one in decision.tells if one.key == "push.missed.again")
    assert missed.params["date"] == CALENDAR.local_date(decision.concern.due.at)
    levels = [level for level, _ in to_staff(decision)]
    assert levels == [Level.LEAD, Level.SENIOR, Level.INDEPENDENT]


STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(Act)), st.sampled_from(Result), st.integers(1, 60 * 24 * 12)),
    max_size=40,
)


@given(STEPS, st.integers(0, 23))
def test_on_any_walk_an_open_concern_has_a_date_and_an_end_has_words(steps, hour):
    concern, now = sent("2026-03-02", hour), at("2026-03-02", hour)
    for act, result, minutes in steps:
        now += timedelta(minutes=minutes)
        event = event_for(act, CALENDAR.local_date(now), result)
        try:
            decision = decide(concern, event, CALENDAR, now)
        except NotAllowed:
            caught_up = happen(concern, Act.TIME, now).concern
            asked_twice = act is Act.ASK and caught_up.asked_at is not None
            top = act is Act.HIGHER and caught_up.level is Level.INDEPENDENT
            gone = caught_up.team == "oak" and act in {Act.HAND_ON, Act.MERGE}
            assert asked_twice or top or gone or (caught_up.state, act) not in TABLE
            continue
        check(concern, decision, now)
        concern = decision.concern


def check(before, decision, now):
    after = decision.concern
    assert (after.due is not None) == (after.state in OPEN_STATES)
    if after.due is not None:
        assert after.due.at > now
        assert CALENDAR.is_working_day(CALENDAR.local_date(after.due.at))
        assert after.due.at - now < timedelta(days=40)
    if after.state not in OPEN_STATES and before.state is not after.state:
        assert any(isinstance(one, TellPerson) for one in decision.tells)
    if after.missed > before.missed:
        assert any(one.key.startswith("push.missed") for one in decision.tells)
        assert any(isinstance(one, TellStaff) for one in decision.tells)
        assert after.level >= before.level


@given(STEPS)
def test_no_promised_day_passes_without_a_word_to_the_person(steps):
    """Whatever happens: the due date of an open concern is met by words on that very day."""
    concern, now = sent("2026-03-02"), at("2026-03-02")
    for act, result, minutes in steps:
        later = now + timedelta(minutes=minutes)
        while concern.due is not None and concern.due.at <= later:
            moment = concern.due.at
            decision = happen(concern, Act.TIME, moment)
            assert to_person(decision)
            concern = decision.concern
        now = later
        try:
            concern = decide(
                concern, event_for(act, CALENDAR.local_date(now), result), CALENDAR, now
            ).concern
        except NotAllowed:
            continue
