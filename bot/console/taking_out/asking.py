"""What both forms ask: in which shape, and what for; and how a file is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.taking_out import Reason, Shape
from bot.console.gate import Visit
from bot.desk.export_tables import ENDINGS, TYPES
from bot.desk.exporting import Asked

LONGEST_WHY: Final = 500
SAY_WHAT: Final = "Choose what it is for."
SAY_WHY: Final = "Say in a few words what it is for."
CHOOSE: Final = "Choose how it is written."


def asked(visit: Visit, shapes: Mapping[Shape, str]) -> Asked | str:
    """What was asked for, or what is missing, as a sentence for the member."""
    form = visit.form
    shape, reason = form.get("format", ""), form.get("reason", "")
    why = form.get("why", "").strip()[:LONGEST_WHY]
    if shape not in set(shapes):
        return CHOOSE
    if reason not in set(Reason):
        return SAY_WHAT
    if reason == Reason.OTHER and not why:
        return SAY_WHY
    why = why if reason == Reason.OTHER else ""
    return Asked(Shape(shape), Reason(reason), form.get("notes") == "yes", why)


def headers(name: str, shape: Shape) -> dict[str, str]:
    """Of a file that is saved, never shown in the browser nor kept by it."""
    return {
        "content-type": TYPES[shape],
        "content-disposition": f'attachment; filename="{name}.{ENDINGS[shape]}"',
        "cache-control": "no-store",
    }
