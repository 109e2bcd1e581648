"""What is taken out, as tables and as JSON, a few concerns at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from bot.casework.taking_out import Shape
from bot.desk.export_entry import Taken, by, entry, facts, said
from config.lfpse import Table

COLUMNS: Final = ("reference", "team", "state", "sent_at", "seq", "at", "by", "kind", "text")
# A spreadsheet takes a cell that begins like this for a formula, and may run it (OWASP, "CSV
# Injection").
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
TYPES: Final = {
    Shape.CSV: "text/csv; charset=utf-8",
    Shape.LFPSE: "text/csv; charset=utf-8",
    Shape.JSON: "application/json",
    Shape.PDF: "application/pdf",
}
ENDINGS: Final = {Shape.CSV: "csv", Shape.LFPSE: "csv", Shape.JSON: "json", Shape.PDF: "pdf"}
MARK: Final = "\ufeff"  # without it Excel takes UTF-8 for something else


class Writer:
    """Writes one file: `begin`, then `some` for each few concerns, then `end`."""

    def __init__(self, shape: Shape, table: Table) -> None:
        self._shape = shape
        self._table = table
        self._first = True

    def begin(self) -> str:
        if self._shape is Shape.JSON:
            return "["
        if self._shape is Shape.LFPSE:
            names = [one.name for one in self._table.columns]
            return MARK + _rows([["TableVersion", *names]])
        return MARK + _rows([COLUMNS])

    def some(self, taken: Iterable[Taken]) -> str:
        if self._shape is Shape.JSON:
            return "".join(self._entry(one) for one in taken)
        if self._shape is Shape.LFPSE:
            return _rows([self._fields(one) for one in taken])
        return _rows(row for one in taken for row in _parts(one))

    def end(self) -> str:
        return "\n]\n" if self._shape is Shape.JSON else ""

    def _entry(self, one: Taken) -> str:
        before, self._first = ("\n" if self._first else ",\n"), False
        return before + json.dumps(entry(one), ensure_ascii=False)

    def _fields(self, one: Taken) -> list[str]:
        known, cells = facts(one), [self._table.title]
        for column in self._table.columns:
            value = known.get(column.origin or "", "")
            cells.append(column.codes.get(value, "") if column.codes else value)
        return cells


def _parts(one: Taken) -> Iterable[Sequence[str]]:
    row = one.row
    about = (row.reference, one.team, row.state, row.sent_at.isoformat())
    for part, text in said(one):
        yield (*about, str(part.seq), part.at.isoformat(), by(one, part), part.kind, text)


def _rows(rows: Iterable[Sequence[str]]) -> str:
    written = StringIO()
    csv.writer(written).writerows([[cell(one) for one in row] for row in rows])
    return written.getvalue()


def cell(text: str) -> str:
    """What a spreadsheet shows as it is, and never runs."""
    return f"'{text}" if text.startswith(_FORMULA) else text
