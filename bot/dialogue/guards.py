"""Conditions that the script names, each one question about the talk and the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.casework.access import reaches_someone
from bot.casework.model import INDEPENDENT_TEAM, OPEN_STATES, State
from bot.dialogue.model import Facts, OwnConcern, Talk

Guard = Callable[[Talk, Facts], bool]


def settled_place(talk: Talk, facts: Facts) -> str | None:
    """The place the concern is about, if a link, a choice or a single team has settled it."""
    if len(facts.places) == 1:
        return facts.places[0].id
    if not facts.places:
        return INDEPENDENT_TEAM
    known = {INDEPENDENT_TEAM, *(place.id for place in facts.places)}
    return talk.place if talk.place in known else None


def members_of(team: str | None, facts: Facts) -> frozenset[str]:
    return frozenset(
        one.id for one in facts.staff if any(held.team == team for held in one.memberships)
    )


def team_is_out(talk: Talk, facts: Facts) -> bool:
    """Whether everyone in the place's own team is to be kept out."""
    team = members_of(settled_place(talk, facts), facts)
    return bool(team) and team <= frozenset(talk.kept_from)


def destination(talk: Talk, facts: Facts) -> str:
    """The team a concern goes to. Outside every team when the whole team is kept out (whoever
    joins it later must not see it either) or when words matched nobody."""
    if talk.kept_from_words or team_is_out(talk, facts):
        return INDEPENDENT_TEAM
    return settled_place(talk, facts) or INDEPENDENT_TEAM


def own_concern(id_: str | None, facts: Facts) -> OwnConcern | None:
    return next((one for one in facts.concerns if one.id == id_), None)


def open_concerns(facts: Facts) -> tuple[OwnConcern, ...]:
    return tuple(one for one in facts.concerns if one.state in OPEN_STATES)


def ended_concerns(facts: Facts) -> tuple[OwnConcern, ...]:
    """Closed or taken back: one word opens them again."""
    return tuple(one for one in facts.concerns if one.state not in OPEN_STATES)


def in_state(state: State, facts: Facts) -> tuple[OwnConcern, ...]:
    return tuple(one for one in facts.concerns if one.state is state)


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


def _one_is_open(_: Talk, facts: Facts) -> bool:
    return len(open_concerns(facts)) == 1


def _several_are_open(_: Talk, facts: Facts) -> bool:
    return len(open_concerns(facts)) > 1


def _none_is_open(_: Talk, facts: Facts) -> bool:
    return not open_concerns(facts)


def _nothing_to_add(talk: Talk, facts: Facts) -> bool:
    return not open_concerns(facts) or talk.parts == 0


def _outcome_waits(_: Talk, facts: Facts) -> bool:
    return bool(in_state(State.OUTCOME, facts))


def _one_has_ended(_: Talk, facts: Facts) -> bool:
    return len(ended_concerns(facts)) == 1


def _several_have_ended(_: Talk, facts: Facts) -> bool:
    return len(ended_concerns(facts)) > 1


def _none_has_ended(_: Talk, facts: Facts) -> bool:
    return not ended_concerns(facts)


def _about_has_ended(talk: Talk, facts: Facts) -> bool:
    own = own_concern(talk.about, facts)
    return own is not None and own.state not in OPEN_STATES


MOST_NAMES: Final = 6  # names said back in one message, so that it stays short

GUARDS: Final[Mapping[str, Guard]] = {
    "has_words": _has_words,
    "has_no_words": _has_no_words,
    "has_draft": _has_draft,
    "has_no_draft": _has_no_draft,
    "has_no_topic": _has_no_topic,
    "can_go_back": _can_go_back,
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


def holds(name: str, talk: Talk, facts: Facts) -> bool:
    """Whether the guard of this name holds; no name always holds."""
    return not name or GUARDS[name](talk, facts)
