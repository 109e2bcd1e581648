"""Bars and columns as SVG, each drawn from the very rows of the table that stands with it.

No script and no inline style: shapes carry classes, sizes are attributes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.casework.small_numbers import Hidden, Shown

WIDTH: Final = 320  # units: on the narrowest phone one is about a pixel, so that letters stay large
LINE: Final = 18
BAR: Final = 14
GAP: Final = 12
LETTERS: Final = 40  # of a label on one line
NUMBER: Final = 44  # room for a number behind the longest bar
COLUMNS: Final = 140  # the height of the tallest column
MARKS: Final = {Hidden.FEW: "<5", Hidden.BESIDE: "\u2013"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, and one shape of the picture."""

    label: str
    shown: Shown
    short: str = ""  # for under a column

    @property
    def text(self) -> str:
        return str(self.shown) if isinstance(self.shown, int) else self.shown.value

    @property
    def mark(self) -> str:
        """What stands at the shape: the number, or a sign that the table explains."""
        return str(self.shown) if isinstance(self.shown, int) else MARKS[self.shown]

    @property
    def count(self) -> int:
        return self.shown if isinstance(self.shown, int) else 0


@dataclass(frozen=True, slots=True)
class Text:
    x: int
    y: int
    text: str
    kind: str  # a class: label, mark


@dataclass(frozen=True, slots=True)
class Shape:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and its table. `rows` is None when nothing of it can be shown."""

    id: str
    title: str
    what: str  # what each row is, for the head of the table
    rows: Sequence[Row] | None
    height: int = 0
    texts: Sequence[Text] = ()
    shapes: Sequence[Shape] = ()

    @property
    def width(self) -> int:
        return WIDTH


def bars(id_: str, title: str, what: str, rows: Sequence[Row] | None) -> Chart:
    """One bar under each label, for names of any length."""
    if rows is None:
        return Chart(id_, title, what, None)
    texts: list[Text] = []
    shapes: list[Shape] = []
    most, y = max((row.count for row in rows), default=0), 0
    for row in rows:
        for line in textwrap.wrap(row.label, LETTERS) or [""]:
            y += LINE
            texts.append(Text(0, y - 4, line, "label"))
        width = _share(row.count, most, WIDTH - NUMBER)
        if width:
            shapes.append(Shape(0, y, width, BAR))
        texts.append(Text(width + 6 if width else 0, y + BAR - 2, row.mark, "mark"))
        y += BAR + GAP
    return Chart(id_, title, what, rows, y, texts, shapes)


def columns(id_: str, title: str, what: str, rows: Sequence[Row] | None) -> Chart:
    """One column for each moment, from left to right."""
    if rows is None:
        return Chart(id_, title, what, None)
    step = WIDTH // max(1, len(rows))
    most, floor = max((row.count for row in rows), default=0), COLUMNS + LINE
    texts: list[Text] = []
    shapes: list[Shape] = []
    for place, row in enumerate(rows):
        x, height = place * step, _share(row.count, most, COLUMNS)
        if height:
            shapes.append(Shape(x + 3, floor - height, step - 6, height))
        texts.append(Text(x + step // 2, floor - height - 4, row.mark, "mark middle"))
        texts.append(Text(x + step // 2, floor + LINE - 3, row.short or row.label, "label middle"))
    return Chart(id_, title, what, rows, floor + LINE + 2, texts, shapes)


def _share(count: int, most: int, length: int) -> int:
    """At least a sliver for what is shown: a bar that cannot be seen looks like nothing."""
    return max(2, count * length // most) if count else 0
