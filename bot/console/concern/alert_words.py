"""What the timeline says of an alert: every step of it, with its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.turns import alerting
from storage.audit import Line

_STEPS: Final[Mapping[str, str]] = {
    "step:on-duty": "whoever is on duty",
    "step:lead": "the team's lead",
    "step:senior": "the senior staff",
    "step:independent": "the independent staff",
    "step:everyone": "all of them again",
}
_WORDS: Final[Mapping[str, str]] = {
    alerting.BEGAN: "The person said that someone is in danger: an alert began",
    alerting.TOLD: "Alert sent to {step}",
    alerting.UNANSWERED: "Nobody had said that they have seen the alert",
    alerting.SEEN: "Alert seen by {who}",
    alerting.ENDED: "The alert was given up after a day: nobody had seen it",
    alerting.NOBODY: "The person said that someone is in danger. Nobody could be alerted",
}


def of(deed: Line, name: Callable[[str | None], str]) -> str:
    """The words for a line of the audit, "" when it is about no alert."""
    step = _STEPS.get(deed.detail, "")
    who = name(deed.staff_id) if deed.action == alerting.SEEN else ""
    return _WORDS.get(deed.action, "").format(step=step, who=who)
