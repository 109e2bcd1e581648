"""Every sentence, in every branch, can be read by somebody who is shaking, tired or medicated."""

from __future__ import annotations

import pytest

from bot.casework.plain import sentences
from config.plain import syllables
from config.wording import STANDING, placeholders
from tests.wording.gate import GRADE, faults, grade, label_faults, lists, report
from tests.wording.said import (
    TO_PEOPLE,
    VALUES,
    Said,
    labels,
    messages,
    needed,
    screens,
    shipped,
    wording,
)

MESSAGES = [one for language in shipped() for one in messages(language)]
LABELS = [one for language in shipped() for one in labels(language)]
TELEGRAM = 4096  # characters of one message


def name(one):
    return f"{one.language} {one.key}"


@pytest.mark.parametrize("said", MESSAGES, ids=name)
def test_a_message_is_short_plain_and_calm(said):
    assert not list(faults(said))


@pytest.mark.parametrize("said", LABELS, ids=name)
def test_a_button_says_what_it_does_in_few_words(said):
    assert not list(label_faults(said))


@pytest.mark.parametrize("language", shipped())
def test_with_its_help_a_message_is_still_one_message_at_any_time_of_the_week(language):
    assert all(len(one) <= TELEGRAM // 2 for one in screens(language))


@pytest.mark.parametrize("language", shipped())
def test_a_language_is_complete_in_every_nation(language):
    assert not wording(language).problems(needed())


def test_every_value_that_people_are_shown_is_tried_at_its_longest():
    shown = {
        value
        for key, sentence in wording("en").sentences.items()
        if key.startswith(TO_PEOPLE) and not key.startswith("contact.")
        for value in placeholders(sentence)
    }
    assert shown - STANDING <= VALUES.keys()


def test_the_hardest_sentences_are_printed_for_review():
    for language in shipped():
        print("\n" + "\n".join(report(language)))
    count = sum(len(sentences(one.text)) for one in MESSAGES if one.language == "en")
    assert count > 300


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Well done!", "an exclamation mark"),
        ("One. Two. Three. Four.", "4 sentences"),
        ("It is " + "very " * 20 + "long.", "23 words"),
        ("Your session has ended.", "machine: session"),
        ("We told the service users.", "jargon: service user"),
        ("This is anonymous.", "false: anonymous"),
        ("Organisational considerations necessitate retrospective documentation.", "grade"),
        ("Word. " * 100, "599 characters"),
    ],
)
def test_each_rule_of_the_gate_can_fail(text, fault):
    found = list(faults(Said("en", "talk.made-up", text.strip())))
    assert any(one.startswith(fault) for one in found), found


def test_easy_read_is_held_to_shorter_sentences_and_an_easier_grade():
    text = "You can choose which people at the hospital must not see what you write."
    assert not list(faults(Said("en", "talk.made-up", text)))
    assert "14 words" in next(faults(Said("en-easy", "talk.made-up", text)))
    assert GRADE["en-easy"] < GRADE["en"]


def test_vague_buttons_are_refused():
    assert list(label_faults(Said("en", "button.made-up", "Next")))
    assert not list(label_faults(Said("en", "button.made-up", "Send it")))


def test_syllables_are_counted_as_people_say_them():
    said = {"concern": 2, "worried": 2, "nobody": 3, "emergency": 4, "seeing": 2, "saved": 1}
    assert {word: syllables(word) for word in said} == said


def test_the_grade_of_known_texts_is_what_the_formula_gives():
    assert grade("The cat sat on the mat.") < 0
    assert 11 < grade("The independent organisation considers complicated allegations.") < 30


def test_terms_that_are_allowed_are_explained():
    for one in lists().allowed:
        key = one.partition(":")[0]
        assert key in wording("en").sentences
