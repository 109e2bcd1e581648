"""Whom a decision's words are for: nobody is told who asked to be forgotten, and what is about data
is not called a concern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.casework.model import Decision, Kind, TellPerson, TellStaff

# To staff, in place of lines that say what the person was told or promised.
UNTOLD: Final[Mapping[str, str]] = {
    "staff.missed": "staff.forgotten-late",
    "staff.missed-change": "staff.forgotten-late",
    "staff.six-months": "staff.forgotten-late",
    "staff.resumed": "staff.forgotten-late",
    "staff.reopened": "staff.forgotten-late",
    "staff.closed": "staff.forgotten-closed",
}


def spoken(decision: Decision) -> Decision:
    """The same decision in the words of its concern's kind, and without those for nobody."""
    if decision.concern.forgotten:
        told = tuple(_untold(one) for one in decision.tells if isinstance(one, TellStaff))
        return replace(decision, tells=told)
    if decision.concern.kind is Kind.DATA_COMPLAINT:
        return replace(decision, tells=tuple(_about_data(one) for one in decision.tells))
    return decision


def _untold(tell: TellStaff) -> TellStaff:
    return replace(tell, key=UNTOLD.get(tell.key, tell.key))


def _about_data(tell: TellPerson | TellStaff) -> TellPerson | TellStaff:
    if isinstance(tell, TellStaff) or tell.key.startswith("push.data."):
        return tell
    key = tell.key.removesuffix(".up").removesuffix(".again").removeprefix("push.")
    return replace(tell, key=f"push.data.{key}", ask=None)
