"""Whom a frightened person means: rather one too many left out than one too few."""

from __future__ import annotations

import pytest

from bot.casework.recusal import match
from bot.dialogue.model import Place
from tests.casework.cases import STAFF, member

PLACES = (Place("elm", "Elm Ward"), Place("oak", "Oak Community Mental Health Team"))
ELM = {"priya", "sam-j", "sam-o", "steve"}
OAK = {"zoe", "ward"}

NAMED = [
    ("Priya", {"priya"}),
    ("priya sharma", {"priya"}),
    ("PRIYA!!", {"priya"}),
    ("Pria", {"priya"}),
    ("Pryia", {"priya"}),
    ("priyasharma", {"priya"}),
    ("Pr\u200biya", {"priya"}),
    ("P. Sharma", {"priya"}),
    ("nurse Priya", {"priya"}),
    ("staff nurse Priya", {"priya"}),
    ("Priya the nurse", {"priya"}),
    ("Priya (nurse)", {"priya"}),
    ("my cpn Priya", {"priya"}),
    ("I don't want Priya to see it please", {"priya"}),
    ("not Priya", {"priya"}),
    ("Yes, Priya", {"priya"}),
    ("Sam", {"sam-j", "sam-o"}),
    ("Samantha", {"sam-j", "sam-o"}),
    ("Dr. Gupta", {"gupta"}),
    ("doctor gupta", {"gupta"}),
    ("Gupta the consultant", {"gupta"}),
    ("zoe", {"zoe"}),
    ("Zoe Muller", {"zoe"}),
    ("Mueller", {"zoe"}),
    ("Mr Smith", {"zoe"}),
    ("Obrien", {"sam-o"}),
    ("O Brien", {"sam-o"}),
    ("O\u2019Brien", {"sam-o"}),
    ("Steven", {"steve"}),
    ("Steve", {"steve"}),
    ("Liz", {"liz"}),
    ("beth", {"liz"}),
    ("Mr Ward", {"ward"}),
    ("John Ward", {"ward"}),
    ("Priya and Dr Gupta", {"priya", "gupta"}),
    ("Priya/Zoe", {"priya", "zoe"}),
    ("Priya n Zoe + Liz", {"priya", "zoe", "liz"}),
    ("priya zoe liz", {"priya", "zoe", "liz"}),
    ("Priya\nZoe", {"priya", "zoe"}),
    ("everyone on Elm ward", ELM | {"ward"}),  # and John Ward: one too many
    ("elm", ELM),
    ("the whole of Elm and Dr Gupta", ELM | {"gupta"}),
    ("all of the staff at Oak", OAK),
]


@pytest.mark.parametrize(("words", "meant"), NAMED)
def test_words_that_name_people_leave_out_exactly_those(words, meant):
    found = match(words, STAFF, PLACES)
    assert set(found.staff_ids) == meant
    assert not found.unmatched


SOMEBODY_ELSE = [
    ("my doctor", set()),
    ("the ward manager", set()),
    ("everyone", set()),
    ("him", set()),
    ("the one on nights", set()),
    ("Tim", set()),
    ("\U0001f642", set()),
    ("", set()),
    ("Прия", set()),
    ("nobody", set()),
    ("Priya and the tall man on nights", {"priya"}),
    ("Priya, my nurse", {"priya"}),
    ("Priya and her manager", {"priya"}),
    ("Priya's manager", {"priya"}),
    ("Priyas manager", {"priya"}),
    ("Priya Patel", {"priya"}),
    ("T Sharma", {"priya"}),
    ("Dr P", {"priya"}),
    ("Elm ward manager", ELM),
    ("Priya my nurse the doctor", {"priya"}),
    ("Priya and everyone", {"priya"}),
    ("Ayisha", set()),
]


@pytest.mark.parametrize(("words", "at_least"), SOMEBODY_ELSE)
def test_words_left_over_that_may_mean_somebody_are_unmatched(words, at_least):
    found = match(words, STAFF, PLACES)
    assert at_least <= set(found.staff_ids)
    assert found.unmatched


def test_a_name_only_a_little_alike_is_left_out_and_still_unmatched():
    staff = (member("tom", "Tom Reed", "elm"),)
    assert match("Tim", staff, PLACES).staff_ids == ("tom",)
    assert match("Tim", staff, PLACES).unmatched


def test_a_description_is_never_taken_for_a_name_like_it():
    assert "liz" not in match("the one on nights", STAFF, PLACES).staff_ids
    staff = (member("eve", "Eve Young", "elm"),)
    assert match("the young nurse", staff, PLACES).unmatched
    assert not match("Dr Young", staff, PLACES).unmatched


def test_naming_a_team_leaves_out_all_its_members_and_says_which_team():
    found = match("Oak team", STAFF, PLACES)
    assert found.team_ids == ("oak",)
    assert set(found.staff_ids) == OAK


def test_an_initial_may_be_the_name_that_was_said():
    staff = (member("k", "K Smith", "elm"), member("keren", "Keren Lowe", "elm"))
    assert match("Karen", staff, PLACES).staff_ids == ("k", "keren")
    assert match("Karen", staff[:1], PLACES).unmatched


def test_staff_without_keys_are_matched_too():
    staff = (member("new", "Nia Pugh", "elm", keyed=False),)
    assert match("nia", staff, PLACES).staff_ids == ("new",)


@pytest.mark.parametrize(
    "words", ["x" * 4096, "ab " * 1300, "\u0301" * 50, "Priya " * 600, ".,;'" * 99]
)
def test_long_and_strange_words_are_never_taken_for_nobody(words):
    found = match(words, STAFF, PLACES)
    assert found.unmatched or found.staff_ids


@pytest.mark.parametrize("person", STAFF, ids=lambda one: one.id)
def test_everybody_is_found_by_each_part_of_their_name(person):
    for word in person.name.replace("-", " ").split():
        if word == "Dr":
            continue
        for said in (word, f"Mr {word}", word.upper(), f"please not {word}, thank you"):
            assert person.id in match(said, STAFF, PLACES).staff_ids
