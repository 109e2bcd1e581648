"""What is noted for ever of a concern: that it was received, and what became of each promise."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime
from typing import Final

from bot.casework.model import OPEN_STATES, Concern, DueKind, Result, State
from bot.casework.working_days import Calendar

RECEIVED: Final = "received"
MADE: Final = "promise-made"
KEPT: Final = "promise-kept"
BROKEN: Final = "promise-broken"
MOVED: Final = "promise-moved"  # the person was told of another day before this one came
ENDED: Final = "promise-ended"  # nobody is owed it any more

# What people are promised by a day; reminding and closing is Heard's own.
PROMISES: Final = frozenset(DueKind) - {DueKind.REMIND, DueKind.CLOSE}
CODE_LETTERS: Final = 10  # 50 bits: nobody finds another concern for a code, or guesses one
_RFC4648: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD: Final = str.maketrans(_RFC4648, _CROCKFORD)
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})

Deed = tuple[str, str]  # what is noted, and of which promise: "kind:date"


def receipt_code(concern_id: str, reference: str, sent_at: datetime) -> str:
    """What a person holds to show that this was received at that moment, as XXXXX-XXXXX."""
    moment = sent_at.astimezone(UTC).isoformat(timespec="microseconds")
    said = f"heard/1 receipt\n{concern_id}\n{reference}\n{moment}"
    raw = hashlib.sha256(said.encode()).digest()
    letters = base64.b32encode(raw).decode().translate(_TO_CROCKFORD)[:CODE_LETTERS]
    return f"{letters[: CODE_LETTERS // 2]}-{letters[CODE_LETTERS // 2 :]}"


def same_code(given: str, code: str) -> bool:
    """Whether somebody typed this code: any case, any gaps, O for 0, I or L for 1."""
    letters = "".join(c for c in given.upper().translate(_MISREAD) if c.isalnum())
    return letters == code.replace("-", "")


def first_promises(acknowledge_by: date, answer_by: date | None) -> tuple[Deed, ...]:
    """What a receipt promises."""
    made = [(MADE, f"{DueKind.ACKNOWLEDGE}:{acknowledge_by.isoformat()}")]
    if answer_by is not None:
        made.append((MADE, f"{DueKind.ANSWER}:{answer_by.isoformat()}"))
    return tuple(made)


def promises(
    before: Concern, after: Concern, calendar: Calendar, *, by_staff: bool
) -> tuple[Deed, ...]:
    """What one move of a concern means for what its person was promised."""
    owed, owing = _due(before, calendar), _due(after, calendar)
    deeds: list[Deed] = []
    if after.missed > before.missed:
        count = after.missed - before.missed
        times = f" times:{count}" if count > 1 else ""
        deeds.append((BROKEN, (owed or str(DueKind.UPDATE)) + times))
    elif owed is not None and owed != owing:
        deeds.append((_fate(before, after, by_staff=by_staff), owed))
    deeds += _of_the_change(before, after, by_staff=by_staff, told=owed)
    if owing is not None and owing != owed and not _was_on_the_receipt(before, after):
        deeds.append((MADE, owing))
    return tuple(dict.fromkeys(deeds))


def _due(concern: Concern, calendar: Calendar) -> str | None:
    due = concern.due
    if due is None or due.kind not in PROMISES:
        return None
    return f"{due.kind}:{calendar.local_date(due.at).isoformat()}"


def _fate(before: Concern, after: Concern, *, by_staff: bool) -> str:
    if by_staff:
        if after.merged_into is not None and before.merged_into is None:
            return ENDED
        if before.due and before.due.kind is DueKind.CHANGE and after.result is not Result.CHANGED:
            return ENDED
        return MOVED if after.state is State.PAUSED else KEPT
    if after.state in OPEN_STATES and before.due and before.due.kind is DueKind.RESUME:
        return KEPT  # on its day the person was told that it is looked at again
    return ENDED


def _of_the_change(
    before: Concern, after: Concern, *, by_staff: bool, told: str | None
) -> list[Deed]:
    """A change that was promised by a day, which may be owed beside another date."""
    deeds: list[Deed] = []
    if before.promised_on == after.promised_on:
        return deeds
    if before.promised_on is not None:
        owed = f"{DueKind.CHANGE}:{before.promised_on.isoformat()}"
        kept = by_staff and after.result is Result.CHANGED
        if owed != told:
            deeds.append((KEPT if kept else ENDED, owed))
    if after.promised_on is not None:
        deeds.append((MADE, f"{DueKind.CHANGE}:{after.promised_on.isoformat()}"))
    return deeds


def _was_on_the_receipt(before: Concern, after: Concern) -> bool:
    """The date of an answer that is due once a concern is acknowledged was promised at sending."""
    first = before.state is State.SENT and not before.missed and not before.reopened
    return first and after.state is State.ACKNOWLEDGED and after.answered_at is None
