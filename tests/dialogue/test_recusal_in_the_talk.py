"""Who is kept out is what is said back, and nothing is ever sent to nobody."""

from __future__ import annotations

from bot.casework.model import INDEPENDENT_TEAM, Role
from tests.dialogue.phone import STAFF, Phone, member


def _named(*words: str, staff=STAFF) -> Phone:
    phone = Phone(staff=staff)
    phone.says("He hurt me.")
    phone.taps("Send")
    phone.taps("Rowan Ward")
    for one in words:
        phone.says(one)
    return phone


def test_a_named_member_is_kept_out_and_the_team_still_reads():
    phone = _named("Dave Palmer", "yes")
    effect, _ = phone.sent[0]
    assert (effect.team, effect.kept_from) == ("rowan", ("dave-palmer",))


def test_words_that_match_nobody_go_to_the_independent_people_alone():
    phone = _named("the tall man on nights")
    assert phone.shown[-1].tell.key == "talk.check-unfound"
    phone.says("yes")
    effect, _ = phone.sent[0]
    assert (effect.team, effect.place) == (INDEPENDENT_TEAM, "rowan")
    assert effect.kept_from_words == "the tall man on nights"


def test_a_whole_team_kept_out_sends_outside_so_that_who_joins_later_never_sees_it():
    phone = _named("Rowan Ward", "yes")
    effect, _ = phone.sent[0]
    assert effect.team == INDEPENDENT_TEAM
    assert set(effect.kept_from) == {"dave-palmer", "ruth-adeyemi"}


def test_when_nobody_is_left_it_is_not_sent_and_that_is_said():
    phone = _named("the tall man on nights", "Helen Marsh", "Tom Byrne", "yes", "send")
    assert phone.sent == []
    assert phone.talk.parts == 1
    assert "talk.nobody" in [one.tell.key for one in phone.shown]


def test_with_no_staff_at_all_nothing_is_sent_even_when_nobody_is_kept_out():
    phone = _named("no", staff=())
    assert phone.sent == []
    assert phone.shown[-1].tell.key == "talk.nobody-at-all"


def test_after_choosing_again_old_names_do_not_come_back():
    phone = _named("Dave Palmer", "no")
    assert phone.talk.kept_from == ()
    phone.taps("Back")
    assert phone.talk.at == "kept"
    assert phone.shown[-1].tell.key == "talk.kept"


def test_no_send_it_after_giving_names_keeps_nobody_out_and_warned_of_it():
    phone = _named("Dave Palmer")
    phone.taps("Back")
    assert phone.shown[-1].tell.key == "talk.kept-again"
    phone.taps("No, send it")
    assert phone.sent[0][0].kept_from == ()


def test_many_names_are_said_back_shortly():
    crowd = tuple(member(f"Anna {name}", "north", Role.ANSWERER) for name in (
        "Ash", "Birch", "Cedar", "Elder", "Hazel", "Maple", "Oak", "Poplar"))  # fmt: skip
    phone = _named("Anna", staff=(*STAFF, *crowd))
    assert phone.shown[-1].tell.key == "talk.check-many"
    assert phone.shown[-1].tell.params["more"] == "2"


def test_a_long_answer_is_also_kept_as_a_part_of_the_concern():
    story = "It was Dave and he came in at night again and took my phone. " * 3
    phone = _named(story)
    assert phone.draft == ["He hurt me.", story]
    assert "dave-palmer" in phone.talk.kept_from
