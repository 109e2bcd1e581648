"""Lines of a right-to-left language start on the right, and no number in them is turned round."""

from __future__ import annotations

import re
import unicodedata

import pytest

from config import bidi, po
from config.wording import Wording
from tests.wording.said import messages, screens, shipped, wording

RIGHT = {"R", "AL"}
URDU = po.Manner(own_name="اردو", direction="rtl")
# A reference, a phone number and a name that a right-to-left line would turn round.
REFERENCE, PHONE = "H-7K2M-9QXP", "116 123"


def direction(line):
    """Of a line as Unicode has it (UAX #9, P2): the first strong letter outside every isolate."""
    depth = 0
    for letter in line:
        kind = unicodedata.bidirectional(letter)
        if kind in {"LRI", "RLI", "FSI"}:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif not depth and kind in {"L", "R", "AL"}:
            return "right" if kind in RIGHT else "left"
    return "none"


def bare(text):
    """What stands outside every isolate."""
    return re.sub(f"{bidi.ISOLATE}[^{bidi.END}]*{bidi.END}", " ", text)


def urdu(sentence, **values):
    found = bidi.ordered(sentence, frozenset({"words"}))
    return Wording("ur", {"a": found}, manner=URDU).text("a", **values)


@pytest.mark.parametrize(
    "sentence",
    [
        "{reference} آپ کا نمبر ہے۔",
        "999 پر کال کریں۔",
        "Telegram اس گفتگو کی نقل رکھتا ہے۔",
        "«{reference}» محفوظ ہے۔",
        "{reference}",
        "آپ کا نمبر {reference} ہے۔",
        "• Samaritans کو کال کریں۔",
    ],
)
def test_a_line_starts_on_the_right_whatever_stands_first(sentence):
    assert direction(urdu(sentence, reference=REFERENCE)) == "right"


def test_numbers_and_references_hold_together():
    text = urdu("دن ہو یا رات {number} پر کال کریں۔", number=PHONE)
    assert f"{bidi.ISOLATE}{PHONE}{bidi.END}" in text
    literal = urdu("دن ہو یا رات 116 123 یا www.nhs.uk پر۔")
    assert f"{bidi.ISOLATE}116 123{bidi.END}" in literal
    assert f"{bidi.ISOLATE}www.nhs.uk{bidi.END}" in literal


def test_a_single_number_or_name_needs_no_isolate():
    assert urdu("خطرے میں 999 پر کال کریں۔") == "خطرے میں 999 پر کال کریں۔"


def test_the_words_of_staff_keep_their_own_direction():
    text = urdu("جواب:\n\n{words}\n\nشکریہ۔", words="We changed it.\nThank you.")
    lines = text.split("\n")
    assert [direction(one) for one in lines if one] == ["right", "left", "left", "right"]
    assert "We changed it.\nThank you." in text


def test_left_to_right_languages_get_no_marks():
    said = "".join(one.text for one in messages("en"))
    assert not {bidi.RIGHT_MARK, bidi.ISOLATE, bidi.END} & set(said)


def test_marks_are_no_part_of_what_is_typed():
    """The talk compares typed answers without invisible characters: bot/dialogue/answers.py."""
    marks = bidi.RIGHT_MARK + bidi.ISOLATE + bidi.END
    assert {unicodedata.category(one) for one in marks} == {"Cf"}


@pytest.mark.parametrize(
    "language", [one for one in shipped() if wording(one).manner.right_to_left] or ["none"]
)
def test_every_line_of_every_right_to_left_message_is_in_order(language):
    if language == "none":
        pytest.skip("no right-to-left language is shipped yet")
    for text in screens(language):
        for line in filter(str.strip, text.split("\n")):
            assert direction(line) == "right", line
            assert not re.search(r"\d \d", bare(line)), line
