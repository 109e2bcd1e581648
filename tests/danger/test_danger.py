"""What the recogniser must cope with, family by family, and what it must never do."""

import tomllib
from dataclasses import fields
from inspect import signature
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.danger import TAIL, Lexicon, shows_danger, tail
from config import danger

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))
SPLIT = CASES.pop("split")
LEXICON = Lexicon.of(danger.load("en"), danger.weights("en"))
RULES = Lexicon.of(danger.load("en"))
LINES = Lexicon.of({part: lines for part, lines in danger.load("en").items() if part != "perhaps"})


@pytest.mark.parametrize("family", CASES)
def test_danger_is_seen_however_it_is_written(family):
    missed = [text for text in CASES[family]["danger"] if not shows_danger(text, "", LEXICON)]
    assert not missed


@pytest.mark.parametrize("family", CASES)
def test_what_is_no_danger_is_left_alone(family):
    alarms = [text for text in CASES[family]["safe"] if shows_danger(text, "", LEXICON)]
    assert not alarms


@pytest.mark.parametrize("case", SPLIT, ids=lambda case: case["first"])
def test_a_meaning_split_over_two_messages_is_seen(case):
    assert shows_danger(case["second"], tail(case["first"]), LEXICON) is case["danger"]


def test_a_meaning_split_over_many_messages_is_seen_once():
    before, seen = "", []
    for words in ("i", "just want", "to", "die", "the food is cold too"):
        seen.append(shows_danger(words, before, LEXICON))
        before = tail(words, before)
    assert seen == [False, False, False, True, False]


def test_danger_told_before_does_not_count_again():
    before = tail("I want to kill myself")
    assert shows_danger("I want to kill myself", "", LEXICON)
    assert not shows_danger("thanks, that helped a bit", before, LEXICON)


def test_danger_told_anew_counts_anew():
    assert shows_danger("I want to kill myself", tail("I want to kill myself."), LEXICON)


def test_one_clause_in_four_thousand_characters_is_seen():
    filler = "The dinner was cold and nobody rang me back about it. " * 36
    text = f"{filler}I am going to hang myself tonight. {filler}"
    assert 3800 < len(text) <= 4096
    assert shows_danger(text, "", LEXICON)
    assert not shows_danger(filler, "", LEXICON)


def test_a_sentence_without_end_is_looked_at_to_its_end():
    filler = "and then they moved me to another room with another bed " * 20
    assert shows_danger(f"{filler} and i am going to kill myself", "", RULES)
    assert not shows_danger(f"{filler} and i am not going to kill myself", "", RULES)


@given(st.text(max_size=400), st.text(max_size=TAIL))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_is_answered_with_yes_or_no(words, before):
    first = shows_danger(words, before, LEXICON)
    assert isinstance(first, bool)
    assert shows_danger(words, before, LEXICON) is first


@given(st.text(max_size=600), st.text(max_size=TAIL))
def test_no_more_than_two_hundred_characters_are_remembered(words, before):
    kept = tail(words, before)
    assert len(kept) <= TAIL
    assert words.endswith(kept) or f"{before}\n{words}".endswith(kept)


def test_a_language_without_lists_sees_nothing():
    nothing = Lexicon.of(danger.load("xx"), danger.weights("xx"))
    assert nothing.empty and not LEXICON.empty
    assert not shows_danger("I want to kill myself", "", nothing)


def test_nothing_but_yes_or_no_comes_out():
    assert signature(shows_danger).return_annotation == "bool"
    names = {field.name for field in fields(Lexicon)}
    assert not {name for name in names if "score" in name or "level" in name or "risk" in name}


def test_the_classifier_never_takes_back_a_line_of_the_lists():
    texts = [text for family in CASES.values() for text in family["danger"] + family["safe"]]
    assert all(shows_danger(text, "", LEXICON) for text in texts if shows_danger(text, "", LINES))


def test_a_single_grave_word_is_looked_at_twice():
    assert shows_danger("knife in his hand, he is coming for me", "", LEXICON)
    assert shows_danger("razors come out on Tuesdays", "", RULES)
    assert not shows_danger("razors come out on Tuesdays", "", LEXICON)


@pytest.mark.parametrize("before", ["I'd rather not say", "can i talk to someone", "they do not"])
@pytest.mark.parametrize("words", ["I want to kill myself tonight", "I CANT GO ON"])
def test_what_was_said_before_takes_nothing_back(before, words):
    assert shows_danger(words, tail(before), LEXICON)
