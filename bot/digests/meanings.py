"""What the database is to look for when it counts what became of concerns."""

from __future__ import annotations

from typing import Final

from bot.casework import proof
from bot.casework.digest import WAITING_ON_US
from bot.casework.model import OPEN_STATES, Act, DueKind, Result, State
from storage.measures import States, Words

WORDS: Final = Words(
    changed=Result.CHANGED,
    will_change=Result.WILL_CHANGE,
    not_changed=Result.NOT_CHANGED,
    made=proof.MADE,
    kept=proof.KEPT,
    broken=proof.BROKEN,
    told=Act.RECORD_OUTCOME,
)
STATES: Final = States(
    open=frozenset(OPEN_STATES),
    new=State.SENT,
    ours=frozenset(WAITING_ON_US),
    chased=DueKind.UPDATE,
)
