"""What staff noted in set words, as the top of a concern's page and its timeline show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.casework import marks
from bot.console.concern.standing import text_of
from storage.concerns import OpenPart


@dataclass(frozen=True, slots=True)
class Marked:
    heading: str
    lines: Sequence[tuple[str, str]]


def marks_of(parts: Sequence[OpenPart]) -> list[Marked]:
    """The newest of each mark, and every place where it was sent on to."""
    newest = {part.kind: part for part in parts if part.kind in marks.MARKS}
    routed = [part for part in parts if part.kind == marks.ROUTE.kind]
    in_order = [newest[kind] for kind in marks.MARKS if kind in newest]
    return [
        Marked(marks.EVERY[part.kind].heading, marks.lines(marks.EVERY[part.kind], part.words))
        for part in (*in_order, *routed)
    ]


def noted_text(part: OpenPart) -> str:
    """The words of a part that is for colleagues alone."""
    mark = marks.EVERY.get(part.kind)
    return text_of(part) if mark is None else marks.as_text(mark, part.words)
