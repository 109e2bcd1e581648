"""The table of a concern's life, walked whole: no row without a date or without words."""

from __future__ import annotations

import re
from itertools import product

import pytest

from bot.casework.life import PERSONS_ACTS, decide
from bot.casework.model import OPEN_STATES, Act, NotAllowed, State, TellPerson
from bot.casework.promises import TABLE
from tests.casework.cases import CALENDAR, at, due_day, event_for, in_state, to_person

NOW = at("2026-03-03", 11)
TODAY = CALENDAR.local_date(NOW)
ACTS = [act for act in Act if act is not Act.TIME]


@pytest.mark.parametrize("state", State)
def test_every_state_is_reached(state):
    assert in_state(state).state is state


@pytest.mark.parametrize(("state", "act"), list(product(State, ACTS)))
def test_after_every_event_an_open_concern_has_a_date_ahead(state, act):
    concern, event = in_state(state), event_for(act, TODAY)
    if (state, act) not in TABLE:
        with pytest.raises(NotAllowed):
            decide(concern, event, CALENDAR, NOW)
        return
    after = decide(concern, event, CALENDAR, NOW).concern
    assert (after.due is not None) == (after.state in OPEN_STATES)
    assert after.due is None or after.due.at > NOW


@pytest.mark.parametrize(("state", "act"), TABLE)
def test_whatever_ends_a_concern_tells_the_person(state, act):
    decision = decide(in_state(state), event_for(act, TODAY), CALENDAR, NOW)
    if decision.concern.state not in OPEN_STATES:
        assert to_person(decision)


@pytest.mark.parametrize(("state", "act"), TABLE)
def test_every_change_of_state_is_told(state, act):
    decision = decide(in_state(state), event_for(act, TODAY), CALENDAR, NOW)
    if decision.concern.state is not state:
        assert to_person(decision)


@pytest.mark.parametrize(("state", "act"), TABLE)
def test_a_date_in_the_words_is_the_date_that_is_kept(state, act):
    decision = decide(in_state(state), event_for(act, TODAY), CALENDAR, NOW)
    for tell in decision.tells:
        if "date" in tell.params:
            assert str(tell.params["date"]) == due_day(decision.concern)


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_the_person_can_always_take_it_back_and_add_words(state):
    assert (state, Act.WITHDRAW) in TABLE
    assert (state, Act.ADD) in TABLE


@pytest.mark.parametrize("state", [State.SENT, State.ACKNOWLEDGED, State.LOOKING, State.PROMISED])
def test_added_words_stop_no_clock(state):
    concern = in_state(state)
    assert decide(concern, event_for(Act.ADD, TODAY), CALENDAR, NOW).concern.due == concern.due


def test_looking_into_it_names_an_owner_and_stops_no_clock():
    concern = in_state(State.ACKNOWLEDGED)
    after = decide(concern, event_for(Act.LOOK_INTO, TODAY), CALENDAR, NOW).concern
    assert (after.owner_id, after.due) == ("priya", concern.due)


def test_every_state_can_be_left_and_closed_ones_opened_again():
    for state in State:
        assert any(move.to is not state for (source, _), move in TABLE.items() if source is state)
    for state in set(State) - OPEN_STATES:
        assert TABLE[state, Act.REOPEN].to in OPEN_STATES


def test_what_the_person_does_is_never_told_to_staff_with_more_than_dates():
    for state, act in TABLE:
        if act not in PERSONS_ACTS:
            continue
        for tell in decide(in_state(state), event_for(act, TODAY), CALENDAR, NOW).tells:
            if not isinstance(tell, TellPerson):
                assert tell.params.keys() <= {"reference", "date", "promised"}
                assert re.fullmatch(r"staff\.[a-z-]+", tell.key)
