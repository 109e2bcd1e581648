"""By what danger is recognised in each language: read from its lists once, when first needed."""

from __future__ import annotations

from functools import cache

from bot.dialogue.danger_lexicon import Lexicon
from config import danger


@cache
def lexicon(language: str) -> Lexicon:
    """Empty for a language without lists. Half a second for one with them, so whoever serves
    people calls it before the first of them writes. Raises DangerListsError."""
    return Lexicon.of(danger.load(language), danger.weights(language))
