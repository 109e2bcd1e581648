"""What follows from the talk and the facts: where it would go, whose concerns stand where."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from bot.casework.model import INDEPENDENT_TEAM, OPEN_STATES, State
from bot.dialogue.model import Facts, OwnConcern, Talk

UNANSWERED: Final = frozenset({State.SENT, State.ACKNOWLEDGED, State.LOOKING})
ABOUT_STAFF: Final = "staff"  # the topic of what a member of staff did
_FOLDED: Final[Mapping[str, str]] = {"system": "missing"}  # topics of older drafts


def topic_of(talk: Talk) -> str | None:
    return _FOLDED.get(talk.topic, talk.topic) if talk.topic else None


def is_about_staff(talk: Talk) -> bool:
    """Whether the person said that it is about staff, by the topic or at the place's own question.
    Such a concern never goes to the team concerned: reference/domain.md, implication 14."""
    return talk.about_staff or topic_of(talk) == ABOUT_STAFF


def settled_place(talk: Talk, facts: Facts) -> str | None:
    """The place the concern is about, if a link, a choice or a single team has settled it."""
    if talk.place == INDEPENDENT_TEAM:
        return INDEPENDENT_TEAM
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


def left_out(talk: Talk, facts: Facts) -> frozenset[str]:
    """Everyone who is kept out: those who were named, and the place's whole team when it is about
    staff, whichever of the two was said first."""
    team = members_of(settled_place(talk, facts), facts) if is_about_staff(talk) else frozenset()
    return team | frozenset(talk.kept_from)


def team_is_out(talk: Talk, facts: Facts) -> bool:
    """Whether everyone in the place's own team is to be kept out."""
    team = members_of(settled_place(talk, facts), facts)
    return bool(team) and team <= left_out(talk, facts)


def destination(talk: Talk, facts: Facts) -> str:
    """The team a concern goes to. Outside every team when it is about staff, when the whole team
    is kept out (whoever joins it later must not see it either) or when words matched nobody."""
    if talk.kept_from_words or is_about_staff(talk) or team_is_out(talk, facts):
        return INDEPENDENT_TEAM
    return settled_place(talk, facts) or INDEPENDENT_TEAM


def own_concern(id_: str | None, facts: Facts) -> OwnConcern | None:
    return next((one for one in facts.concerns if one.id == id_), None)


def open_concerns(facts: Facts) -> tuple[OwnConcern, ...]:
    return tuple(one for one in facts.concerns if one.state in OPEN_STATES)


def latest_open(facts: Facts) -> OwnConcern | None:
    """What is said of danger at any moment belongs to the newest, while staff can still act."""
    return next(iter(open_concerns(facts)), None)


def ended_concerns(facts: Facts) -> tuple[OwnConcern, ...]:
    """Closed or taken back: one word opens them again."""
    return tuple(one for one in facts.concerns if one.state not in OPEN_STATES)


def in_state(state: State, facts: Facts) -> tuple[OwnConcern, ...]:
    return tuple(one for one in facts.concerns if one.state is state)


# Data (Use and Access) Act 2025: a complaint about data is acknowledged within 30 days.
COMPLAINT_DAYS: Final = timedelta(days=30)


def complaint_by(facts: Facts) -> date:
    return facts.today + COMPLAINT_DAYS


def copy_by(facts: Facts) -> date:
    """One calendar month on, or the last day of a shorter month (UK GDPR, article 12(3), as the
    Information Commissioner counts it)."""
    day = facts.today
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def complaint_reference(facts: Facts) -> str:
    """D for data: nobody should take it for one of their concerns."""
    return f"D{facts.new_reference[1:]}"


def goes_at_once(talk: Talk, facts: Facts) -> bool:
    """Whether words about danger belong to the concern without a question: staff may have taken it
    up meanwhile, but have told no outcome, which such words could be an answer to."""
    own = own_concern(talk.about, facts)
    return own is not None and own.state in UNANSWERED and not facts.away


def is_fresh(talk: Talk, facts: Facts) -> bool:
    """Whether what is said now still answers a question about the concern that was just sent.
    Later, or once staff have moved it on, it may be about anything."""
    own = own_concern(talk.about, facts)
    return own is not None and own.state is State.SENT and not facts.away
