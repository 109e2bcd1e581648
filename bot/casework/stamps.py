"""What is noted on a concern as it moves, so that measures need no words: when, how often, how."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.casework.model import OPEN_STATES, Act, Concern, Event, State

_ACKNOWLEDGES: Final = frozenset({Act.ACKNOWLEDGE, Act.ANSWER, Act.RECORD_OUTCOME})
_ANSWERS: Final = frozenset({Act.ANSWER, Act.RECORD_OUTCOME})
# What leaves no question open: words of the person's, and what makes any reply pointless.
_END_A_QUESTION: Final = frozenset({Act.ADD, Act.RECORD_OUTCOME, Act.WITHDRAW, Act.MERGE})
_OPINIONS: Final = {Act.SATISFIED: True, Act.NOT_SATISFIED: False}


def stamped(before: Concern, after: Concern, event: Event, now: datetime) -> Concern:
    """`after` with what this event leaves on it; of first times, the first one stays."""
    if event.act in _ACKNOWLEDGES and before.acknowledged_at is None:
        after = replace(after, acknowledged_at=now)
    if event.act in _ANSWERS and before.answered_at is None:
        after = replace(after, answered_at=now)
    if event.act is Act.ASK:
        after = replace(after, asked_at=now)
    if event.act in _END_A_QUESTION:
        after = replace(after, asked_at=None)
    if event.act is Act.MERGE and event.into is not None:
        after = replace(after, merged_into=event.into.id)
    elif after.state in OPEN_STATES:
        after = replace(after, merged_into=None)
    if event.act is Act.RECORD_OUTCOME:
        after = replace(after, result=event.result, answered_me=None)
    if event.act in _OPINIONS:
        after = replace(after, answered_me=_OPINIONS[event.act])
    if after.state is State.REOPENED and before.state is not State.REOPENED:
        after = replace(after, reopened=before.reopened + 1)
    return after
