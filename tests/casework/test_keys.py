"""Every key has its sentence, every sentence is plain, and no push can lack a value."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from bot.casework.keys import FROM_STAFF, KEYS, notice_for
from bot.casework.life import decide
from bot.casework.model import Act, Event, NotAllowed, Result, State
from bot.casework.plain import LONGEST_SENTENCE
from bot.casework.promises import Clocks
from bot.casework.who import with_who
from config.nations import load_nation
from config.wording import Wording
from tests.casework.cases import CALENDAR, STAFF, at, event_for, in_state, own_wording

NATIONS = ("england", "scotland", "wales", "northern-ireland")


@pytest.fixture
def wording() -> Wording:
    return own_wording()


def everything_told():
    now = at("2026-03-03", 11)
    today = CALENDAR.local_date(now)
    events = [event_for(act, today) for act in Act if act is not Act.TIME]
    events += [
        Event(Act.RECORD_OUTCOME, by="priya", result=result, by_date=date(2026, 5, 29))
        for result in Result
    ]
    for state, event in product(State, events):
        concern = in_state(state)
        try:
            decision = decide(concern, replace(event, by_date=None), CALENDAR, now)
        except NotAllowed:
            try:
                decision = decide(concern, event, CALENDAR, now)
            except NotAllowed:
                continue
        for days in (0, 8, 15, 30, 40, 95, 190, 400):
            later = decide(decision.concern, Event(Act.TIME), CALENDAR, now + timedelta(days=days))
            yield from with_who(later, None, STAFF, ()).tells
            yield from later.tells
        yield from decision.tells
        for by in STAFF:
            yield from with_who(decision, by, STAFF, ()).tells


def test_the_sentences_are_exactly_the_keys(wording):
    wording.check(KEYS)
    assert wording.sentences.keys() == KEYS.keys()


def test_everything_told_can_be_worded(wording):
    told = {}
    for tell in everything_told():
        assert KEYS[tell.key] <= tell.params.keys() | FROM_STAFF
        from_staff = {"words": "What staff wrote.", "team": "Oak House"}
        told[tell.key] = wording.text(tell.key, **tell.params, **from_staff)
    assert len(told) > 40
    assert not any("{" in text for text in told.values())


def test_a_push_speaks_of_one_reference_but_a_notice_of_none(wording):
    for key, names in KEYS.items():
        if key.startswith(("push.", "staff.")):
            assert ("reference" in names) != key.startswith("push.notice")
    assert {notice_for(key) for key in KEYS if key.startswith("push.")} <= KEYS.keys()
    for key in ("push.notice", "push.notice-promised"):
        text = wording.text(key).casefold()
        assert not re.search(r"\d|concern|nhs|ward|health|hospital|heard\b|complain", text)


def test_every_sentence_is_short_enough_to_read_on_a_bad_day(wording):
    for key, text in wording.sentences.items():
        filled = re.sub(r"\{(date|promised)\}", "Wednesday 25 November", text)
        for sentence in re.split(r"(?<=[.?])\s+|\n+", filled):
            assert len(sentence.split()) <= LONGEST_SENTENCE, key


def test_nothing_false_or_cheerful_is_promised(wording):
    for key, text in wording.sentences.items():
        assert not re.search(
            r"will (fix|be fixed|make sure)|reading (this|it) now|anonymous|!|don't worry",
            text,
            re.IGNORECASE,
        ), key


@pytest.mark.parametrize("nation", NATIONS)
def test_each_nation_has_its_ways_round_us(nation):
    assert f"push.ways.{nation}" in KEYS
    if nation != "wales":
        assert load_nation(nation).ways == f"push.ways.{nation}"
    assert Clocks().ways in KEYS
