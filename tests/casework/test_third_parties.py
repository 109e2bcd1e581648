"""Letters to a carer: what tells of the person is found, and ordinary sentences are left alone."""

from __future__ import annotations

from datetime import date

import pytest

from bot.casework.third_parties import Known, names_in, telling
from bot.turns.plain_words import care

TODAY = date(2026, 11, 25)
KNOWN = Known(frozenset({"Daniel", "Okoro", "Dave", "Palmer", "Anna"}), frozenset({"Anna", "Osei"}))


def found(text, *, reach=False):
    return [one.words for one in telling(text, KNOWN, care(), TODAY, reach=reach)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The number 943 476 5919 is on file.", "943 476 5919"),
        ("His NHS number is 9434765919.", "9434765919"),
        ("He was born on 4/5/2025.", "4/5/2025"),
        ("Her date is 14 March 1988.", "14 March 1988"),
        ("It says 14-03-88.", "14-03-88"),
        ("See RiO number 1234567.", "RiO number 1234567"),
        ("Ring 0191 498 0123.", "0191 498 0123"),
        ("Ring +44 7700 900123 today.", "+44 7700 900123"),
        ("Write to dan.o@example.org.", "dan.o@example.org"),
        ("They live at 12 Elm Grove Road.", "12 Elm Grove Road"),
        ("The flat is in NE1 4ST.", "NE1 4ST"),
        ("I spoke with Daniel Okoro.", "Daniel Okoro"),
        ("Dave Palmer was on shift.", "Dave Palmer"),
        ("They are psychotic.", "psychotic"),
        ("We now give clozapine at nine.", "clozapine"),
        ("We changed his medication.", "his medication"),
        ("Your son’s care plan was old.", "Your son’s care plan"),
        ("Your son's mood is better.", "Your son's mood"),
        ("I saw Daniel's new psychiatrist.", "Daniel's new psychiatrist"),
        ("They were sectioned in May.", "sectioned"),
        ("They are on section 3.", "section 3"),
        ("They are under the Mental Health Act.", "under the Mental Health Act"),
    ],
)
def test_what_tells_of_the_person_is_found_with_how_to_mend_it(text, words):
    tellings = telling(text, KNOWN, care(), TODAY)
    assert words in [one.words for one in tellings]
    assert all(one.why.endswith(".") for one in tellings)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for telling us about your mother's night.",
        "I am sorry. Nobody should be shouted at.",
        "I spoke with the nurse about her behaviour and with everyone who was there.",
        "Two people now work each night. I look at it again on 1 December 2026.",
        "Since 3 February 2025 two people work each night.",
        "Anna will ring you on Monday. Ask for Anna Osei.",
        "All staff do autism training and dementia awareness training.",
        "We check each patient's care plan every Monday.",
        "We changed how medicine is given on the ward.",
        "We have room for 1234567890 things.",
        "I am sorry that you are worried and low.",
        "Monday's appointment list is now on the wall.",
        "She is on leave until 4 January. I write in her place.",
        "In the next section of this letter I say why.",
        "In 2 Willow Ward rooms the lights now work.",
    ],
)
def test_ordinary_sentences_are_left_alone(text):
    assert found(text) == []


def test_staff_may_say_how_they_are_reached_where_they_are_asked_for_it():
    text = "Ring 0191 498 0123, or write to 4 Hill Road, NE1 4ST, ward@example.org."
    assert found(text, reach=True) == []
    assert len(found(text)) == 4
    assert found("Ring about 943 476 5919.", reach=True) == ["943 476 5919"]


def test_names_are_read_from_what_the_carer_wrote():
    assert names_in(["Dave Palmer, and Nurse Ruth", "the tall man on nights"], care()) == {
        *("Dave", "Palmer", "Ruth")
    }
    words = ["On Monday my son Daniel Okoro was left in the Corridor.", "Our mum, Jean, cried."]
    assert names_in(words, care(), own=True) == {"Daniel", "Okoro", "Jean"}
