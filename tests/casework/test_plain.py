"""Plain words: what is hard is found, what is plain is left alone, advice says what to do."""

from __future__ import annotations

import pytest

from bot.casework.plain import findings
from bot.turns.plain_words import rules

PLAIN = (
    "Thank you for telling us about the night.\n\n"
    "I am sorry that nobody came. I spoke with all who worked on Sunday 22 November.\n\n"
    "Two people now work each night. I look at it again on 1 December.\n\n"
    "Ask for me at the desk, or write here."
)


def advice(text: str) -> list[str]:
    return [one.advice for one in findings(text, rules())]


def test_a_plain_letter_has_no_findings():
    assert findings(PLAIN, rules()) == []


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("Short one. " + "word " * 20 + "end.", "word word", "This sentence has 21 words."),
        ("One. Two. Three. Four.", "One. …", "4 sentences in one go."),
        ("Thank you!", "!", "Leave out the exclamation mark."),
        ("The MDT met.", "MDT", "Plainer: the team that plans your care."),
        ("We met two Service Users.", "Service Users", "Plainer: you."),
        ("We facilitated it.", "facilitated", "Plainer: help."),
        ("We are utilising it.", "utilising", "Plainer: use."),
        ("We will fix it.", "We will fix", "Say only what is sure, and always true."),
        ("Rest assured.", "Rest assured", "Leave it out."),
        ("He is a sufferer.", "sufferer", "Nobody gives themselves this name."),
    ],
)
def test_what_is_hard_is_shown_with_what_to_do(text, words, told):
    found = findings(text, rules())
    assert any(one.words.startswith(words) and one.advice.startswith(told) for one in found), found


def test_long_words_are_named_when_a_text_is_too_hard():
    text = "The organisation considers these allegations and will communicate with you soon after."
    (found,) = advice(text)
    assert found.startswith("Hard to read. Try shorter words for: ")
    assert "organisation" in found


def test_names_and_days_make_nothing_harder():
    text = (
        "I spoke with Elizabethina Montgomerysmithies on Wednesday, and on Saturday we met again."
    )
    assert advice(text) == []


def test_a_term_inside_another_word_is_none():
    assert advice("We observed the obstacles. Incidentally, we met.") == []


def test_words_that_staff_may_need_are_left_alone():
    assert advice("Your next session is on Monday. The lift failed.") == []
