"""The sheet as a PDF of one A4 page, for a printer."""

from __future__ import annotations

from typing import BinaryIO, Final

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bot.poster.faces import Faces, needs_shaping
from bot.poster.layout import DOTS_PER_INCH, HEIGHT, WIDTH, Said, Sheet, Words
from bot.poster.picture import drawn

_POINT: Final = 72 / DOTS_PER_INCH  # of one dot
_PAGE: Final = (WIDTH * _POINT, HEIGHT * _POINT)
_PLAIN, _BOLD = "poster", "poster-bold"


def write(sheet: Sheet, said: Said, faces: Faces, file: BinaryIO) -> None:
    """Lines and letters, which print sharp at any size. A script whose letters join is printed as
    the picture, because a PDF's own text is not shaped."""
    # invariant: neither the time of making nor a random id stands in the file.
    page = Canvas(file, pagesize=_PAGE, invariant=1)
    page.setTitle(said.team)
    page.setSubject(said.title)
    page.setAuthor("")  # the library's own word for nobody would be a false promise: anonymous
    page.setCreator("Heard")
    if needs_shaping(said.everything):
        page.drawImage(ImageReader(drawn(sheet, faces)), 0, 0, *_PAGE)
    else:
        _draw(page, sheet, faces)
    page.showPage()
    page.save()


def _draw(page: Canvas, sheet: Sheet, faces: Faces) -> None:
    pdfmetrics.registerFont(TTFont(_PLAIN, str(faces.plain)))
    pdfmetrics.registerFont(TTFont(_BOLD, str(faces.bold)))
    page.scale(_POINT, _POINT)
    # One path for all: painted one by one, a screen shows white seams between neighbours.
    black = page.beginPath()
    for box in sheet.boxes:
        black.rect(box.x, HEIGHT - box.y - box.height, box.width, box.height)
    page.drawPath(black, stroke=0, fill=1)
    for one in sheet.words:
        _say(page, one)


def _say(page: Canvas, one: Words) -> None:
    page.setFont(_BOLD if one.bold else _PLAIN, one.size)
    draw = {"l": page.drawString, "m": page.drawCentredString, "r": page.drawRightString}
    draw[one.anchor](one.x, HEIGHT - one.baseline, one.text)
