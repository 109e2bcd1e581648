"""Questions to the person, the offer to talk, and one concern's going on in another: the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.asking import ASK_AGAIN_AFTER, can_merge
from bot.casework.life import decide
from bot.casework.model import OPEN_STATES, Act, Kind, NotAllowed, State
from bot.casework.promises import TABLE
from tests.casework.cases import (
    CALENDAR,
    at,
    event_for,
    happen,
    in_state,
    sent,
    to_person,
    to_staff,
)

NOW = at("2026-03-03", 11)
ASKABLE = sorted(state for state, act in TABLE if act is Act.ASK)


def asked(state):
    return happen(in_state(state), Act.ASK, NOW, by="priya").concern


@pytest.mark.parametrize("state", ASKABLE)
def test_a_question_changes_neither_state_nor_date_and_is_told(state):
    before = in_state(state)
    decision = happen(before, Act.ASK, NOW, by="priya")
    assert decision.concern == replace(before, asked_at=NOW)
    (told,) = decision.tells
    assert (told.key, told.ask) == ("push.question", "question")


def test_nobody_is_asked_beside_an_outcome_or_after_the_end():
    assert set(State) - set(ASKABLE) == {State.OUTCOME, State.CLOSED, State.WITHDRAWN}


@pytest.mark.parametrize("state", ASKABLE)
def test_a_reply_closes_the_question_and_is_told_to_staff_as_a_reply(state):
    decision = happen(asked(state), Act.ADD, NOW)
    assert decision.concern.asked_at is None
    assert [key for _, key in to_staff(decision)] == ["staff.replied"]
    again = happen(decision.concern, Act.ADD, NOW)
    assert [key for _, key in to_staff(again)] == ["staff.added"]


def test_one_question_at_a_time_for_a_week():
    concern = asked(State.ACKNOWLEDGED)
    with pytest.raises(NotAllowed):
        happen(concern, Act.ASK, NOW + ASK_AGAIN_AFTER - timedelta(seconds=1))
    assert happen(concern, Act.ASK, NOW + ASK_AGAIN_AFTER).concern.asked_at is not None


@pytest.mark.parametrize("change", [{"forgotten": True}, {"kind": Kind.DATA_COMPLAINT}])
def test_there_is_nobody_to_ask_about_data_or_who_is_forgotten(change):
    with pytest.raises(NotAllowed):
        happen(replace(in_state(State.ACKNOWLEDGED), **change), Act.ASK, NOW)


@pytest.mark.parametrize("act", [Act.RECORD_OUTCOME, Act.WITHDRAW])
def test_what_makes_a_reply_pointless_ends_the_question(act):
    concern = asked(State.ACKNOWLEDGED)
    after = decide(concern, event_for(act, CALENDAR.local_date(NOW)), CALENDAR, NOW)
    assert after.concern.asked_at is None


def test_an_offer_to_talk_comes_with_the_acknowledgement_alone():
    plain = happen(sent(), Act.ACKNOWLEDGE, NOW, by="priya")
    offered = happen(sent(), Act.ACKNOWLEDGE, NOW, by="priya", offers_talk=True)
    assert to_person(offered) == [*to_person(plain), "push.talk-offer"]
    assert offered.concern == plain.concern


def test_a_merged_concern_ends_with_the_older_ones_promise():
    older = replace(sent("2026-02-26"), id="c0", reference="H-7K3P-1111")
    decision = happen(sent(), Act.MERGE, NOW, into=older)
    after = decision.concern
    assert (after.state, after.due, after.merged_into) == (State.CLOSED, None, "c0")
    told, line = decision.tells
    assert told.params["promised"] == CALENDAR.local_date(older.due.at)
    assert told.params["into"] == "H-7K3P-1111"
    assert line.params == {"reference": "H-7K3P-0000"}


def test_what_is_opened_again_is_its_own_again():
    older = replace(sent("2026-02-26"), id="c0")
    merged = happen(sent(), Act.MERGE, NOW, into=older).concern
    assert happen(merged, Act.REOPEN, NOW).concern.merged_into is None


OLDER = replace(sent("2026-02-26"), id="c0")


@pytest.mark.parametrize(
    "change",
    [
        {"id": "c1"},
        {"team": "oak"},
        {"forgotten": True},
        {"kind": Kind.DATA_COMPLAINT},
        {"state": State.CLOSED, "due": None},
        {"sent_at": at("2026-03-02", 12)},
    ],
)
def test_only_two_open_ones_of_a_team_merge_the_newer_into_the_older(change):
    assert can_merge(sent(), OLDER)
    other = replace(OLDER, **change)
    assert not can_merge(sent(), other)
    with pytest.raises(NotAllowed):
        happen(sent(), Act.MERGE, NOW, into=other)


def test_a_merge_needs_the_one_that_it_goes_on_in():
    with pytest.raises(NotAllowed):
        happen(sent(), Act.MERGE, NOW)
    assert {state for state, act in TABLE if act is Act.MERGE} == OPEN_STATES
