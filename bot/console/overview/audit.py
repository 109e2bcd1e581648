"""What was done to the concerns that a member may read, in words; and that nobody changed it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Duty, may_do
from bot.console import phrases
from bot.console.gate import Visit
from bot.console.inbox.pages import number_of
from storage import alarms, audit_heads, audit_reading, staff
from storage.audit import Line
from storage.audit_heads import Head
from storage.audit_key import in_groups
from storage.audit_reading import About

AT_ONCE: Final = 50
BROKEN: Final = "audit-broken"  # the alarm of bot/vouching.py
HEARD: Final = "Heard"
_PROMISE: Final = re.compile(r"([a-z-]+):(\d{4}-\d{2}-\d{2})(?: times:(\d+))?")
_WHOM: Final = re.compile(r"\b(?:to|of|with):([0-9a-f]{32})\b")
# What was done; for what is not here, its own name in plain letters.
DEEDS: Final[Mapping[str, str]] = {
    "received": "A concern was received",
    "opened": "Opened it",
    "file-opened": "Opened a file of it",
    "exported": "Took a copy of it out",
    "copy-sent": "Sent the person the copy of their words",
    "acknowledge": "Acknowledged it",
    "look-into": "Said that they look into it",
    "answer": "Answered",
    "record-outcome": "Told the outcome",
    "question": "Asked the person a question",
    "ask": "Asked the person a question",
    "pause": "Paused it",
    "resume": "Carried on with it",
    "take": "Took it",
    "taken-lapsed": "Had taken it and did not open it, so nobody has it now",
    "unowned": "Nobody had taken it",
    "higher": "Said that it needs someone higher",
    "passed": "Passed it on",
    "handed-on": "It was handed on when somebody left",
    "access-given": "Let somebody read it",
    "recused": "Stepped back from it for good",
    "found": "Found it by a search",
    "published": "Published a line from it",
    "unpublished": "Withdrew a published line",
    "staff-note": "Wrote a note for colleagues",
    "safeguarding": "Noted that it was shared for safeguarding",
    "candour": "Noted the duty of candour",
    "route": "Noted where it was sent on to",
    "harm": "Graded the harm",
    "coded": "Coded what it is about",
    "promise-made": "Promised",
    "promise-kept": "Kept the promise of",
    "promise-broken": "Broke the promise of",
    "promise-moved": "Told the person another day in place of",
    "promise-ended": "Nothing is owed any more of",
}
PROMISED: Final[Mapping[str, str]] = {
    "acknowledge": "an acknowledgement",
    "answer": "an answer",
    "update": "the next word",
    "change": "a change",
    "resume": "looking at it again",
}


async def audit_page(visit: Visit) -> Response:
    """Never a line about a concern that is not open to this member."""
    if not may_do(visit.member, Duty.SEE_AUDIT):
        raise HTTPException(403)
    console = visit.console
    # Pages, not numbers of lines: those grow with what this member is kept out of.
    page = max(1, number_of(visit.request.query_params.get("page", "")))
    async with console.store.read() as conn:
        skip = (page - 1) * AT_ONCE
        found = await audit_reading.readable(conn, visit.member.id, AT_ONCE + 1, skip)
        head = await audit_heads.newest(conn)
        people = await staff.everyone(conn, console.keys)
        broken = any(one.kind == BROKEN for one in await alarms.unseen(conn))
    names = {row.id: row.name for row in people}
    lines = [_told(visit, one, names) for one in found[:AT_ONCE]]
    older = page + 1 if len(found) > AT_ONCE else None
    return visit.page(
        "audit.html",
        lines=lines,
        older=older,
        newest=page == 1,
        broken=broken,
        head=_head(head) if head is not None else None,
    )


def _told(visit: Visit, one: About, names: Mapping[str, str]) -> dict[str, str]:
    line = one.line.line
    return {
        "reference": one.reference,
        "at": phrases.moment(line.at, visit.console.zone(one.team)),
        "who": HEARD if line.staff_id is None else names.get(line.staff_id, "someone who has left"),
        "what": what(line, names),
    }


def what(line: Line, names: Mapping[str, str]) -> str:
    """A line in words: what was done, of which promise, to whom."""
    said = DEEDS.get(line.action, line.action.replace("-", " ").capitalize())
    promise = _PROMISE.fullmatch(line.detail)
    if promise is not None:
        times = f", {promise[3]} times" if promise[3] else ""
        by = phrases.day_and_year(date.fromisoformat(promise[2]))
        return f"{said} {PROMISED.get(promise[1], promise[1])} by {by}{times}"
    whom = _WHOM.search(line.detail)
    if whom is not None:
        return f"{said}: {names.get(whom[1], 'someone who has left')}"
    return said


def _head(head: Head) -> dict[str, str]:
    """Not how many lines there are, nor when one was last signed: whoever is kept out of a concern
    would see that something was done."""
    return {"code": in_groups(head.hash), "signer": head.signer}
