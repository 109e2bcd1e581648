"""Conditions of the chapter `going`, each one question about the talk and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.casework.access import reaches_someone
from bot.casework.model import INDEPENDENT_TEAM
from bot.dialogue.finding import found, places_beginning
from bot.dialogue.guards.model import Guard
from bot.dialogue.known import (
    destination,
    is_about_staff,
    left_out,
    members_of,
    settled_place,
    team_is_out,
)
from bot.dialogue.model import Facts, Talk
from bot.dialogue.table import MOST_FOUND, MOST_NAMES


def _place_is_settled(talk: Talk, facts: Facts) -> bool:
    return settled_place(talk, facts) is not None


def _place_is_open(talk: Talk, facts: Facts) -> bool:
    return settled_place(talk, facts) is None


def _place_was_given(talk: Talk, facts: Facts) -> bool:
    """By a link, so that the person was not asked and must be able to say that it is wrong."""
    return len(facts.places) > 1 and "place" not in talk.trail


def _goes_outside(talk: Talk, facts: Facts) -> bool:
    return destination(talk, facts) == INDEPENDENT_TEAM


def _has_team(talk: Talk, facts: Facts) -> bool:
    return bool(members_of(settled_place(talk, facts), facts))


def _names_are_chosen(talk: Talk, _: Facts) -> bool:
    return bool(talk.kept_from or talk.kept_from_words)


def _someone_is_out(talk: Talk, facts: Facts) -> bool:
    return _names_are_chosen(talk, facts) or talk.about_staff


def _is_about_staff_there(talk: Talk, facts: Facts) -> bool:
    """About staff of a place whose name can be said; "not sure" has none."""
    return is_about_staff(talk) and settled_place(talk, facts) not in (None, INDEPENDENT_TEAM)


def _is_about_staff(talk: Talk, _: Facts) -> bool:
    return is_about_staff(talk)


def _may_be_about_staff(talk: Talk, facts: Facts) -> bool:
    return not is_about_staff(talk) and _has_team(talk, facts)


def _was_said_of_staff(talk: Talk, _: Facts) -> bool:
    return talk.about_staff


def _has_one_place(talk: Talk, facts: Facts) -> bool:
    return len(facts.places) == 1 and talk.place != INDEPENDENT_TEAM


def _left_the_one_place(talk: Talk, facts: Facts) -> bool:
    return len(facts.places) == 1 and talk.place == INDEPENDENT_TEAM


def _places_are_found(talk: Talk, facts: Facts) -> bool:
    return 0 < len(places_beginning(talk.seeking, facts)) < len(facts.places)


def _one_place_is_found(talk: Talk, facts: Facts) -> bool:
    return len(places_beginning(talk.seeking, facts)) == 1


def _nothing_is_found(talk: Talk, facts: Facts) -> bool:
    return not found(talk, facts)


def _one_is_found(talk: Talk, facts: Facts) -> bool:
    return len(found(talk, facts)) == 1


def _many_are_found(talk: Talk, facts: Facts) -> bool:
    return len(found(talk, facts)) > MOST_FOUND


def _all_can_read(talk: Talk, facts: Facts) -> bool:
    """Whether somebody reads it when no names are given."""
    return not nobody_reads(replace(talk, kept_from=(), kept_from_words=""), facts)


def _none_can_read(talk: Talk, facts: Facts) -> bool:
    return not _all_can_read(talk, facts)


def nobody_reads(talk: Talk, facts: Facts) -> bool:
    return not reaches_someone(facts.staff, destination(talk, facts), left_out(talk, facts))


def _nobody_is_out(talk: Talk, facts: Facts) -> bool:
    return not _someone_is_out(talk, facts)


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
    "place_is_open": _place_is_open,
    "place_was_given": _place_was_given,
    "goes_outside": _goes_outside,
    "has_team": _has_team,
    "names_are_chosen": _names_are_chosen,
    "all_can_read": _all_can_read,
    "none_can_read": _none_can_read,
    "nobody_reads": nobody_reads,
    "someone_is_out": _someone_is_out,
    "nobody_is_out": _nobody_is_out,
    "is_about_staff": _is_about_staff,
    "is_about_staff_there": _is_about_staff_there,
    "may_be_about_staff": _may_be_about_staff,
    "was_said_of_staff": _was_said_of_staff,
    "has_one_place": _has_one_place,
    "left_the_one_place": _left_the_one_place,
    "places_are_found": _places_are_found,
    "one_place_is_found": _one_place_is_found,
    "nothing_is_found": _nothing_is_found,
    "one_is_found": _one_is_found,
    "many_are_found": _many_are_found,
    "team_is_out": team_is_out,
    "team_and_others_are_out": _team_and_others_are_out,
    "nobody_was_found": _nobody_was_found,
    "some_words_unfound": _some_words_unfound,
    "many_are_out": _many_are_out,
}
