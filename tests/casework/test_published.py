"""A public line names nobody, quotes nobody and is short."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.casework.model import Concern, Kind, Level, Result, State
from bot.casework.published import Line, copied, hard_words, names_in, problems, publishable
from bot.turns.plain_words import rules

PLAIN = rules()
STAFF = ("Dave Palmer", "Grace Okoro", "Will Stone")
REFERENCE = "H-7K2M-9QXP"
GOOD = Line("Nights were too loud to sleep.", "Doors close softly now. We will check each month.")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
TOLD = Concern(
    "c", REFERENCE, "rowan", State.OUTCOME, Level.TEAM, NOW, NOW, None, result=Result.CHANGED
)


def texts(line: Line) -> list[tuple[str, str]]:
    return [(one.field, one.text) for one in problems(line, STAFF, REFERENCE)]


def test_two_short_lines_are_fine():
    assert texts(GOOD) == []


def test_both_lines_are_asked_for():
    assert [field for field, _ in texts(Line(" ", "?"))] == ["said", "did"]


def test_a_line_is_at_most_200_characters():
    assert texts(replace(GOOD, did="a" * 200)) == []
    assert texts(replace(GOOD, did="a" * 201)) == [
        ("did", "Make it shorter: 201 characters, at most 200.")
    ]


@pytest.mark.parametrize("named", ["Dave helped.", "DAVE PALMER helped.", "Ask Will about it."])
def test_names_of_staff_are_refused(named):
    assert texts(replace(GOOD, did=named))[0][1].startswith("Leave the name out: ")


def test_a_word_that_is_like_a_name_is_no_name():
    assert names_in("We will do it with grace.", STAFF) == []


@pytest.mark.parametrize(
    "written", ["See H-7K2M-9QXP.", "See h 7k2m 9qxp", "H7K2M9QXP", "Also H-AAAA-BBBB"]
)
def test_references_are_refused(written):
    assert ("said", "Leave the reference out.") in texts(replace(GOOD, said=written))


def test_six_words_of_the_persons_own_are_shown():
    theirs = ["At night the door by my room bangs, and nobody comes!"]
    line = replace(GOOD, said="People said: the door by my ROOM bangs, and nobody came.")
    assert copied(line, theirs) == ["the door by my room bangs and nobody"]
    assert copied(replace(GOOD, said="The door by my room is loud."), theirs) == []


def test_hard_words_are_found_in_both_lines():
    assert {one.words for one in hard_words(Line("We liaise.", "We utilise it."), PLAIN)} == {
        "utilise",
    } | {one.words for one in hard_words(Line("We liaise.", ""), PLAIN)}


@pytest.mark.parametrize(
    ("change", "may"),
    [
        ({}, True),
        ({"state": State.CLOSED}, True),
        ({"state": State.REOPENED}, False),
        ({"state": State.CLOSED, "result": None}, False),
        ({"state": State.LOOKING, "result": None}, False),
        ({"kind": Kind.DATA_COMPLAINT}, False),
    ],
)
def test_only_an_outcome_that_stands_can_be_published(change, may):
    assert publishable(replace(TOLD, **change)) is may
