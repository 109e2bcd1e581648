"""What a member may do to a concern now, as its page offers it: asked of the rules themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.casework.access import Action as Allowed
from bot.casework.access import may
from bot.casework.life import decide
from bot.casework.model import Act, Concern, Event, Member, NotAllowed, Result
from bot.casework.working_days import DAY
from bot.turns.house import House

UNTOLD: Final = "Nobody is told: this person asked to be forgotten."


@dataclass(frozen=True, slots=True)
class Action:
    """Something this member may do now. `link` leads to a form; without it, one button does it.
    What is `rare` stands folded below the rest."""

    path: str
    label: str
    what: str
    link: bool = False
    rare: bool = False


ACTIONS: Final[Sequence[tuple[Act, Action]]] = (
    (
        Act.ACKNOWLEDGE,
        Action("acknowledge", "Acknowledge it", "Tell the person that someone has read this."),
    ),
    (
        Act.LOOK_INTO,
        Action(
            "look-into",
            "Say that I am looking into it",
            "Tell the person. The concern is then yours.",
        ),
    ),
    (
        Act.TAKE,
        Action(
            "take",
            "I'll take it",
            "It is then yours, and the person hears that someone has it. No date moves.",
        ),
    ),
    (
        Act.RESUME,
        Action("resume", "Carry on with it", "It is paused. The person is told that it goes on."),
    ),
    (
        Act.RECORD_OUTCOME,
        Action("outcome", "Write the outcome", "Tell the person what came of it.", link=True),
    ),
    (
        Act.ANSWER,
        Action(
            "answer",
            "Write an answer",
            "Tell the person something now. The concern stays open.",
            link=True,
        ),
    ),
    (
        Act.ASK,
        Action(
            "question",
            "Ask the person a question",
            "They can answer or skip it. No promised date moves.",
            link=True,
            rare=True,
        ),
    ),
    (
        Act.PAUSE,
        Action(
            "pause",
            "Pause it",
            "Tell the person why it has to wait, and until when.",
            link=True,
            rare=True,
        ),
    ),
    (
        Act.HIGHER,
        Action(
            "higher",
            "Needs someone higher",
            "It goes one step up. Those above are told, and so is the person. No date moves.",
            rare=True,
        ),
    ),
)


def actions(concern: Concern, member: Member, house: House, now: datetime) -> list[Action]:
    """What the member's roles and the concern's state allow, asked of the rules themselves."""
    if not may(member, concern.team, Allowed.ANSWER):
        return []
    return [
        replace(action, what=UNTOLD) if concern.forgotten else action
        for act, action in ACTIONS
        if _possible(concern, Event(act, by=member.id), house, now)
    ]


def _possible(concern: Concern, event: Event, house: House, now: datetime) -> bool:
    if event.act is Act.TAKE and concern.owner_id == event.by:
        return False
    if event.act is Act.RECORD_OUTCOME:
        event = replace(event, result=Result.CHANGED)
    if event.act is Act.PAUSE:
        event = replace(event, by_date=house.calendar.local_date(now) + DAY)
    try:
        decide(concern, event, house.calendar, now, house.clocks)
    except NotAllowed:
        return False
    return True
