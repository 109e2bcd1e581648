"""Every sentence that mail and the weekly digest need, with its placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WEEKLY_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "mail.subject.list": frozenset({"date"}),
    "mail.subject.week": frozenset({"date"}),
    "weekly.title": frozenset({"since", "until"}),
    "weekly.came": frozenset({"sent", "answered", "outcomes"}),
    "weekly.promises": frozenset({"made", "kept", "broken"}),
    "weekly.late": frozenset({"late", "open"}),
    "weekly.results": frozenset({"changed", "will", "not_changed"}),
    "weekly.said": frozenset({"yes", "no"}),
    "weekly.waiting": frozenset(),
    "weekly.entry": frozenset({"reference", "state", "age"}),
    "weekly.none": frozenset(),
    "weekly.published": frozenset({"count"}),
    "weekly.line": frozenset({"said", "did"}),
    "weekly.record": frozenset({"head"}),
    "weekly.record-none": frozenset(),
    "button.measures": frozenset(),
}
