"""One concern on paper: A4, to be printed and filed. Loaded only when one is asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from bot.desk.export_entry import Taken, by, said

# Bitstream Vera comes with the library, and may be embedded. It has western Europe's letters.
_FONTS: Final = Path(reportlab.__file__).parent / "fonts"
_PLAIN, _BOLD = "Heard", "Heard-Bold"
_LACKING: Final = "[{count} letters are not in this paper's font. Take it out as JSON instead.]"
_SIZE, _LEADING = 10, 15


def paper(one: Taken, organisation: str, zone: ZoneInfo, made: datetime, reason: str) -> bytes:
    """A PDF. Letters that its font lacks are never left out silently: a line says so."""
    glyphs = _fonts()
    body = ParagraphStyle("body", fontName=_PLAIN, fontSize=_SIZE, leading=_LEADING)
    head = ParagraphStyle("head", body, fontName=_BOLD, spaceBefore=6 * mm, keepWithNext=True)
    title = ParagraphStyle("title", head, fontSize=16, leading=22)
    story: list[Any] = [Paragraph(_text(f"Concern {one.row.reference}", glyphs), title)]
    story += [Paragraph(_text(line, glyphs), body) for line in _facts(one, zone, made, reason)]
    for part, words in said(one):
        label = f"{part.kind.replace('-', ' ')}, by {by(one, part)}, {_moment(part.at, zone)}"
        story.append(Paragraph(_text(label.capitalize(), glyphs), head))
        story += [Paragraph(_text(line, glyphs), body) for line in words.splitlines() or [""]]
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=22 * mm,
        bottomMargin=22 * mm,
        title=f"Concern {one.row.reference}",
        author=organisation,
        lang="en-GB",
    )

    def foot(canvas: Any, page: Any) -> None:
        canvas.setFont(_PLAIN, 8)
        canvas.drawString(22 * mm, 12 * mm, f"{one.row.reference}, page {page.page}")

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _facts(one: Taken, zone: ZoneInfo, made: datetime, reason: str) -> Iterator[str]:
    yield f"{one.team}. Sent {_moment(one.row.sent_at, zone)}. Now: {one.row.state}."
    yield f"Taken out of Heard {_moment(made, zone)}. {reason}."
    yield "Confidential. Heard does not know who the person is."
    if one.with_staff_notes:
        yield "With notes that staff wrote for each other."
    if one.opened.damaged:
        yield f"{len(one.opened.damaged)} parts are damaged and are not here."


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y at %H:%M}"


def _text(text: str, glyphs: frozenset[int]) -> str:
    """Safe in reportlab's markup; what has no letters here is counted and said."""
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    lacking = sum(not c.isspace() and ord(c) not in glyphs for c in text)
    shown = "".join(c if c.isspace() or ord(c) in glyphs else "\u25a1" for c in text)
    shown = escape(shown if ord("\u25a1") in glyphs else shown.replace("\u25a1", "?"))
    return f"{shown} {_LACKING.format(count=lacking)}" if lacking else shown or "&nbsp;"


def _fonts() -> frozenset[int]:
    pdfmetrics.registerFont(TTFont(_PLAIN, str(_FONTS / "Vera.ttf")))
    pdfmetrics.registerFont(TTFont(_BOLD, str(_FONTS / "VeraBd.ttf")))
    return frozenset(pdfmetrics.getFont(_PLAIN).face.charToGlyph)
