"""The audit lines of one transaction about concerns that were sent and promises that moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.casework.life import promised_dates
from bot.casework.model import Concern, Kind
from bot.casework.proof import RECEIVED, first_promises, promises, receipt_code
from bot.turns.house import Scene
from storage.audit import Line
from storage.concerns import NewConcern

Move = tuple[Concern, Concern, str | None]  # before, after, and whose act of the staff it was


def received(
    sent: Iterable[Concern], stored: Iterable[NewConcern], digests: Mapping[str, str], scene: Scene
) -> list[Line]:
    """That these concerns came, with what shows it later; and what their receipts promise."""
    calendar, now = scene.house.calendar, scene.now
    _, answer = promised_dates(calendar, now, scene.house.clocks)
    lines = []
    for concern, new in zip(sent, stored, strict=True):
        code = receipt_code(concern.id, concern.reference, concern.sent_at)
        detail = f"code:{code} parts:{len(new.parts)} body:{digests[concern.id]}"
        lines.append(Line(now, None, RECEIVED, concern.id, detail))
        if concern.due is not None:
            by = calendar.local_date(concern.due.at)
            made = first_promises(by, answer if concern.kind is Kind.CONCERN else None)
            lines += [Line(now, None, deed, concern.id, what) for deed, what in made]
    return lines


def moved(moves: Iterable[Move], scene: Scene) -> list[Line]:
    """What became of what was promised, and what is promised now."""
    lines = []
    for before, after, staff_id in moves:
        deeds = promises(before, after, scene.house.calendar, by_staff=staff_id is not None)
        lines += [Line(scene.now, staff_id, deed, after.id, what) for deed, what in deeds]
    return lines
