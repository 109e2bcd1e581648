"""The answer form: every part there, and one text for the person."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from bot.casework.answer import ASKED_FOR, Answer, compose, needs_confirming, problems

GOOD = Answer(
    first_name="Priya",
    role="ward manager",
    thanks="Thank you for telling us.",
    sorry="I am sorry that nobody came.",
    done="We now check the bell each hour.",
    next="I will look at it again on Friday.",
    back="Ask for me at the desk.",
)


def test_a_whole_answer_has_no_problems():
    assert problems(GOOD) == []
    assert problems(replace(GOOD, sorry="")) == []


def test_each_missing_part_is_named():
    for part in fields(Answer):
        if part.name != "sorry":
            for nothing in ("", " \n", "..."):
                found = problems(replace(GOOD, **{part.name: nothing}))
                assert [one.field for one in found] == [part.name]
                assert found[0].text == ASKED_FOR[part.name]


def test_the_person_gets_every_part_in_order_signed_with_name_and_role():
    text = compose(GOOD)
    parts = (GOOD.thanks, GOOD.sorry, GOOD.done, GOOD.next, GOOD.back, "Priya, ward manager")
    assert text == "\n\n".join(parts)
    assert "\n\n\n" not in compose(replace(GOOD, sorry="  "))


@pytest.mark.parametrize(
    ("for_whom", "consent", "needed"),
    [
        ("", "", False),
        ("me", "", False),
        ("me", "unaware", False),
        ("child", "yes", False),
        ("someone", "yes", False),
        ("someone", "", True),
        ("child", "knows", True),
        ("partner", "unaware", True),
        ("my mum", "unsure", True),
        ("someone", "private", True),
        ("someone", "She said it is fine", True),
        ("", "knows", True),
    ],
)
def test_only_recorded_agreement_lets_an_answer_to_a_carer_go_unread(for_whom, consent, needed):
    assert needs_confirming(for_whom, consent) is needed
