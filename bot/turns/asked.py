"""What one chat's turn asks to be sealed: new concerns, and words for those sent before."""

from __future__ import annotations

import secrets as chance
from dataclasses import dataclass
from typing import Final

from bot.casework.model import Concern
from bot.turns.concern import as_row
from storage.concerns import ConcernRow

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SENT_VERSION: Final = 1  # of a concern's row when storage has sent it


@dataclass(frozen=True, slots=True)
class Draft:
    """Words to seal to a concern: the stored draft first if `stored`, then those just said."""

    stored: bool
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sending:
    """A concern to be sealed, with who may read it already decided."""

    concern: Concern
    draft: Draft
    topic: str | None
    place: str | None  # which team it is about, when it goes to people outside that team
    kept_from_words: str
    excluded: frozenset[str]
    readers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Adding:
    concern_id: str
    draft: Draft


class NobodyLeftError(Exception):
    """Nobody would be left to read this concern. The talk asks before; this is the last lock."""


class ForgedConcernError(Exception):
    """The talk named a concern that this person does not own. Our fault; nothing was done."""


def new_reference() -> str:
    """Random, so that it tells nothing: 8 characters of Crockford's base32, 40 bits."""
    letters = "".join(chance.choice(_CROCKFORD) for _ in range(8))
    return f"H-{letters[:4]}-{letters[4:]}"


def new_row(concern: Concern) -> ConcernRow:
    """A concern of this very set as a row, so that the next update of its chat knows of it."""
    blank = ConcernRow(
        id=concern.id,
        reference=concern.reference,
        team=concern.team,
        state=concern.state.value,
        level=int(concern.level),
        owner_id=None,
        sent_at=concern.sent_at,
        state_since=concern.state_since,
        due_at=None,
        due_kind=None,
        missed=0,
        promised_on=None,
        six_months_told=False,
        opened_at=None,
        undelivered=False,
        version=SENT_VERSION,
    )
    return as_row(blank, concern)
