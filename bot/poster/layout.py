"""Where everything stands on an A4 sheet, in dots: drawn twice, as paper and as a picture.

Black on white, the QR code as large as a hand, type that can be read from across a corridor, and no
picture of people: nobody who looks at it is shown to belong to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import segno

from bot.poster.faces import Faces, PosterError, runs_leftward

DOTS_PER_INCH: Final = 300
WIDTH, HEIGHT = 2480, 3508  # A4, 210 by 297 mm
MARGIN: Final = 210  # 18 mm: no printer cuts that off
INNER: Final = WIDTH - 2 * MARGIN
CENTRE: Final = WIDTH // 2

# ISO/IEC 18004: level M mends 15% of the code, and 4 modules round it stay white.
LEVEL: Final = "m"
QUIET: Final = 4
CODE_SIDE: Final = 1120  # 9 cm with the quiet zone: can be read from a metre away
SMALLEST_SCALE: Final = 60  # percent; below it a sheet is too full to be read in passing


@dataclass(frozen=True, slots=True)
class Words:
    """One line of type. `anchor` is what `x` means, as Pillow writes it: l, m or r."""

    text: str
    x: int
    baseline: int
    size: int
    bold: bool = False
    anchor: str = "m"


@dataclass(frozen=True, slots=True)
class Box:
    """A black rectangle."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Said:
    """What stands on the sheet, worded. `link` is the whole address, with https://."""

    team: str
    title: str
    how: str
    link: str
    lines: tuple[str, ...]

    @property
    def everything(self) -> str:
        return "\n".join((self.team, self.title, self.how, self.link, *self.lines))


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is drawn; `leftward` when its language is read from right to left."""

    words: tuple[Words, ...]
    boxes: tuple[Box, ...]
    leftward: bool


@dataclass(slots=True)
class Pen:
    """Goes down the sheet, adding lines."""

    faces: Faces
    scale: int  # percent
    leftward: bool
    y: int = MARGIN
    words: list[Words] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def sized(self, dots: int) -> int:
        return dots * self.scale // 100

    def centred(self, text: str, sizes: range, *, bold: bool = False) -> None:
        """Words round the middle of the sheet, in the largest size in which they stand on two lines
        and no word is cut; in the smallest, on as many lines as it takes."""
        tried = (self._in_two_lines(text, self.sized(dots), bold) for dots in reversed(sizes))
        size = next(filter(None, tried), self.sized(sizes[0]))
        for line in even_lines(text, INNER, self._measure(size, bold=bold)):
            self._add(Words(line, CENTRE, 0, size, bold))

    def pointed(self, text: str, size: int) -> None:
        """A paragraph with a square before it, on the side where reading begins."""
        size = self.sized(size)
        side, indent = size * 2 // 5, size
        near = WIDTH - MARGIN if self.leftward else MARGIN
        corner = near - side if self.leftward else near
        self.boxes.append(Box(corner, self.y + size * 2 // 5, side, side))
        x, anchor = (near - indent, "r") if self.leftward else (near + indent, "l")
        for line in even_lines(text, INNER - indent, self._measure(size)):
            self._add(Words(line, x, 0, size, False, anchor))

    def code(self, link: str) -> None:
        """The QR code, each module a whole number of dots, so that its edges are sharp."""
        matrix = code_of(link)
        dots = self.sized(CODE_SIDE) // (len(matrix) + 2 * QUIET)
        left = CENTRE - dots * len(matrix) // 2
        top = self.y + dots * QUIET
        self.boxes += [
            Box(left + column * dots, top + row * dots, dots, dots)
            for row, modules in enumerate(matrix)
            for column, dark in enumerate(modules)
            if dark
        ]
        self.y = top + dots * (len(matrix) + QUIET)

    def rule(self) -> None:
        self.boxes.append(Box(MARGIN, self.y, INNER, 6))

    def space(self, dots: int) -> None:
        self.y += self.sized(dots)

    def _add(self, line: Words) -> None:
        self.y += line.size * 125 // 100  # leading
        baseline = self.y - line.size * 35 // 100
        self.words.append(Words(line.text, line.x, baseline, line.size, line.bold, line.anchor))

    def _in_two_lines(self, text: str, size: int, bold: bool) -> int | None:
        """The size, if it is small enough."""
        width = self._measure(size, bold=bold)
        whole = max(map(width, text.split())) <= INNER
        return size if whole and len(even_lines(text, INNER, width)) <= 2 else None

    def _measure(self, size: int, *, bold: bool = False) -> Callable[[str], float]:
        return lambda text: self.faces.width(text, size, bold=bold)


def sheet(said: Said, faces: Faces) -> Sheet:
    """Everything as large as fits on the page. Raises PosterError when it does not fit readably."""
    faces.check(said.everything)
    for scale in range(100, SMALLEST_SCALE - 1, -2):
        pen = Pen(faces, scale, runs_leftward(said.lines[0]))
        _write(pen, said)
        if pen.y <= HEIGHT - MARGIN // 2:
            return Sheet(tuple(pen.words), tuple(pen.boxes), pen.leftward)
    raise PosterError("There is too much text for one page. Give the team a shorter name.")


def code_of(link: str) -> tuple[tuple[bool, ...], ...]:
    """The QR code of a link without the white round it, row by row; True is black."""
    made = segno.make_qr(link, error=LEVEL)
    return tuple(tuple(bool(module) for module in row) for row in made.matrix)


def lines(text: str, most: float, width: Callable[[str], float]) -> list[str]:
    """Words in order, as many on each line as fit; a line that the wording ends is ended."""
    found: list[str] = []
    for given in text.splitlines():
        line = ""
        for word in (piece for one in given.split() for piece in _pieces(one, most, width)):
            longer = f"{line} {word}".lstrip()
            if line and width(longer) > most:
                found.append(line)
                longer = word
            line = longer
        found.append(line)
    return found


def _pieces(word: str, most: float, width: Callable[[str], float]) -> list[str]:
    """The word, cut where it would run over the edge."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter) > most:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def even_lines(text: str, most: float, width: Callable[[str], float]) -> list[str]:
    """The same number of lines, broken so that they are about as long as each other."""
    best = lines(text, most, width)
    for share in range(95, 45, -5):
        tried = lines(text, most * share / 100, width)
        if len(tried) > len(best) or max(map(width, tried)) > most:
            break
        best = tried
    return best


def _write(pen: Pen, said: Said) -> None:
    pen.centred(said.team, range(90, 191), bold=True)
    pen.space(30)
    pen.centred(said.title, range(80, 111))
    pen.code(said.link)
    pen.centred(said.how, range(50, 63))
    pen.centred(said.link.removeprefix("https://"), range(30, 71), bold=True)
    pen.space(60)
    pen.rule()
    pen.space(50)
    for line in said.lines:
        pen.pointed(line, 82)
        pen.space(34)
