"""People, teams and places by first letters: only a tap decides, and nobody stays in by mistake."""

from __future__ import annotations

import pytest

from bot.casework.model import Role
from bot.dialogue.model import Place
from tests.dialogue.phone import PLACES, STAFF, Phone, member

PRI = (
    member("Priya Shah", "rowan", Role.ANSWERER),
    member("Priti Rowe", "north", Role.ANSWERER),
    member("Stephen Lee", "rowan", Role.ANSWERER),
    member("Steven Hall", "north", Role.ANSWERER),
)


def asked(staff=(*STAFF, *PRI), places=PLACES) -> Phone:
    phone = Phone(staff=staff, places=places)
    phone.says("He told others what I said.")
    phone.taps("Send")
    phone.taps("Rowan Ward")
    return phone


def buttons(phone: Phone) -> list[str]:
    return [one[0] for one in phone.shown[-1].labels if len(one) == 1 and one != ("Get help now",)]


def test_first_letters_offer_names_with_their_teams_those_of_the_place_first():
    phone = asked()
    phone.says("pri")
    assert phone.talk.kept_from == ()
    assert buttons(phone)[:3] == [
        "Priya Shah, Rowan Ward",
        "Priti Rowe, North Community Team",
        "None of these",
    ]
    phone.taps("Priya Shah, Rowan Ward")
    assert phone.talk.kept_from == ("priya-shah",)
    assert phone.talk.at == "check"


def test_letters_of_first_and_last_name_go_together():
    phone = asked()
    phone.says("pri sh")
    assert buttons(phone)[:2] == ["Priya Shah, Rowan Ward", "None of these"]


@pytest.mark.parametrize("said", ["Priya", "Priya Shah", "priya and dave", "Rowan Ward", "rowan"])
def test_whole_names_go_straight_to_check_as_ever(said):
    phone = asked()
    phone.says(said)
    assert phone.talk.at == "check"
    assert phone.talk.kept_from
    assert not phone.talk.kept_from_words


def test_a_short_form_offers_everyone_it_may_mean():
    phone = asked()
    phone.says("steve")
    assert set(buttons(phone)[:2]) == {
        "Stephen Lee, Rowan Ward",
        "Steven Hall, North Community Team",
    }


def test_a_team_is_found_and_left_out_as_a_whole():
    phone = asked()
    phone.says("row")
    phone.taps("Everyone in Rowan Ward")
    assert {"dave-palmer", "ruth-adeyemi", "priya-shah", "stephen-lee"} <= set(phone.talk.kept_from)
    phone.says("yes")
    assert phone.sent[0][0].team == "independent"


@pytest.mark.parametrize("said", ["rowan ward", "Rowan Ward please", "the whole team"])
def test_a_team_typed_under_names_is_never_taken_for_the_one_name_shown(said):
    phone = asked()
    phone.says("priy")
    phone.says(said)
    assert {"dave-palmer", "ruth-adeyemi", "priya-shah"} <= set(phone.talk.kept_from)


@pytest.mark.parametrize("said", ["no", "none", "none of these", "nobody"])
def test_none_of_these_keeps_nobody_in_it_asks_for_more(said):
    phone = asked()
    phone.says("pri")
    phone.says(said)
    assert phone.talk.at == "who"
    assert phone.sent == []
    phone.says("the tall one")
    phone.says("yes")
    assert phone.sent[0][0].team == "independent"


@pytest.mark.parametrize("said", ["send", "send it", "wait", "no dont send it"])
def test_sending_or_waiting_under_names_sends_nothing_and_names_nobody(said):
    phone = asked()
    phone.says("pri")
    phone.says(said)
    assert phone.sent == []
    assert phone.talk.kept_from_words == ""
    assert phone.talk.at == "found"


def test_yes_means_the_only_one_that_is_shown_and_nobody_among_several():
    phone = asked()
    phone.says("ru")
    phone.says("yes")
    assert phone.talk.kept_from == ("ruth-adeyemi",)
    phone = asked()
    phone.says("pri")
    phone.says("yes")
    assert phone.talk.kept_from == ()
    assert phone.talk.kept_from_words == "yes"  # so at worst only independent people read it


def test_too_many_names_ask_for_more_letters():
    crowd = tuple(
        member(f"Mar{end} Cole", "north", Role.ANSWERER) for end in ("k", "y", "ia", "cus")
    )
    phone = asked((*STAFF, *crowd))
    phone.says("ma")
    assert phone.shown[-1].tell.key == "talk.found-many"
    assert len(buttons(phone)) == 5
    phone.says("marc")
    assert phone.shown[-1].tell.key == "talk.found"
    assert buttons(phone)[0] == "Marcus Cole, North Community Team"


@pytest.mark.parametrize("said", ["the man", "my doctor", "him", "zzz", "nurse", "a tall lady"])
def test_words_that_begin_no_name_go_to_independent_people_as_ever(said):
    phone = asked()
    phone.says(said)
    phone.says("yes")
    assert phone.sent[0][0].team == "independent"
    assert phone.sent[0][0].kept_from_words == said


def test_nobody_else_sends_nothing_and_clears_nothing():
    phone = asked()
    phone.says("Dave")
    phone.taps("Someone else as well")
    phone.says("nobody")
    assert phone.talk.kept_from == ("dave-palmer",)
    assert phone.talk.at == "check"
    phone.says("no one else")
    assert phone.talk.kept_from == ("dave-palmer",)
    assert phone.sent == []


def test_more_places_than_buttons_are_found_by_their_first_letters():
    more = tuple(Place(f"t{n}", f"{name} Clinic") for n, name in enumerate(("Ash", "Elm", "Elder")))
    phone = Phone(places=(*PLACES, *more))
    phone.says("They lost my notes.")
    phone.taps("Send")
    assert len(buttons(phone)) == 5
    phone.says("el")
    assert buttons(phone) == ["Elm Clinic", "Elder Clinic", "Not sure", "Somewhere else"]
    assert phone.talk.place is None
    phone.says("eld")
    phone.says("yes")
    assert phone.talk.place == "t2"


def test_words_at_the_question_for_a_place_are_kept():
    phone = Phone()
    phone.says("They lost my notes.")
    phone.taps("Send")
    phone.says("it was in the garden")
    assert phone.draft[-1] == "it was in the garden"
    assert phone.talk.at == "place"
