"""The sheet as a PNG, for a screen, a leaflet or an e-mail."""

from __future__ import annotations

from typing import BinaryIO

from PIL import Image, ImageDraw

from bot.poster.faces import Faces, needs_shaping
from bot.poster.layout import DOTS_PER_INCH, HEIGHT, WIDTH, Sheet

_BLACK, _WHITE = 0, 255


def drawn(sheet: Sheet, faces: Faces) -> Image.Image:
    """The sheet, one grey dot for each of its dots."""
    image = Image.new("L", (WIDTH, HEIGHT), _WHITE)
    draw = ImageDraw.Draw(image)
    for box in sheet.boxes:
        far = (box.x + box.width - 1, box.y + box.height - 1)
        draw.rectangle(((box.x, box.y), far), fill=_BLACK)
    for one in sheet.words:
        way = ("rtl" if sheet.leftward else "ltr") if needs_shaping(one.text) else None
        draw.text(
            (one.x, one.baseline),
            one.text,
            fill=_BLACK,
            font=faces.sized(one.size, bold=one.bold),
            anchor=f"{one.anchor}s",
            direction=way,
        )
    return image


def write(sheet: Sheet, faces: Faces, file: BinaryIO) -> None:
    drawn(sheet, faces).save(file, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), optimize=True)
