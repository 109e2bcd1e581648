"""What staff ask: a question, whether somebody wants to talk, whether two concerns are one matter.

It comes behind a notice, with buttons that last; each can be skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.model import OPEN_STATES, State
from bot.dialogue.asks.answered import ON_OUTCOME
from bot.dialogue.table import BACK, STAY, Ask, Choice, Lasting, Typed

ASKS: Final[Mapping[str, Ask]] = {
    "talk-how": Ask(
        "talk.talk-how",
        Typed("tell_talk_how", BACK),
        (Choice("skip", "button.skip", BACK, also=("answer.skip",), exact=True),),
        spoken=(
            *ON_OUTCOME,
            Choice("skip", "", BACK, also=("answer.no", "answer.nothing", "answer.unsure")),
            Choice("again", "", STAY, also=("answer.yes",)),
        ),
        open=True,
        about=True,
    ),
}

# An outcome asks whether it answers them; a "no" to something older is no reply to that.
_BEFORE_AN_OUTCOME: Final = OPEN_STATES - {State.OUTCOME, State.PROMISED}

LASTING: Final = (
    Lasting("reply", frozenset(State), "adding"),
    Lasting("skip-question", frozenset(State), STAY, "skip_question"),
    Lasting("talk-yes", OPEN_STATES, "talk-how", "want_talk"),
    Lasting("talk-no", _BEFORE_AN_OUTCOME, STAY, "want_no_talk"),
    Lasting("merge-yes", OPEN_STATES, STAY, "merge"),
    Lasting("merge-no", frozenset(State), STAY, "keep_apart"),
)

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.talk-how": ("reference",),
}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.question-skipped": ("reference",),
    "talk.no-talk": ("reference",),
    "talk.kept-apart": ("reference",),
}
