"""Conditions of the chapter `changes`, each one question about the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.changes import MOST_SHOWN
from bot.dialogue.guards.model import Guard
from bot.dialogue.model import Facts, Talk


def _wants_changes(_: Talk, facts: Facts) -> bool:
    return facts.wants_changes


def _wants_no_changes(_: Talk, facts: Facts) -> bool:
    return not facts.wants_changes


def _one_change(_: Talk, facts: Facts) -> bool:
    return len(facts.changes) == 1


def _two_changes(_: Talk, facts: Facts) -> bool:
    return len(facts.changes) == MOST_SHOWN - 1


def _more_changes(_: Talk, facts: Facts) -> bool:
    return len(facts.changes) >= MOST_SHOWN


GUARDS: Final[Mapping[str, Guard]] = {
    "wants_changes": _wants_changes,
    "wants_no_changes": _wants_no_changes,
    "one_change": _one_change,
    "two_changes": _two_changes,
    "more_changes": _more_changes,
}
