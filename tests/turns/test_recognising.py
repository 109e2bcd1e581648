"""Danger is recognised whatever language somebody chose to read."""

from __future__ import annotations

import pytest

from bot.dialogue.danger import shows_danger
from bot.turns.recognising import lexicon


@pytest.mark.parametrize("language", ["en", "en-easy", "cy", "ur"])
def test_english_danger_is_seen_in_every_language(language):
    assert shows_danger("I want to kill myself tonight", "", lexicon(language))
    assert not shows_danger("The food was cold again.", "", lexicon(language))
