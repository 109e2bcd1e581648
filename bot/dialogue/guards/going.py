"""Conditions of the chapter `going`, each one question about the talk and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.access import reaches_someone
from bot.casework.model import INDEPENDENT_TEAM
from bot.dialogue.guards.model import Guard
from bot.dialogue.known import (
    destination,
    members_of,
    settled_place,
    team_is_out,
)
from bot.dialogue.model import Facts, Talk
from bot.dialogue.table import MOST_NAMES


def _place_is_settled(talk: Talk, facts: Facts) -> bool:
    return settled_place(talk, facts) is not None


def _place_was_given(talk: Talk, facts: Facts) -> bool:
    """By a link, so that the person was not asked and must be able to say that it is wrong."""
    return len(facts.places) > 1 and "place" not in talk.trail


def _goes_outside(talk: Talk, facts: Facts) -> bool:
    return destination(talk, facts) == INDEPENDENT_TEAM


def _has_team(talk: Talk, facts: Facts) -> bool:
    return bool(members_of(settled_place(talk, facts), facts))


def _names_are_chosen(talk: Talk, _: Facts) -> bool:
    return bool(talk.kept_from or talk.kept_from_words)


def _all_can_read(talk: Talk, facts: Facts) -> bool:
    return reaches_someone(facts.staff, settled_place(talk, facts) or INDEPENDENT_TEAM, ())


def _none_can_read(talk: Talk, facts: Facts) -> bool:
    return not _all_can_read(talk, facts)


def nobody_reads(talk: Talk, facts: Facts) -> bool:
    return not reaches_someone(facts.staff, destination(talk, facts), talk.kept_from)


def _no_names_are_chosen(talk: Talk, facts: Facts) -> bool:
    return not _names_are_chosen(talk, facts)


def _team_and_others_are_out(talk: Talk, facts: Facts) -> bool:
    team = members_of(settled_place(talk, facts), facts)
    return team_is_out(talk, facts) and bool(frozenset(talk.kept_from) - team)


def _nobody_was_found(talk: Talk, _: Facts) -> bool:
    return not talk.kept_from


def _some_words_unfound(talk: Talk, _: Facts) -> bool:
    return bool(talk.kept_from_words)


def _many_are_out(talk: Talk, _: Facts) -> bool:
    return len(talk.kept_from) > MOST_NAMES


GUARDS: Final[Mapping[str, Guard]] = {
    "place_is_settled": _place_is_settled,
    "place_was_given": _place_was_given,
    "goes_outside": _goes_outside,
    "has_team": _has_team,
    "names_are_chosen": _names_are_chosen,
    "all_can_read": _all_can_read,
    "none_can_read": _none_can_read,
    "nobody_reads": nobody_reads,
    "no_names_are_chosen": _no_names_are_chosen,
    "team_is_out": team_is_out,
    "team_and_others_are_out": _team_and_others_are_out,
    "nobody_was_found": _nobody_was_found,
    "some_words_unfound": _some_words_unfound,
    "many_are_out": _many_are_out,
}
