"""What only colleagues see: a box for a note, and forms for what is noted in set words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.casework import marks
from bot.casework.access import Action, may
from bot.casework.marks import Asked, Mark
from bot.console.concern.panels.panel import Panel, Values
from bot.console.gate import Visit
from bot.desk.desk import OpenedConcern

SUMMARIES: Final = {
    "safeguarding": "Note that it was shared for safeguarding",
    "candour": "Note the duty of candour",
    "harm": "Grade the harm",
    "route": "Note where it was sent on to",
}


@dataclass(frozen=True, slots=True)
class Box:
    """One question of a form, with what was typed into it and what is wrong with that."""

    asked: Asked
    id: str
    value: str
    why: str
    parts: Sequence[tuple[str, str, str]] = ()  # of a date: name, label, value


@dataclass(frozen=True, slots=True)
class Shown:
    """One form. `open` when it came back with something missing."""

    kind: str
    summary: str
    lead: str
    boxes: Sequence[Box]
    open: bool


async def load(visit: Visit, opened: OpenedConcern) -> Values | None:
    member, team = visit.member, opened.concern.team
    if not may(member, team, Action.NOTE):
        return None
    forms = [_form(one, visit, team) for one in marks.EVERY.values()]
    return {
        "reference": opened.concern.reference,
        "forms": forms if may(member, team, Action.MARK) else [],
        "note": visit.form.get("note", ""),
        "longest": marks.LONGEST,
    }


def _form(mark: Mark, visit: Visit, team: str) -> Shown:
    came_back = visit.request.url.path.endswith(f"/mark/{mark.kind}")
    form = visit.form if came_back else {}
    whys = _whys(mark, form, visit, team) if came_back else {}
    boxes = [_box(mark, one, form, whys.get(one.name, "")) for one in mark.asks]
    return Shown(mark.kind, SUMMARIES[mark.kind], mark.lead, boxes, came_back)


def _whys(mark: Mark, form: Mapping[str, str], visit: Visit, team: str) -> Mapping[str, str]:
    console = visit.console
    today = console.clock.now().astimezone(console.zone(team)).date()
    return {one.field: one.text for one in marks.problems(mark, marks.taken(mark, form), today)}


def _box(mark: Mark, asked: Asked, form: Mapping[str, str], why: str) -> Box:
    names = (("day", "Day"), ("month", "Month"), ("year", "Year")) if asked.day else ()
    parts = [
        (f"{asked.name}_{part}", label, form.get(f"{asked.name}_{part}", ""))
        for part, label in names
    ]
    return Box(asked, f"{mark.kind}-{asked.name}", form.get(asked.name, ""), why, parts)


COLLEAGUES: Final = Panel("colleagues.html", load)
