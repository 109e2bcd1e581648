"""Whose a concern is: taking, passing up, and what handovers do while nobody has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.forgotten import forget
from bot.casework.model import OPEN_STATES, Act, Kind, Level, NotAllowed, Result, State
from bot.casework.promises import TABLE
from bot.casework.who import with_who
from tests.casework.cases import (
    CALENDAR,
    STAFF,
    at,
    happen,
    in_state,
    sent,
    to_person,
    to_staff,
)

NOW = at("2026-03-03", 11)
LATER = NOW + timedelta(hours=6)
TAKEN_IN = sorted(OPEN_STATES - {State.OUTCOME})


def taken(concern=None, by="priya", now=NOW):
    return happen(concern or sent(), Act.TAKE, now, by=by).concern


def opened(concern, now=NOW):
    return replace(concern, owner_opened_at=now)


def handovers(concern, count, start=NOW, every=timedelta(hours=6)):
    """What each of so many handovers in a row told, and the concern after the last."""
    told = []
    for number in range(count):
        decision = happen(concern, Act.UNOWNED, start + number * every)
        told.append((to_person(decision), to_staff(decision)))
        concern = decision.concern
    return concern, told


@pytest.mark.parametrize("state", TAKEN_IN)
def test_taking_names_an_owner_and_stops_no_clock(state):
    before = in_state(state)
    decision = happen(before, Act.TAKE, LATER, by="sam-j")
    after = decision.concern
    assert (after.owner_id, after.taken_at, after.owner_opened_at) == ("sam-j", LATER, None)
    assert (after.state, after.due, after.level) == (before.state, before.due, before.level)
    assert after.acknowledged_at == before.acknowledged_at


@pytest.mark.parametrize("state", sorted(set(State) - set(TAKEN_IN)))
@pytest.mark.parametrize("act", [Act.TAKE, Act.HIGHER, Act.UNOWNED])
def test_what_waits_for_the_person_or_has_ended_is_not_taken(state, act):
    assert (state, act) not in TABLE
    with pytest.raises(NotAllowed):
        happen(in_state(state), act, NOW, by="priya")


def test_the_person_is_told_once_by_role_that_someone_has_taken_it():
    first = happen(sent(), Act.TAKE, NOW, by="priya")
    assert to_person(first) == ["push.taken"]
    by = {one.id: one for one in STAFF}
    said = {who: to_person(with_who(first, by[who], STAFF, ())) for who in ("priya", "steve")}
    assert said == {"priya": ["push.taken.team"], "steve": ["push.taken.lead"]}
    second = happen(first.concern, Act.TAKE, LATER, by="steve")
    assert (second.concern.owner_id, second.tells) == ("steve", ())


def test_taking_what_is_ones_own_changes_nothing():
    mine = opened(taken())
    again = happen(mine, Act.TAKE, LATER, by="priya")
    assert (again.concern, again.tells) == (mine, ())


def test_unopened_at_the_next_handover_it_is_nobodys_again_and_the_person_hears():
    decision = happen(taken(), Act.UNOWNED, LATER)
    after = decision.concern
    assert (after.owner_id, after.taken_at, after.unowned) == (None, None, 1)
    assert to_person(decision) == ["push.taken-lapsed"]
    assert to_person(with_who(decision, None, STAFF, ())) == ["push.taken-lapsed.team"]
    assert after.due == sent().due
    assert to_person(happen(after, Act.TAKE, LATER, by="sam-j")) == ["push.taken"]


def test_what_was_opened_stays_whose_it_is():
    mine = opened(taken())
    assert handovers(mine, 5) == (mine, [([], [])] * 5)


def test_whoever_took_it_within_the_hour_keeps_it_over_this_handover():
    just = taken()
    assert happen(just, Act.UNOWNED, NOW + timedelta(minutes=59)).concern == just
    assert happen(just, Act.UNOWNED, NOW + timedelta(minutes=60)).concern.owner_id is None


def test_nobodys_is_listed_then_goes_to_the_lead_then_senior_staff_hear_and_it_goes_no_further():
    after, told = handovers(sent("2026-03-03", 9), 6)
    staff = [staff for _, staff in told]
    assert staff == [
        [],
        [(Level.LEAD, "staff.unowned")],
        [(Level.SENIOR, "staff.unowned-still")],
        [],
        [],
        [],
    ]
    assert all(person == [] for person, _ in told)
    assert (after.level, after.unowned, after.owner_id) == (Level.LEAD, 6, None)


def test_silence_brings_nothing_down_and_takes_nothing_from_the_independent():
    for level in (Level.SENIOR, Level.INDEPENDENT):
        after, told = handovers(replace(sent(), level=level), 4)
        assert (after.level, told) == (level, [([], [])] * 4)


def test_taking_it_begins_the_count_anew():
    waited, _ = handovers(sent("2026-03-03", 9), 2)
    mine = taken(waited, now=LATER)
    assert (mine.unowned, mine.level) == (0, Level.LEAD)
    lapsed, told = handovers(mine, 1, start=LATER + timedelta(hours=6))
    assert (lapsed.unowned, told) == (1, [(["push.taken-lapsed"], [])])


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.LOOKING, State.PAUSED])
def test_only_what_nobody_has_acted_on_goes_up_by_silence(state):
    concern = replace(in_state(state), owner_id=None, taken_at=None)
    assert handovers(concern, 4)[0] == concern


def test_acknowledging_what_one_took_counts_as_opening_it():
    after = happen(taken(), Act.ACKNOWLEDGE, LATER, by="priya").concern
    assert (after.owner_id, after.owner_opened_at) == ("priya", LATER)


def test_whoever_looks_into_it_has_it():
    after = happen(in_state(State.ACKNOWLEDGED), Act.LOOK_INTO, NOW, by="sam-j").concern
    assert (after.owner_id, after.taken_at, after.owner_opened_at) == ("sam-j", NOW, NOW)


def test_whoever_answers_what_another_never_opened_has_it():
    after = happen(taken(), Act.RECORD_OUTCOME, LATER, by="steve", result=Result.CHANGED).concern
    assert (after.owner_id, after.owner_opened_at) == ("steve", LATER)


def test_someone_higher_is_one_level_up_and_the_promise_stays():
    concern = taken()
    decision = happen(concern, Act.HIGHER, LATER, by="priya")
    after = decision.concern
    assert (after.level, after.owner_id, after.taken_at) == (Level.LEAD, None, None)
    assert (after.due, after.state, after.missed) == (concern.due, concern.state, 0)
    assert to_staff(decision) == [(Level.LEAD, "staff.higher")]
    assert to_person(with_who(decision, STAFF[0], STAFF, ())) == ["push.higher.lead"]
    without_the_lead = [one for one in STAFF if one.id != "steve"]
    assert to_person(with_who(decision, None, without_the_lead, ())) == ["push.higher.senior"]


def test_there_is_nobody_above_the_independent():
    concern = replace(sent(), level=Level.INDEPENDENT)
    with pytest.raises(NotAllowed):
        happen(concern, Act.HIGHER, NOW, by="liz")


def test_what_is_opened_again_is_nobodys():
    old = happen(opened(taken()), Act.RECORD_OUTCOME, NOW, by="priya", result=Result.CHANGED)
    again = happen(old.concern, Act.NOT_SATISFIED, LATER).concern
    assert (again.owner_id, again.unowned) == (None, 0)
    closed = happen(old.concern, Act.SATISFIED, LATER).concern
    assert happen(closed, Act.REOPEN, LATER).concern.owner_id is None


def test_somebody_forgotten_is_told_nothing_and_staff_are():
    gone = forget(sent("2026-03-03", 9), CALENDAR, NOW).concern
    assert to_person(happen(gone, Act.TAKE, NOW, by="priya")) == []
    _, told = handovers(taken(gone), 4, start=LATER)
    assert [person for person, _ in told] == [[]] * 4
    assert [line for _, staff in told for line in staff] == [
        (Level.LEAD, "staff.unowned"),
        (Level.SENIOR, "staff.unowned-still"),
    ]


def test_a_complaint_about_data_is_not_called_a_concern():
    about_data = replace(sent(), kind=Kind.DATA_COMPLAINT)
    assert to_person(happen(about_data, Act.TAKE, NOW, by="priya")) == ["push.data.taken"]
    assert to_person(happen(about_data, Act.HIGHER, NOW, by="priya")) == ["push.data.higher"]
    lapsed = happen(taken(about_data), Act.UNOWNED, LATER)
    assert to_person(lapsed) == ["push.data.taken-lapsed"]
