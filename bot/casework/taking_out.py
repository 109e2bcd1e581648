"""Why a concern may be taken out of Heard, in which shape, and what never goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    SUBJECT_ACCESS = "subject-access"
    COMPLAINT_FILE = "complaint-file"
    INSPECTION = "inspection"
    BOARD_REPORT = "board-report"
    SAFEGUARDING = "safeguarding"
    OTHER = "other"  # in words, which stand sealed with the concern


class Shape(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSON = "json"
    LFPSE = "lfpse"
    PDF = "pdf"  # of one concern


REASONS: Final[Mapping[Reason, str]] = {
    Reason.SUBJECT_ACCESS: "Somebody asked for what is held about them",
    Reason.COMPLAINT_FILE: "For the file of a complaint",
    Reason.INSPECTION: "For an inspection",
    Reason.BOARD_REPORT: "For a report to the board",
    Reason.SAFEGUARDING: "For safeguarding",
    Reason.OTHER: "Something else (say what)",
}
SHAPES: Final[Mapping[Shape, str]] = {
    Shape.PDF: "Paper to print (PDF)",
    Shape.CSV: "Table (CSV)",
    Shape.JSON: "For another program (JSON)",
    Shape.LFPSE: "Table with LFPSE fields (CSV): no words, harm as staff graded it",
}
# What staff wrote and the person was told. All else that staff wrote is for staff alone.
_TOLD: Final = frozenset({"answer", "outcome", "pause", "question"})


def goes_out(kind: str, author_id: str | None, *, with_staff_notes: bool) -> bool:
    """Whether a part of this kind belongs to what is taken out."""
    return author_id is None or kind.partition("-")[0] in _TOLD or with_staff_notes
