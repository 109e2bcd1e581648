"""Whom a concern is with: passing and stepping back move no date, and say only what is so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.casework.departing import may_end
from bot.casework.life import decide
from bot.casework.model import (
    OPEN_STATES,
    Act,
    Event,
    Kind,
    Level,
    Member,
    Membership,
    NotAllowed,
    Role,
    State,
    TellPerson,
    TellStaff,
)
from tests.casework.cases import CALENDAR, at, in_state

NOW = at("2026-03-03", 11)


def happens(concern, act, **more):
    return decide(concern, Event(act, by="priya", **more), CALENDAR, NOW)


def keys(decision) -> list[str]:
    return [one.key for one in decision.tells]


EVERY_WAY = [
    (Act.HAND_ON, {"team": "oak", "level": Level.TEAM}),
    (Act.HAND_ON, {"to": "steve", "level": Level.LEAD}),
    (Act.STEP_BACK, {"level": Level.TEAM}),
]


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
@pytest.mark.parametrize(("act", "more"), EVERY_WAY)
def test_no_date_state_or_count_moves(state, act, more):
    before = in_state(state)
    after = happens(before, act, **more).concern
    kept = ("due", "state", "state_since", "missed", "promised_on", "sent_at", "asked_at")
    assert [getattr(after, one) for one in kept] == [getattr(before, one) for one in kept]


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN])
@pytest.mark.parametrize(("act", "more"), EVERY_WAY)
def test_nothing_that_has_ended_goes_anywhere(state, act, more):
    with pytest.raises(NotAllowed):
        happens(in_state(state), act, **more)


@pytest.mark.parametrize("more", [{}, {"team": "elm"}, {"team": "independent"}, {"to": "priya"}])
def test_it_is_passed_to_somebody_else_or_not_at_all(more):
    mine = replace(in_state(State.SENT), team="elm", owner_id="priya")
    with pytest.raises(NotAllowed):
        happens(mine, Act.HAND_ON, **more)


def test_another_team_begins_at_its_first_level_with_nobody_having_it():
    before = replace(in_state(State.LOOKING), taken_at=NOW, owner_opened_at=NOW, unowned=2)
    decision = happens(before, Act.HAND_ON, team="oak", level=Level.TEAM)
    after = decision.concern
    assert (after.team, after.level, after.owner_id) == ("oak", Level.TEAM, None)
    assert (after.taken_at, after.owner_opened_at, after.unowned) == (None, None, 0)
    assert keys(decision) == ["push.passed", "staff.passed"]


def test_who_answers_below_cannot_bring_it_down_by_passing_it():
    raised = replace(in_state(State.SENT), level=Level.SENIOR)
    low = happens(raised, Act.HAND_ON, team="oak", level=Level.TEAM)
    assert low.concern.level is Level.SENIOR
    told = [one.level for one in low.tells if isinstance(one, TellStaff)]
    assert told == [Level.TEAM, Level.SENIOR]
    high = happens(raised, Act.HAND_ON, team="oak", level=Level.SENIOR)
    assert high.concern.level is Level.TEAM


def test_a_colleague_has_it_as_if_they_had_taken_it():
    decision = happens(in_state(State.SENT), Act.HAND_ON, to="steve", level=Level.LEAD)
    after = decision.concern
    assert (after.owner_id, after.taken_at, after.owner_opened_at) == ("steve", NOW, None)
    assert keys(decision) == ["push.passed-to.lead", "staff.passed-to-you"]
    (line,) = [one for one in decision.tells if isinstance(one, TellStaff)]
    assert line.to == "steve"


def test_a_colleague_at_the_same_level_is_news_for_the_person_only_if_nobody_had_it():
    fresh = in_state(State.SENT)
    told = happens(fresh, Act.HAND_ON, to="sam-j", level=Level.TEAM)
    assert keys(told) == ["push.passed-to.team", "staff.passed-to-you"]
    again = happens(told.concern, Act.HAND_ON, to="priya", level=Level.TEAM)
    assert keys(again) == ["staff.passed-to-you"]


def test_only_whoever_had_it_makes_it_nobodys_by_stepping_back():
    theirs = replace(in_state(State.LOOKING), owner_id="priya")
    assert keys(happens(theirs, Act.STEP_BACK)) == ["push.handed-on", "staff.handed-on"]
    assert happens(theirs, Act.STEP_BACK).concern.owner_id is None
    others = replace(theirs, owner_id="steve")
    assert keys(happens(others, Act.STEP_BACK)) == ["staff.stepped-back"]
    assert happens(others, Act.STEP_BACK).concern.owner_id == "steve"
    nobodys = replace(theirs, owner_id=None)
    assert keys(happens(nobodys, Act.STEP_BACK)) == ["staff.stepped-back"]


def test_stepping_back_raises_a_level_and_never_lowers_it():
    raised = replace(in_state(State.SENT), level=Level.SENIOR)
    assert happens(raised, Act.STEP_BACK, level=Level.LEAD).concern.level is Level.SENIOR
    assert (
        happens(raised, Act.STEP_BACK, level=Level.INDEPENDENT).concern.level is Level.INDEPENDENT
    )


@pytest.mark.parametrize(("act", "more"), EVERY_WAY)
def test_nobody_who_is_forgotten_is_told(act, more):
    gone = replace(in_state(State.LOOKING), forgotten=True, owner_id="priya")
    decision = happens(gone, act, **more)
    assert decision.tells
    assert not any(isinstance(one, TellPerson) for one in decision.tells)


def test_a_complaint_about_data_stays_outside_every_team():
    about = replace(in_state(State.LOOKING), kind=Kind.DATA_COMPLAINT, owner_id="priya")
    with pytest.raises(NotAllowed):
        happens(about, Act.HAND_ON, team="oak", level=Level.INDEPENDENT)
    assert keys(happens(about, Act.HAND_ON, to="steve", level=Level.LEAD)) == [
        "staff.passed-to-you"
    ]
    told = keys(happens(about, Act.STEP_BACK))
    assert told == ["push.data.handed-on", "staff.handed-on"]


def colleague(id_, *held):
    return Member(id_, id_, tuple(Membership(team, role) for team, role in held))


SENIOR = colleague("senior", ("*", Role.SENIOR))
LEAD = colleague("lead", ("elm", Role.LEAD))


@pytest.mark.parametrize(
    ("whom", "lead_may"),
    [
        (colleague("a", ("elm", Role.ANSWERER)), True),
        (colleague("b", ("elm", Role.LEAD)), True),
        (colleague("c", ("elm", Role.READER), ("oak", Role.READER)), False),
        (colleague("d", ("elm", Role.READER), ("*", Role.ON_DUTY)), False),
        (colleague("e", ("*", Role.SENIOR)), False),
        (colleague("f"), False),
    ],
)
def test_a_lead_ends_the_access_of_their_own_team_and_a_senior_that_of_anybody(whom, lead_may):
    assert may_end(LEAD, whom) == lead_may
    assert may_end(SENIOR, whom)
    assert not may_end(whom, whom)


def test_nobody_else_ends_anybodys_access():
    for role in (Role.READER, Role.ANSWERER, Role.INDEPENDENT, Role.ON_DUTY):
        assert not may_end(colleague("x", ("elm", role)), colleague("a", ("elm", Role.READER)))
