"""What follows from the talk and the facts: where it would go, whose concerns stand where."""

from __future__ import annotations

from bot.casework.model import INDEPENDENT_TEAM, OPEN_STATES, State
from bot.dialogue.model import Facts, OwnConcern, Talk


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
