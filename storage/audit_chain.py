"""What ties each line of the audit to all before it; the rule can never change for version 1."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.blobs import context
from storage.columns import EPOCH, MICROSECOND

GENESIS: Final = bytes(32)  # what stands before the first line


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done. `staff_id` is None for what Heard did by itself or a person did.

    `detail` is made of our own words, dates and row ids: never of anything that somebody wrote.
    """

    at: datetime
    staff_id: str | None
    action: str
    concern_id: str | None = None
    detail: str = ""


def link(before: bytes, line: Line) -> bytes:
    """The hash of a line and of everything before it: SHA-256 over the hash before and the line's
    fields, joined so that no two lists of fields give the same bytes."""
    at = str((line.at - EPOCH) // MICROSECOND)
    staff, concern = _marked(line.staff_id), _marked(line.concern_id)
    said = context("audit", "1", at, staff, line.action, concern, line.detail)
    return hashlib.sha256(before + said).digest()


def _marked(value: str | None) -> str:
    """So that nobody and an empty name differ."""
    return "" if value is None else f"={value}"
