"""What the words must never leave out, and never say too soon."""

from __future__ import annotations

import pytest

from tests.wording.said import books, messages, screens, shipped, wording

ENGLISH = ("en", "en-easy")
UNSENT = ("talk.saved", "talk.place", "talk.kept", "talk.check", "talk.whose")
OF_WHAT_WAS_SENT = "talk.kept-apart"


@pytest.mark.parametrize("book", books(), ids=lambda book: book.nation)
def test_the_first_screen_has_help_before_anything_is_asked(book):
    plain = wording("en")
    text = plain.having(book.standing(plain)).text("talk.welcome")
    for needed in ("not an emergency service", "999", "116 123", "SHOUT to 85258"):
        assert needed in text
    assert "Telegram keeps a copy" in text
    assert "?" not in text


@pytest.mark.parametrize("language", [one for one in shipped() if one in ENGLISH])
def test_a_draft_is_never_said_to_be_received(language):
    for said in messages(language):
        text = said.text.lower()
        assert "received" not in text
        if said.key.startswith(UNSENT) and said.key != OF_WHAT_WAS_SENT:
            assert said.key == "talk.kept-words" or "not sent" in text


@pytest.mark.parametrize("language", shipped())
def test_every_language_names_999_wherever_help_is_shown(language):
    shown = [one for one in screens(language) if "116 123" in one]
    assert shown
    assert all("999" in one for one in shown)
