"""Every sentence of the talk can be read by somebody who is shaking, tired or medicated."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.dialogue.phone import WORDING

REALISTIC = {
    "reference": "H-7K2M-9QXP",
    "open_reference": "H-7K2M-9QXP",
    "place": "North Community Mental Health Team",
    "kept_from": "Dave Palmer, Ruth Adeyemi, Sunil Mehta, Grace Okoro",
    "more": "3",
    "count": "40",
    "acknowledge_by": date(2026, 11, 25),
    "answer_by": date(2026, 11, 29),
}
BANNED = (
    "service user", "session", "submit", "invalid", "safeguarding", "triage", "disclosure", "error",
    "anonymous", "proxy", "suffering", "mentally ill", "patient journey", "unfortunately", "great",
    "happy to", "we understand", "reaching out", "someone is reading", "will be fixed",
)  # fmt: skip
KEYS = sorted(key for key in WORDING.sentences if key.startswith(("talk.", "help.", "contact.")))
SHOWN = [key for key in KEYS if not key.startswith("contact.")]
BUTTONS = sorted(key for key in WORDING.sentences if key.startswith(("button.", "topic.")))


def worded(key: str) -> str:
    return WORDING.text(key, **REALISTIC)


def sentences(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    return [one for line in lines for one in re.split(r"(?<=[.?!])\s+", line.strip()) if one]


def syllables(word: str) -> int:
    """Groups of vowels, without a silent last e: near enough, and never fewer than one."""
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", re.sub(r"(?<![aeiouyl])e$|(?<=[^td])ed$", "", word)))
    return max(1, groups)


def grade(text: str) -> float:
    """Flesch-Kincaid US grade; names, references, numbers and dates are not the wording's fault."""
    plain = [one for one in sentences(text) if re.search("[a-z]{2}", one)]
    words = [word for one in plain for word in re.findall(r"[A-Za-z'’]+", one)]
    spoken = [word for word in words if word not in _NAMES]
    return (
        0.39 * len(spoken) / len(plain) + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59
    )


_NAMES = {"H", "K", "M", "QXP", "Telegram", "Samaritans", "Childline", "HOPELINE", "SHOUT", "NHS"}
_NAMES |= {word for value in REALISTIC.values() for word in re.findall("[A-Za-z]+", str(value))}
_NAMES |= {"Wednesday", "Sunday", "November"}


@pytest.mark.parametrize("key", SHOWN)
def test_a_message_is_short_plain_and_calm(key):
    text = worded(key)
    assert key == "help.block" or len(text) <= 500, len(text)
    assert "!" not in text
    assert not [term for term in BANNED if term in text.lower()]
    for one in sentences(text):
        assert len(one.split()) <= 20, one
    for paragraph in WORDING.sentences[key].split("\n\n"):
        assert len(sentences(paragraph)) <= 3, paragraph


@pytest.mark.parametrize("key", SHOWN)
def test_a_child_of_eleven_can_read_it(key):
    text = re.sub(r"\{(help_lines|first_help)\}", "", WORDING.sentences[key])
    text = text.format_map({name: str(value) for name, value in REALISTIC.items()})
    limit = 6.0 if len(re.findall(r"\w+", text)) >= 12 else 8.0  # the formula leaps in short lines
    assert grade(text) <= limit, round(grade(text), 1)


@pytest.mark.parametrize("key", BUTTONS)
def test_a_button_says_what_it_does_in_few_words(key):
    label = WORDING.sentences[key]
    assert len(label) <= 30
    assert "!" not in label
    assert not [term for term in BANNED if term in label.lower()]


def test_the_first_screen_has_help_before_anything_is_asked():
    text = worded("talk.welcome")
    for needed in ("not an emergency service", "999", "111, option 2", "116 123", "SHOUT to 85258"):
        assert needed in text
    assert "Telegram keeps a copy" in text
    assert "?" not in text


def test_a_draft_is_never_said_to_be_received():
    for key in SHOWN:
        text = worded(key).lower()
        assert "received" not in text
        if key.startswith(("talk.saved", "talk.place", "talk.kept", "talk.check", "talk.whose")):
            assert key == "talk.kept-words" or "not sent" in text


def test_the_hardest_sentences_are_printed_for_review():
    hardest = sorted((grade(worded(key)), key) for key in SHOWN if key != "help.block")[-10:]
    count = sum(len(sentences(worded(key))) for key in SHOWN)
    print(f"\n{count} sentences in {len(SHOWN)} messages; hardest:")
    for value, key in reversed(hardest):
        print(f"  grade {value:4.1f}  {key}")
    assert count > 100
