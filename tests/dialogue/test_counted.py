"""What is counted of a question: shown, answered, skipped, stopped; by taps and by words alike."""

from __future__ import annotations

import pytest

from bot.dialogue.counted import SKIP, What, counted
from bot.dialogue.inputs import (
    Attached,
    Commanded,
    Edited,
    Forged,
    Left,
    Pressed,
    PressedAbout,
    Said,
    SetAside,
)
from bot.dialogue.script import ASKS
from tests.dialogue.phone import Phone, label_of


def does(phone, given):
    """What one input counts."""
    before, facts = phone.talk, phone.facts()
    phone.does(given)
    return [(question, what.value) for question, what in counted(before, given, phone.talk, facts)]


def taps(phone, choice):
    """Press the newest button of this choice."""
    offered = [one for shown in phone.shown for row in shown.tell.rows for one in row]
    assert choice in {one.choice for one in offered}, [label_of(one) for one in offered]
    return does(phone, Pressed(phone.talk.step, choice))


def told(words="The toilet has been broken for a week."):
    phone = Phone()
    does(phone, Said(words))
    return phone


def at(question):
    """A chat that stands at a question on the way from first words to receipt."""
    phone = told()
    for choice in ("send", "rowan", "choose"):
        if phone.talk.at == question:
            return phone
        taps(phone, choice)
    assert phone.talk.at == question
    return phone


def test_a_whole_concern_is_a_row_of_questions_shown_and_answered():
    phone = Phone()
    assert does(phone, Commanded("start")) == [("tell", "shown")]
    assert does(phone, Said("It is cold.")) == [("tell", "answered"), ("saved", "shown")]
    assert taps(phone, "send") == [("saved", "answered"), ("place", "shown")]
    assert taps(phone, "rowan") == [("place", "answered"), ("kept", "shown")]
    sent = taps(phone, "send")
    assert sent[0] == ("kept", "answered")
    assert sent[1] == (phone.talk.at, "shown")


def test_typed_answers_count_as_taps_do():
    phone = told()
    assert does(phone, Said("send")) == [("saved", "answered"), ("place", "shown")]
    assert does(phone, Said("rowan ward")) == [("place", "answered"), ("kept", "shown")]
    assert does(phone, Said("no"))[0] == ("kept", "answered")


def test_the_same_question_again_is_not_shown_anew():
    phone = told()
    assert does(phone, Said("And it smells.")) == []
    assert does(phone, Edited("And it smells badly.")) == []
    assert does(phone, Attached("photo", "ticket")) == []


def test_a_file_answers_as_words_do():
    phone = Phone()
    does(phone, Commanded("start"))
    assert does(phone, Attached("photo", "ticket")) == [("tell", "answered"), ("saved", "shown")]


@pytest.mark.parametrize("given", ["tap", "words", "command"])
def test_stopping_is_counted_where_it_happens(given):
    phone = at("place")
    done = {
        "tap": lambda: taps(phone, "stop"),
        "words": lambda: does(phone, Said("stop")),
        "command": lambda: does(phone, Commanded("stop")),
    }[given]()
    assert done == [("place", "stopped"), ("stop", "shown")]
    assert taps(phone, "keep") == [("stop", "answered"), ("rest", "shown")]
    assert ("rest", "stopped") not in taps(phone, "stop")


def skippable():
    return [
        name
        for name, ask in ASKS.items()
        if any(choice.id == SKIP and choice.label for choice in ask.choices)
    ]


@pytest.mark.parametrize("words", [None, "skip"])
def test_skipping_is_counted_whether_tapped_or_typed(words):
    phone = at("kept")
    taps(phone, "send")
    passed = []
    for _ in range(len(ASKS)):
        question = phone.talk.at
        if question not in skippable():
            break
        given = Said(words) if words else Pressed(phone.talk.step, SKIP)
        assert does(phone, given)[0] == (question, "skipped")
        passed.append(question)
    assert len(passed) >= 2


@pytest.mark.parametrize("choice", ["help", "back"])
def test_help_and_back_answer_nothing(choice):
    phone = at("kept")
    assert ("kept", "answered") not in taps(phone, choice)
    assert ("kept", "stopped") not in does(phone, Said(choice))


@pytest.mark.parametrize(
    "given",
    [
        Left(),
        Forged(),
        SetAside(),
        Pressed(0, "send"),
        PressedAbout("0" * 32, "add"),
        Said("  "),
        Commanded("help"),
        Commanded("start"),
    ],
)
def test_what_is_no_answer_counts_nothing(given):
    assert does(at("place"), given) == []


def test_asking_for_something_else_in_between_answers_nothing():
    phone = at("place")
    counts = does(phone, Said("my data"))
    assert counts == [(phone.talk.at, "shown")]
    assert phone.talk.at != "place"


def test_no_count_holds_more_than_a_question_of_the_script_and_what_happened():
    phone = at("who")
    before, facts = phone.talk, phone.facts()
    given = Said("Dave Palmer hit me")
    phone.does(given)
    for question, what in counted(before, given, phone.talk, facts):
        assert question in ASKS
        assert isinstance(what, What)
