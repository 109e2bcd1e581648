"""Conditions of the chapter `telling`, each one question about the talk and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.guards.model import Guard
from bot.dialogue.known import open_concerns
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


def _has_topic(talk: Talk, _: Facts) -> bool:
    return talk.topic is not None


def _all_is_odd(talk: Talk, _: Facts) -> bool:
    return talk.last_odd and talk.parts == 1 and talk.topic is None


def _newest_is_odd(talk: Talk, facts: Facts) -> bool:
    """And something else is held besides."""
    return talk.last_odd and talk.parts > 0 and not _all_is_odd(talk, facts)


def _has_concerns(_: Talk, facts: Facts) -> bool:
    return bool(facts.concerns)


def _has_only_sent(talk: Talk, facts: Facts) -> bool:
    return bool(facts.concerns) and not _has_draft(talk, facts)


def _has_draft_and_concerns(talk: Talk, facts: Facts) -> bool:
    return _has_draft(talk, facts) and bool(facts.concerns)


def _waits_for_word(talk: Talk, facts: Facts) -> bool:
    """Nothing is being told, and a date was promised for what was sent."""
    waiting = any(one.next_by for one in open_concerns(facts)[:1])
    return waiting and not _has_draft(talk, facts)


def _is_not_known_as_child(talk: Talk, _: Facts) -> bool:
    return not talk.child


def _met_with_help(talk: Talk, _: Facts) -> bool:
    return bool(talk.helped_on)


def _can_go_back(talk: Talk, _: Facts) -> bool:
    return bool(talk.trail)


GUARDS: Final[Mapping[str, Guard]] = {
    "has_words": _has_words,
    "has_no_words": _has_no_words,
    "has_draft": _has_draft,
    "has_no_draft": _has_no_draft,
    "has_no_topic": _has_no_topic,
    "has_topic": _has_topic,
    "has_concerns": _has_concerns,
    "has_only_sent": _has_only_sent,
    "has_draft_and_concerns": _has_draft_and_concerns,
    "waits_for_word": _waits_for_word,
    "is_not_known_as_child": _is_not_known_as_child,
    "met_with_help": _met_with_help,
    "all_is_odd": _all_is_odd,
    "newest_is_odd": _newest_is_odd,
    "can_go_back": _can_go_back,
}
