"""By what danger is recognised in each language: read from its lists once, when first needed."""

from __future__ import annotations

from functools import cache
from typing import Final

from bot.dialogue.danger_lexicon import Lexicon
from config import danger

FALLBACK: Final = "en"


@cache
def lexicon(language: str) -> Lexicon:
    """The lists of a language; without any, those of the language that it is a plainer form of,
    and else the English ones: many write English whatever they read, and help is only added.

    A tenth of a second for each of them, so whoever serves people calls it before the first of them
    writes. Raises DangerListsError.
    """
    for name in (language, language.partition("-")[0], FALLBACK):
        if lists := danger.load(name):
            try:
                return Lexicon.of(lists, danger.weights(name))
            except ValueError as error:
                raise danger.DangerListsError(f"danger lists of {name}: {error}.") from error
    return Lexicon()
