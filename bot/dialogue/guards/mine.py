"""Conditions of the chapters `mine` and `data`, and of what can be asked for at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.model import OPEN_STATES, State
from bot.dialogue.asks.mine import STANDS
from bot.dialogue.guards.model import Guard
from bot.dialogue.known import open_concerns, own_concern
from bot.dialogue.model import Facts, Talk
from bot.dialogue.table import MOST_MINE


def _owns_nothing(_: Talk, facts: Facts) -> bool:
    return not facts.concerns


def _owns_one(_: Talk, facts: Facts) -> bool:
    return len(facts.concerns) == 1


def _owns_many(_: Talk, facts: Facts) -> bool:
    return len(facts.concerns) > MOST_MINE


def _some_are_open(_: Talk, facts: Facts) -> bool:
    return bool(open_concerns(facts))


def _about_is_unknown(talk: Talk, facts: Facts) -> bool:
    return own_concern(talk.about, facts) is None


def _about_is_open(talk: Talk, facts: Facts) -> bool:
    own = own_concern(talk.about, facts)
    return own is not None and own.state in OPEN_STATES


def _about_is_asked(talk: Talk, facts: Facts) -> bool:
    """Whether staff asked something that waits for a reply."""
    own = own_concern(talk.about, facts)
    return own is not None and own.asked


def _stands(state: State) -> Guard:
    def stands(talk: Talk, facts: Facts) -> bool:
        own = own_concern(talk.about, facts)
        return own is not None and own.state is state

    return stands


def _one_language(_: Talk, facts: Facts) -> bool:
    return len(facts.languages) < 2


GUARDS: Final[Mapping[str, Guard]] = {
    "owns_nothing": _owns_nothing,
    "owns_one": _owns_one,
    "owns_many": _owns_many,
    "some_are_open": _some_are_open,
    "about_is_unknown": _about_is_unknown,
    "about_is_open": _about_is_open,
    "about_is_asked": _about_is_asked,
    "one_language": _one_language,
    **{guard: _stands(state) for guard, state in STANDS.items()},
}
