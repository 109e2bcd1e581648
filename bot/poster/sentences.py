"""What a poster says, from the wording and the nation's dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.poster.layout import Said
from config.nations import Nation
from config.wording import Wording

_DAYS: Final = frozenset({"acknowledge_days", "answer_days"})
# What is missing here stops the command, not the start of Heard.
KEYS: Final[Mapping[str, frozenset[str]]] = {
    "poster.title": frozenset(),
    "poster.how": frozenset(),
    "poster.what": frozenset(),
    "poster.emergency": frozenset(),
    "poster.who": frozenset(),
    "poster.name": frozenset(),
    "poster.answer": _DAYS,
    "poster.answer-working": _DAYS,
}


def worded(wording: Wording, nation: Nation, team: str, link: str) -> Said:
    """Raises WordingError for a sentence that is missing."""
    wording.check(KEYS)
    answer = "poster.answer-working" if nation.answer_in_working_days else "poster.answer"
    days = {
        "acknowledge_days": nation.acknowledge_working_days,
        "answer_days": nation.answer_days,
    }
    return Said(
        team=team,
        title=wording.text("poster.title"),
        how=wording.text("poster.how"),
        link=link,
        lines=(
            wording.text("poster.what"),
            wording.text("poster.emergency"),
            wording.text("poster.who"),
            wording.text("poster.name"),
            wording.text(answer, **days),
        ),
    )
