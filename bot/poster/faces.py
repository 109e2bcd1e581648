"""The letters a poster is drawn with: one font file for both the paper and the picture, so that
both break their lines alike.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import reportlab
from PIL import ImageFont, features
from reportlab.pdfbase.ttfonts import TTFError, TTFont

# Bitstream Vera comes with the library and may be used and embedded by anyone (its licence lies
# beside it). It has the letters of western Europe and no others.
_BUILT_IN: Final = Path(reportlab.__file__).parent / "fonts"
_PLAIN_SCRIPTS: Final = ("LATIN", "GREEK", "CYRILLIC")  # drawn letter by letter, left to right


class PosterError(Exception):
    """The poster cannot be drawn as asked; the text is for the operator and says what to do.
    Nothing was written. Asking again without a change gives the same answer."""


@dataclass(slots=True)
class Faces:
    """A plain and a bold face. Sizes and widths are in dots (see layout.DOTS_PER_INCH)."""

    plain: Path = _BUILT_IN / "Vera.ttf"
    bold: Path = _BUILT_IN / "VeraBd.ttf"
    _sized: dict[tuple[bool, int], ImageFont.FreeTypeFont] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path | None) -> Faces:
        """The built-in letters, or those of one font file. Raises PosterError for a bad one."""
        faces = cls() if file is None else cls(file, file)
        try:
            faces.sized(10, bold=False)
            TTFont("tried", str(faces.plain))
        except (OSError, TTFError):
            raise PosterError(
                f"{file} is not a font that can be used here. Give a TrueType file (.ttf)."
            ) from None
        return faces

    def sized(self, size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
        if (bold, size) not in self._sized:
            file = self.bold if bold else self.plain
            self._sized[bold, size] = ImageFont.truetype(str(file), size)
        return self._sized[bold, size]

    def width(self, text: str, size: int, *, bold: bool = False) -> float:
        return self.sized(size, bold=bold).getlength(text)

    def check(self, text: str) -> None:
        """Raises PosterError for letters that would come out as empty boxes or in pieces."""
        known = TTFont("checked", str(self.plain)).face.charToGlyph
        # Marks of direction (Cf) and spaces are not drawn.
        drawn = {one for one in text if not one.isspace() and unicodedata.category(one) != "Cf"}
        lacking = sorted(one for one in drawn if ord(one) not in known)
        if lacking:
            raise PosterError(
                f"The poster's letters lack {' '.join(lacking[:10])}. Give a font file that has "
                "them with --font: Noto Sans for most languages, Noto Naskh Arabic for Urdu. Both "
                "are free: fonts.google.com/noto"
            )
        if needs_shaping(text) and not features.check("raqm"):
            raise PosterError(
                "This machine cannot join the letters of this script. Install the system's "
                "libfribidi (Debian: apt install libfribidi0), or make the poster elsewhere."
            )


def needs_shaping(text: str) -> bool:
    """Whether letters of a script are in it that join, stack or run from right to left."""
    letters = {one for one in text if unicodedata.category(one)[0] in "LM"}
    names = {unicodedata.name(one, "") for one in letters}
    return any(
        not name.startswith((*_PLAIN_SCRIPTS, "COMBINING", "MODIFIER", "FEMININE", "MASCULINE"))
        for name in names
        if name != "MICRO SIGN"
    )


def runs_leftward(text: str) -> bool:
    """Whether its first letter belongs to a script that is read from right to left (the rule of
    Unicode Standard Annex 9, P2)."""
    for one in text:
        way = unicodedata.bidirectional(one)
        if way in {"L", "R", "AL"}:
            return way != "L"
    return False
