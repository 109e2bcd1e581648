"""What is asked of the person beside "does this answer you?", and what one concern's going on in
another needs. Rules and words alone; the rows stand in `promises`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.casework.dates import Times
from bot.casework.model import (
    OPEN_STATES,
    Act,
    Concern,
    Event,
    Kind,
    NotAllowed,
    TellPerson,
    TellStaff,
)

# Our own: one question at a time; silence is an answer too, so after a week another may be asked.
ASK_AGAIN_AFTER: Final = timedelta(days=7)

Tells = tuple[TellPerson | TellStaff, ...]


def check(concern: Concern, event: Event, now: datetime) -> None:
    """Raises NotAllowed for a question that cannot be asked now, and for a merge that would leave
    the person without a date."""
    if event.act is Act.ASK:
        if concern.forgotten or concern.kind is not Kind.CONCERN:
            raise NotAllowed("nobody-to-ask")
        if concern.asked_at is not None and now < concern.asked_at + ASK_AGAIN_AFTER:
            raise NotAllowed("asked")
    if event.act is Act.MERGE and (event.into is None or not can_merge(concern, event.into)):
        raise NotAllowed("these two cannot be one")


def can_merge(concern: Concern, into: Concern) -> bool:
    """Whether one may go on in the other, as far as both are in the clear: two open concerns of one
    team, the newer in the older, so that the earlier promises stand. Whose they are is another
    question. One team: else those who answer could not read what they answer."""
    both = (concern, into)
    return (
        concern.id != into.id
        and (concern.sent_at, concern.id) > (into.sent_at, into.id)
        and concern.team == into.team
        and all(one.kind is Kind.CONCERN and not one.forgotten for one in both)
        and all(one.state in OPEN_STATES and one.due is not None for one in both)
    )


def told(before: Concern, event: Event, tells: Tells, times: Times) -> Tells:
    """The same words, and those that only these acts have."""
    if event.act is Act.ADD and before.asked_at is not None:
        return tuple(_replied(one) for one in tells)
    if event.act is Act.ACKNOWLEDGE and event.offers_talk and before.kind is Kind.CONCERN:
        offer = TellPerson("push.talk-offer", {"reference": before.reference}, "talk-offer")
        return (*tells, offer)
    if event.act is Act.MERGE and event.into is not None and event.into.due is not None:
        on = times.day_of(event.into.due)
        named: dict[str, str | date] = {"reference": before.reference}
        into = {**named, "into": event.into.reference, "promised": on}
        return tuple(
            replace(one, params=into if isinstance(one, TellPerson) else named) for one in tells
        )
    return tells


def _replied(tell: TellPerson | TellStaff) -> TellPerson | TellStaff:
    return replace(tell, key="staff.replied") if tell.key == "staff.added" else tell
