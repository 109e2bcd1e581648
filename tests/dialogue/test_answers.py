"""What typed words count as, and what must never be guessed."""

from __future__ import annotations

import pytest

from bot.dialogue.answers import Offer, is_blank, understood
from bot.dialogue.model import Talk
from tests.dialogue.phone import Phone

SEND = Offer(("Send", "send it"), numbered=True)
DELETE = Offer(("Delete it",), exact=True, numbered=True)
ROWAN = Offer(("Rowan Ward",), numbered=True, named=True)
NORTH = Offer(("North Ward",), numbered=True, named=True)


@pytest.mark.parametrize("said", ["Send", "SEND", " send! ", "send it", "sned", "Sendd", "1", "1."])
def test_these_mean_send(said):
    assert understood(said, [SEND, DELETE], own_words=False) == 0


@pytest.mark.parametrize("said", ["delet it", "dont delete it", "delete", "Delete that"])
def test_a_grave_choice_is_never_guessed(said):
    assert understood(said, [SEND, DELETE], own_words=False) is None


@pytest.mark.parametrize("said", ["1", "sent", "sand", "I will send it to you tomorrow, I said"])
def test_own_words_stay_own_words(said):
    assert understood(said, [SEND, DELETE], own_words=True) is None


def test_a_part_of_a_name_counts_when_only_one_has_it():
    assert understood("rowan", [ROWAN, NORTH], own_words=False) == 0
    assert understood("ward", [ROWAN, NORTH], own_words=False) is None


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200d", "\u2800", "\ufe0f"])
def test_nothing_that_can_be_seen_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "😢", "لا", "?", "1"])
def test_anything_that_can_be_seen_is_not(text):
    assert not is_blank(text)


def test_dont_send_it_does_not_send():
    for words in ("dont send it", "don't send it!", "no dont send it", "do not send"):
        phone = Phone(talk=Talk(at="kept", parts=1, place="rowan", trail=("saved",)))
        phone.draft.append("They lost my notes.")
        phone.says(words)
        assert phone.sent == []


def test_a_name_beyond_the_four_buttons_can_be_typed():
    from_five = Phone()
    more = tuple(type(from_five.places[0])(f"t{n}", f"Clinic {n}") for n in "abc")
    from_five.places = (*from_five.places, *more)
    from_five.says("They lost my notes.")
    from_five.taps("Send")
    from_five.says("clinic c")
    assert from_five.talk.place == "tc"
