"""The life of a concern, stretch by stretch, as a person and the staff would see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.casework.life import Sent, decide, open_concern
from bot.casework.model import (
    INDEPENDENT_TEAM,
    Act,
    DueKind,
    Event,
    Level,
    NotAllowed,
    Result,
    State,
)
from bot.casework.promises import Clocks
from tests.casework.cases import (
    CALENDAR,
    at,
    due_day,
    happen,
    in_state,
    sent,
    to_person,
    to_staff,
    walk,
)

CHANGED = {"result": Result.CHANGED}
WILL_CHANGE = {"result": Result.WILL_CHANGE, "by_date": date(2026, 3, 31)}


def test_a_sent_concern_is_to_be_acknowledged_in_three_working_days():
    concern = sent("2026-03-05")
    assert (concern.due.kind, due_day(concern)) == (DueKind.ACKNOWLEDGE, "2026-03-10")
    assert concern.level is Level.TEAM
    assert sent(team=INDEPENDENT_TEAM).level is Level.INDEPENDENT


def test_acknowledging_gives_the_answer_date_of_the_receipt():
    concern = happen(sent("2026-03-02"), Act.ACKNOWLEDGE, at("2026-03-05", 9)).concern
    assert (concern.due.kind, due_day(concern)) == (DueKind.ANSWER, "2026-03-09")


def test_acknowledging_on_the_day_of_the_answer_keeps_that_day():
    concern = happen(sent("2026-04-02"), Act.ACKNOWLEDGE, at("2026-04-09", 9)).concern
    assert (concern.due.kind, due_day(concern)) == (DueKind.ANSWER, "2026-04-09")


def test_acknowledging_late_promises_nothing_later_than_was_promised():
    missed = happen(sent("2026-03-02"), Act.TIME, at("2026-03-09", 16)).concern
    after = happen(missed, Act.ACKNOWLEDGE, at("2026-03-10")).concern
    assert after.due == missed.due


def test_a_missed_acknowledgement_does_not_hide_the_promised_answer():
    concern = happen(sent("2026-03-02"), Act.TIME, at("2026-03-05", 16)).concern
    assert (concern.due.kind, due_day(concern)) == (DueKind.ANSWER, "2026-03-09")


def test_interim_words_set_a_new_date_and_staff_may_choose_it():
    looking = in_state(State.LOOKING)
    usual = happen(looking, Act.ANSWER, at("2026-03-05")).concern
    assert due_day(usual) == "2026-03-12"
    chosen = happen(looking, Act.ANSWER, at("2026-03-05"), by_date=date(2026, 3, 20)).concern
    assert due_day(chosen) == "2026-03-20"


@pytest.mark.parametrize("result", [Result.CHANGED, Result.NOT_CHANGED])
def test_an_outcome_asks_whether_it_answered(result):
    decision = happen(in_state(State.LOOKING), Act.RECORD_OUTCOME, at("2026-03-05"), result=result)
    (tell,) = decision.tells
    assert (tell.key, tell.ask) == (f"push.outcome.{result}", "answered")
    assert happen(decision.concern, Act.SATISFIED, at("2026-03-06")).concern.state is State.CLOSED


def test_not_really_reopens_it_one_level_up_with_a_new_date():
    decision = happen(in_state(State.OUTCOME), Act.NOT_SATISFIED, at("2026-03-05"))
    concern = decision.concern
    assert (concern.state, concern.level) == (State.REOPENED, Level.LEAD)
    assert (concern.due.kind, due_day(concern)) == (DueKind.ANSWER, "2026-03-12")
    assert to_person(decision) == ["push.reopened.up"]
    assert to_staff(decision) == [(Level.LEAD, "staff.reopened")]


def test_not_really_goes_above_whoever_answered_however_high_they_are():
    event = Event(Act.RECORD_OUTCOME, "lena", Result.CHANGED, level=Level.LEAD)
    told = decide(sent(), event, CALENDAR, at("2026-03-03")).concern
    assert told.level is Level.LEAD
    assert happen(told, Act.NOT_SATISFIED, at("2026-03-04")).concern.level is Level.SENIOR


def test_no_reply_is_asked_about_once_then_closed_and_one_word_opens_it():
    outcome = in_state(State.OUTCOME)
    assert due_day(outcome) == "2026-03-10"
    asked = happen(outcome, Act.TIME, at("2026-03-10", 16))
    assert to_person(asked) == ["push.remind"]
    assert due_day(asked.concern) == "2026-03-31"
    closed = happen(asked.concern, Act.TIME, at("2026-03-31", 16))
    assert closed.concern.state is State.CLOSED
    assert to_person(closed) == ["push.closed.no-reply"]
    again = happen(closed.concern, Act.ADD, at("2026-05-01")).concern
    assert (again.state, due_day(again)) == (State.REOPENED, "2026-05-08")


def test_it_is_never_closed_before_28_days_have_passed():
    outcome = walk(sent("2026-03-06"), ("2026-03-07", Act.RECORD_OUTCOME, CHANGED))
    asked = happen(outcome, Act.TIME, at("2026-03-13", 16))
    assert due_day(asked.concern) == "2026-04-07"  # day 28 is Easter Saturday, then bank holidays


def test_words_after_an_outcome_are_a_reply_and_never_closed_as_none():
    after = happen(in_state(State.OUTCOME), Act.ADD, at("2026-03-05")).concern
    assert (after.state, after.due.kind) == (State.LOOKING, DueKind.ANSWER)


def test_a_promised_change_outlives_the_yes_and_no_reply():
    outcome = walk(sent(), ("2026-03-03", Act.RECORD_OUTCOME, WILL_CHANGE))
    yes = happen(outcome, Act.SATISFIED, at("2026-03-04"))
    assert (yes.concern.state, due_day(yes.concern)) == (State.PROMISED, "2026-03-31")
    assert to_person(yes) == ["push.promised"]
    late = {"result": Result.WILL_CHANGE, "by_date": date(2026, 5, 29)}
    silent = walk(sent(), ("2026-03-03", Act.RECORD_OUTCOME, late))
    silent = happen(silent, Act.TIME, at("2026-03-31", 16))
    assert silent.concern.state is State.PROMISED
    assert to_person(silent) == ["push.remind-promised", "push.promised"]
    assert due_day(silent.concern) == "2026-05-29"


def test_a_promised_change_that_nobody_records_is_a_missed_promise():
    outcome = walk(sent(), ("2026-03-03", Act.RECORD_OUTCOME, WILL_CHANGE))
    missed = happen(outcome, Act.TIME, at("2026-03-31", 16))
    assert to_person(missed)[-1] == "push.missed-change.up"
    assert (missed.concern.state, missed.concern.level) == (State.PROMISED, Level.LEAD)
    assert missed.tells[-2].params["promised"] == date(2026, 3, 31)
    assert due_day(missed.concern) == "2026-04-07"  # three working days, over Easter


def test_a_promised_change_is_kept_in_sight_when_the_concern_moves_on():
    outcome = walk(sent(), ("2026-03-03", Act.RECORD_OUTCOME, WILL_CHANGE))
    unhappy = happen(outcome, Act.NOT_SATISFIED, at("2026-03-30")).concern
    assert (unhappy.due.kind, due_day(unhappy)) == (DueKind.CHANGE, "2026-03-31")
    on_the_day = happen(outcome, Act.ADD, at("2026-03-31", 9)).concern
    assert (on_the_day.due.kind, due_day(on_the_day)) == (DueKind.CHANGE, "2026-03-31")


def test_an_outcome_that_keeps_the_promise_clears_it():
    promised = in_state(State.PROMISED)
    done = happen(promised, Act.RECORD_OUTCOME, at("2026-05-28"), result=Result.CHANGED).concern
    assert (done.state, done.promised_on, done.due.kind) == (State.OUTCOME, None, DueKind.REMIND)


def test_a_pause_ends_by_itself_and_the_person_hears_of_it():
    paused = in_state(State.PAUSED)
    over = happen(paused, Act.TIME, at("2026-03-20", 16))
    assert (over.concern.state, over.concern.missed) == (State.LOOKING, 0)
    assert to_person(over) == ["push.resumed"]
    assert due_day(over.concern) == "2026-03-25"


@pytest.mark.parametrize(
    "event",
    [
        Event(Act.PAUSE),
        Event(Act.PAUSE, by_date=date(2026, 3, 3)),
        Event(Act.PAUSE, by_date=date(2026, 4, 1)),
        Event(Act.ANSWER, by_date=date(2026, 3, 1)),
        Event(Act.ANSWER, by_date=date(2026, 6, 1)),
        Event(Act.RECORD_OUTCOME),
        Event(Act.RECORD_OUTCOME, result=Result.WILL_CHANGE),
        Event(Act.RECORD_OUTCOME, result=Result.WILL_CHANGE, by_date=date(2026, 3, 3)),
        Event(Act.RECORD_OUTCOME, result=Result.WILL_CHANGE, by_date=date(2028, 3, 3)),
        Event(Act.RECORD_OUTCOME, result=Result.WILL_CHANGE, by_date=date(2026, 3, 14)),
        Event(Act.RECORD_OUTCOME, result=Result.WILL_CHANGE, by_date=date(2026, 4, 3)),
    ],
)
def test_dates_that_cannot_be_kept_are_refused(event):
    with pytest.raises(NotAllowed):
        decide(in_state(State.LOOKING), event, CALENDAR, at("2026-03-03"))


def test_taking_it_back_ends_it_and_it_can_be_sent_again():
    gone = happen(in_state(State.LOOKING), Act.WITHDRAW, at("2026-03-04"))
    assert (gone.concern.state, gone.concern.due) == (State.WITHDRAWN, None)
    assert to_staff(gone) == [(Level.TEAM, "staff.withdrawn")]
    again = happen(gone.concern, Act.REOPEN, at("2026-06-01", 9)).concern
    assert (again.state, due_day(again)) == (State.SENT, "2026-06-04")
    assert due_day(happen(again, Act.ACKNOWLEDGE, at("2026-06-02")).concern) == "2026-06-08"


def test_an_early_or_second_tick_changes_nothing():
    concern = sent("2026-03-02")
    assert happen(concern, Act.TIME, at("2026-03-05", 15, 59)).concern == concern
    missed = happen(concern, Act.TIME, at("2026-03-05", 16)).concern
    second = happen(missed, Act.TIME, at("2026-03-05", 16))
    assert (second.concern, second.tells) == (missed, ())
    assert not happen(in_state(State.CLOSED), Act.TIME, at("2029-01-01")).tells


def test_what_staff_do_after_the_hour_does_not_unmake_the_miss():
    tick_first = happen(sent("2026-03-02"), Act.TIME, at("2026-03-05", 16)).concern
    tick_first = happen(tick_first, Act.ACKNOWLEDGE, at("2026-03-05", 17))
    no_tick = happen(sent("2026-03-02"), Act.ACKNOWLEDGE, at("2026-03-05", 17))
    assert no_tick.concern == tick_first.concern
    assert to_person(no_tick) == ["push.missed.up", "push.acknowledged"]


def test_a_reply_is_not_met_with_a_request_for_one():
    yes = happen(in_state(State.OUTCOME), Act.SATISFIED, at("2026-03-11"))
    assert to_person(yes) == ["push.closed.answered"]
    late = happen(in_state(State.OUTCOME), Act.SATISFIED, at("2026-09-01"))
    assert to_person(late) == ["push.closed.answered"]


def test_six_months_are_explained_once_and_by_someone_senior():
    concern = replace(in_state(State.LOOKING), missed=5)
    for day in ("2026-08-10", "2026-08-17", "2026-08-24"):
        concern = happen(concern, Act.ANSWER, at(day)).concern
    concern = happen(concern, Act.ANSWER, at("2026-08-28"), by_date=date(2026, 9, 18)).concern
    assert due_day(concern) == "2026-09-02"  # six months after 2 March
    told = happen(concern, Act.TIME, at("2026-09-02", 16))
    assert "push.six-months" in to_person(told)
    assert (Level.SENIOR, "staff.six-months") in to_staff(told)
    later = happen(told.concern, Act.TIME, at("2026-12-01", 16))
    assert "push.six-months" not in to_person(later)


def test_six_months_on_a_day_that_does_not_exist_or_at_a_weekend():
    for day, limit in (("2026-08-31", "2027-02-26"), ("2026-03-05", "2026-09-04")):
        concern = open_concern(Sent("c", "H", "elm"), CALENDAR, at(day))
        told = happen(concern, Act.TIME, at(limit, 16))
        assert "push.six-months" in to_person(told)
        before = happen(concern, Act.TIME, at(limit, 15))
        assert "push.six-months" not in to_person(before)


def test_nations_without_the_six_month_rule_never_speak_of_it():
    clocks = Clocks(explain_months=None, ways="push.ways.scotland")
    told = decide(sent(), Event(Act.TIME), CALENDAR, at("2026-12-01"), clocks)
    assert "push.six-months" not in to_person(told)
    assert "push.ways.scotland" in to_person(told)
