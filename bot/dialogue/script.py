"""The talk as one table: what is asked, what can be tapped or typed, and where that leads.

Everything that decides a transition stands in `asks`, by name. Guards are in `guards`, what a
choice does in `acts`, what a message shows in `shown`. Back, Stop and Get help now are added to
every state by `FOOT`, so that no state can forget them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.model import OPEN_STATES, State
from bot.dialogue.asks import around, carer, changes, data, going, mine, own, reply, sent, telling
from bot.dialogue.table import BACK, HOME, STAY, Ask, Choice, Lasting

START: Final = "new"  # nothing was said yet; not a question, so not in the table
TOPICS: Final = telling.TOPICS

ASKS: Final[Mapping[str, Ask]] = {
    **telling.ASKS,
    **going.ASKS,
    **sent.ASKS,
    **carer.ASKS,
    **own.ASKS,
    **reply.ASKS,
    **mine.ASKS,
    **data.ASKS,
    **changes.ASKS,
    **around.ASKS,
}

ANYWHERE: Final = around.ANYWHERE

_OUT = ("answer.leave-out",)

FOOT: Final = (
    # With nothing left, a question about sending it would send an empty concern.
    Choice("leave-out", "button.leave-out", HOME, "leave_out", "all_is_odd", _OUT, exact=True),
    Choice("leave-out", "button.leave-out", STAY, "leave_out", "newest_is_odd", _OUT, exact=True),
    Choice("back", "button.back", BACK, when="can_go_back", also=("answer.back",)),
    Choice("stop", "button.stop", "stop", also=("answer.stop",)),
    Choice("help", "button.help", STAY, "say_help", also=("answer.help",)),
)


# Buttons under old messages never expire, so a late answer still counts.
_TOLD = frozenset({State.OUTCOME, State.PROMISED, State.CLOSED})
_EVERY = frozenset(State)

LASTING: Final = (
    Lasting("add", _EVERY, "adding"),
    Lasting("take-back", OPEN_STATES, "take-back"),
    Lasting("yes", _TOLD, STAY, "satisfied"),
    Lasting("not-really", _TOLD, "still-wrong", "not_satisfied"),
    Lasting("reopen", _EVERY - OPEN_STATES, STAY, "reopen"),
    *reply.LASTING,
)
