"""One concern as it is taken out: who said what when, and no way back to a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.casework.taking_out import goes_out
from bot.turns.attachments import called, part_of
from bot.turns.files import PART
from storage.concerns import ConcernRow, Opened, OpenPart
from storage.files import FileState

WHERE: Final[Mapping[FileState, str]] = {
    FileState.KEPT: "kept, open it in the console",
    FileState.PENDING: "still on its way",
    FileState.FAILED: "it could not be kept",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A concern that was opened for it. `names` are those of staff, by id."""

    row: ConcernRow
    opened: Opened
    team: str
    names: Mapping[str, str]
    files: Mapping[str, FileState]
    with_staff_notes: bool


def entry(one: Taken) -> dict[str, Any]:
    """All of it, as JSON has it."""
    row, parts = one.row, said(one)
    return {
        "reference": row.reference,
        "team": row.team,
        "state": row.state,
        "sent_at": row.sent_at.isoformat(),
        "state_since": row.state_since.isoformat(),
        "next_contact_by": _iso(row.due_at),
        "parts": [
            {"kind": part.kind, "by": by(one, part), "at": part.at.isoformat(), "text": text}
            for part, text in parts
        ],
        "damaged_parts": len(one.opened.damaged),
        "attachments": [called(held.kind) for part, _ in parts if (held := part_of(part))],
    }


def said(one: Taken) -> list[tuple[OpenPart, str]]:
    """What goes out, in its order. Of a file only that it is there: its part holds its key."""
    return [
        (part, _text(part, one.files))
        for part in one.opened.parts
        if goes_out(part.kind, part.author_id, with_staff_notes=one.with_staff_notes)
    ]


def by(one: Taken, part: OpenPart) -> str:
    return "person" if part.author_id is None else one.names.get(part.author_id, "staff")


def facts(one: Taken) -> dict[str, str]:
    """What is known of it without a word of it, by the names that config/lfpse.py knows."""
    newest = {part.kind: part.words.decode("utf-8", "replace") for part in one.opened.parts}
    harm = _object(newest.get("harm", ""))
    # Safeguarding is noted only when it was shared; candour also when it does not apply.
    shared = {"safeguarding": "noted"} if "safeguarding" in newest else {}
    return {
        "reference": one.row.reference,
        "sent_on": one.row.sent_at.date().isoformat(),
        "reporter": newest.get("for-whom", ""),
        "anonymous": "yes",
        "service": "mental-health",
        "team": one.team,
        "in_danger": "yes" if one.row.in_danger else "",
        "harm.physical": harm.get("physical", ""),
        "harm.psychological": harm.get("psychological", ""),
        "candour": _object(newest.get("candour", "")).get("applies", ""),
        **shared,
    }


def _object(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _text(part: OpenPart, files: Mapping[str, FileState]) -> str:
    if part.kind != PART:
        return part.words.decode("utf-8", "replace")
    held, state = part_of(part), files.get(part.id, FileState.FAILED)
    return f"[{called(held.kind if held else '').lower()}: {WHERE[state]}]"


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
