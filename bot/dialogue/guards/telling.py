"""Conditions of the chapter `telling`, each one question about the talk and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.guards.model import Guard
from bot.dialogue.model import Facts, Talk


def _has_words(talk: Talk, _: Facts) -> bool:
    return talk.parts > 0


def _has_no_words(talk: Talk, _: Facts) -> bool:
    return talk.parts == 0


def _has_draft(talk: Talk, _: Facts) -> bool:
    return talk.parts > 0 or talk.topic is not None


def _has_no_draft(talk: Talk, facts: Facts) -> bool:
    return not _has_draft(talk, facts)


def _has_no_topic(talk: Talk, _: Facts) -> bool:
    return talk.topic is None


def _can_go_back(talk: Talk, _: Facts) -> bool:
    return bool(talk.trail)


GUARDS: Final[Mapping[str, Guard]] = {
    "has_words": _has_words,
    "has_no_words": _has_no_words,
    "has_draft": _has_draft,
    "has_no_draft": _has_no_draft,
    "has_no_topic": _has_no_topic,
    "can_go_back": _can_go_back,
}
