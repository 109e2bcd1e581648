"""A sheet of what changed: you said, we did, as it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.poster.faces import Faces, PosterError, runs_leftward
from bot.poster.layout import HEIGHT, MARGIN, SMALLEST_SCALE, Pen, Said, Sheet
from config.wording import Wording

# What is missing here stops the command, not the start of Heard.
KEYS: Final[Mapping[str, frozenset[str]]] = {
    "poster.changes-title": frozenset(),
    "poster.changes-said": frozenset({"said"}),
    "poster.changes-did": frozenset({"did"}),
    "poster.changes-none": frozenset(),
    "poster.emergency": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One published line."""

    said: str
    did: str
    on: date


def worded(wording: Wording, team: str, changes: Sequence[Changed]) -> Said:
    """What stands on the sheet, the newest first; an honest line where there is none. Raises
    WordingError for a sentence that is missing."""
    wording.check(KEYS)
    lines = tuple(
        "\n".join(
            (
                wording.text("poster.changes-said", said=one.said),
                wording.text("poster.changes-did", did=one.did),
            )
        )
        for one in changes
    )
    return Said(
        team=team,
        title=wording.text("poster.changes-title"),
        how=wording.text("poster.emergency"),
        link="",
        lines=lines or (wording.text("poster.changes-none"),),
    )


def sheet(said: Said, faces: Faces) -> Sheet:
    """Everything as large as fits on the page. Raises PosterError when it does not fit readably."""
    faces.check(said.everything)
    for scale in range(100, SMALLEST_SCALE - 1, -2):
        pen = Pen(faces, scale, runs_leftward(said.title))
        _write(pen, said)
        if pen.y <= HEIGHT - MARGIN // 2:
            return Sheet(tuple(pen.words), tuple(pen.boxes), pen.leftward)
    raise PosterError("There is too much text for one page. Withdraw a line, or print one team's.")


def _write(pen: Pen, said: Said) -> None:
    pen.centred(said.title, range(120, 221), bold=True)
    pen.space(30)
    pen.centred(said.team, range(80, 131))
    pen.space(60)
    pen.rule()
    pen.space(70)
    for line in said.lines:
        pen.pointed(line, 82)
        pen.space(70)
    pen.rule()
    pen.space(50)
    pen.centred(said.how, range(60, 83), bold=True)
