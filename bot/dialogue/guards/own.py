"""Conditions of the chapter `own`, each one question about the talk and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.model import OPEN_STATES, State
from bot.dialogue.guards.model import Guard
from bot.dialogue.known import (
    ended_concerns,
    in_state,
    open_concerns,
    own_concern,
)
from bot.dialogue.model import Facts, Talk


def _one_is_open(_: Talk, facts: Facts) -> bool:
    return len(open_concerns(facts)) == 1


def _several_are_open(_: Talk, facts: Facts) -> bool:
    return len(open_concerns(facts)) > 1


def _none_is_open(_: Talk, facts: Facts) -> bool:
    return not open_concerns(facts)


def _nothing_to_add(talk: Talk, facts: Facts) -> bool:
    return not open_concerns(facts) or talk.parts == 0


def _about_has_ended(talk: Talk, facts: Facts) -> bool:
    own = own_concern(talk.about, facts)
    return own is not None and own.state not in OPEN_STATES


def _outcome_waits(_: Talk, facts: Facts) -> bool:
    return bool(in_state(State.OUTCOME, facts))


def _one_has_ended(_: Talk, facts: Facts) -> bool:
    return len(ended_concerns(facts)) == 1


def _several_have_ended(_: Talk, facts: Facts) -> bool:
    return len(ended_concerns(facts)) > 1


def _none_has_ended(_: Talk, facts: Facts) -> bool:
    return not ended_concerns(facts)


GUARDS: Final[Mapping[str, Guard]] = {
    "one_is_open": _one_is_open,
    "several_are_open": _several_are_open,
    "none_is_open": _none_is_open,
    "nothing_to_add": _nothing_to_add,
    "about_has_ended": _about_has_ended,
    "outcome_waits": _outcome_waits,
    "one_has_ended": _one_has_ended,
    "several_have_ended": _several_have_ended,
    "none_has_ended": _none_has_ended,
}
