"""What a concern is to its callers, and how its words are sealed into rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Label, Row, select

from storage.columns import EPOCH, MICROSECOND
from storage.schema import concerns, data_requests
from storage.sealing import Opener, context, pad, seal_to, unpad


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """All that is in the clear about a concern. `promised_on` is a date in ISO 8601."""

    id: str
    reference: str
    team: str
    state: str
    level: int
    owner_id: str | None
    sent_at: datetime
    state_since: datetime
    due_at: datetime | None
    due_kind: str | None
    missed: int
    promised_on: str | None
    six_months_told: bool
    opened_at: datetime | None
    undelivered: bool
    version: int
    kind: str = "concern"
    in_danger: bool = False  # the person said so
    forgotten: bool = False  # the person asked to be forgotten: nothing can reach them
    data_due: str | None = None  # a copy of their words is asked for by this date (ISO 8601)
    taken_at: datetime | None = None  # when the owner said "I'll take it"
    owner_opened_at: datetime | None = None  # when the owner read it, after taking it
    unowned: int = 0  # how many digests in a row it stood in without an owner
    asked_at: datetime | None = None  # a question to the person waits for their reply
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None  # the first words of staff
    result: str | None = None  # of the newest outcome
    answered_me: bool | None = None  # what the person said of the newest outcome
    reopened: int = 0
    merged_into: str | None = None  # the id of the concern that this one goes on in


@dataclass(frozen=True, slots=True)
class NewPart:
    """Words to be sealed to a concern; `author_id` is a member of staff, None for the person."""

    id: str
    concern_id: str
    kind: str
    author_id: str | None
    at: datetime
    words: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewConcern:
    """A concern to be sent. `readers` may hold people who are left out: they get no key."""

    id: str
    reference: str
    team: str
    state: str
    level: int
    sent_at: datetime
    due_at: datetime | None
    due_kind: str | None
    conversation_id: str
    parts: tuple[NewPart, ...]
    excluded: frozenset[str]
    readers: frozenset[str]
    kind: str = "concern"


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part that was opened."""

    id: str
    seq: int
    kind: str
    author_id: str | None
    at: datetime
    words: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """The parts of a concern in order, and the ids of those that did not open."""

    parts: list[OpenPart]
    damaged: list[str]


COPY_DUE = (
    select(data_requests.c.due_on)
    .where(data_requests.c.concern_id == concerns.c.id, data_requests.c.answered_at.is_(None))
    .correlate(concerns)
    .scalar_subquery()
)
COLUMNS: tuple[Column[Any] | Label[Any], ...] = tuple(
    concerns.c.get(each.name, COPY_DUE.label("data_due")) for each in fields(ConcernRow)
)


def clear_row(row: Row[Any]) -> ConcernRow:
    """A row selected by `COLUMNS`."""
    return ConcernRow(*tuple(row))


def sealed_part(part: NewPart, seq: int, public: bytes) -> dict[str, Any]:
    """The row of a part; everything that is said about the words is bound to them."""
    return {
        "id": part.id,
        "concern_id": part.concern_id,
        "seq": seq,
        "kind": part.kind,
        "author_id": part.author_id,
        "at": part.at,
        "body": seal_to(public, pad(part.words), _info(part, seq)),
    }


def numbered(parts: Iterable[NewPart], last: Mapping[str, int]) -> list[tuple[int, NewPart]]:
    """Give each part its place after the last one of its concern."""
    so_far = dict(last)
    placed = []
    for part in parts:
        so_far[part.concern_id] = so_far.get(part.concern_id, 0) + 1
        placed.append((so_far[part.concern_id], part))
    return placed


def digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 (hex) of sealed parts as they are stored: it tells of no word in them."""
    whole = hashlib.sha256()
    for row in rows:
        at = str((row["at"] - EPOCH) // MICROSECOND)
        fields = (row["id"], str(row["seq"]), row["kind"], row["author_id"] or "", at)
        whole.update(context("parts", "digest", *fields, row["body"]))
    return whole.hexdigest()


def opened_part(row: Row[Any], private: bytes) -> OpenPart:
    """Open a row of `parts`. Raises SealError."""
    return opened_by(Opener(private), row)


def opened_by(opener: Opener, row: Row[Any]) -> OpenPart:
    """Open one of several rows of `parts` of the same concern. Raises SealError."""
    sealed = NewPart(row.id, row.concern_id, row.kind, row.author_id, row.at, b"")
    words = unpad(opener.open(row.body, _info(sealed, row.seq)))
    return OpenPart(row.id, row.seq, row.kind, row.author_id, row.at, words)


def _info(part: NewPart, seq: int) -> bytes:
    said = (part.concern_id, part.id, part.kind, part.author_id or "", str(seq))
    return context("parts", "body", *said, str((part.at - EPOCH) // MICROSECOND))
