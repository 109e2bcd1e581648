"""What the record of all that was done can show: that it is whole, and that a concern came."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import Final

from bot.admin.model import Ask, Hands, Refused, Say
from bot.casework.proof import RECEIVED, receipt_code, same_code
from storage import audit, audit_heads, audit_verify, concerns, first_parts
from storage.audit import Numbered
from storage.audit_heads import Printed
from storage.audit_verify import Verdict
from storage.concerns import ConcernRow
from storage.engine import Conn

_EVERY: Final = 50_000  # lines between two words about how far it came
_DETAIL: Final = re.compile(r"code:([0-9A-Z-]+) parts:(\d+) body:([0-9a-f]{64})")


async def verify(hands: Hands, ask: Ask, say: Say) -> None:
    """Walk all of the audit. ask: head (a digest's line, or None). Refuses when anything is wrong.

    The record is looked at as it was at one moment; nobody who writes meanwhile waits.
    """
    printed = _printed(ask["head"])
    began = time.perf_counter()
    async with hands.store.read() as conn:
        verdict = await _walked(conn, hands, printed, say)
        newest = await audit_heads.newest(conn)
    seconds = time.perf_counter() - began
    if verdict.fault is not None:
        raise Refused(
            f"The record is not whole. {verdict.fault.text} {_so_far(verdict)} Keep a copy of the "
            "database and of the secrets as they are now, before anything else."
        )
    await say.line(
        f"The record is whole: {verdict.lines:,} lines and {verdict.heads:,} signed heads, checked "
        f"in {seconds:.1f} s."
    )
    if printed is not None:
        await say.line(f"It agrees with that digest at line {verdict.agrees:,}.")
    if newest is None:
        await say.line("No head was signed yet; a running Heard signs one within 15 minutes.")
        return
    if newest.lines < verdict.lines:
        await say.line(f"The last {verdict.lines - newest.lines:,} lines are not signed yet.")
    await say.line(audit_heads.head_line(newest))


async def prove(hands: Hands, ask: Ask, say: Say) -> None:
    """Show that a concern was received and is there. ask: reference, code (or None)."""
    reference = ask["reference"].strip().upper()
    async with hands.store.read() as conn:
        row = (await concerns.by_reference(conn, [reference])).get(reference)
        if row is None:
            raise Refused(await _gone(conn, reference, ask["code"]))
        line = await _received(conn, row)
        code = await _as_sealed(conn, row, line)
        given = ask["code"]
        if given and not same_code(given, code):
            raise Refused(f"{given} is not the code of {reference}, which is {code}.")
        verdict = await _walked(conn, hands, None, say)
    if verdict.fault is not None:
        raise Refused(
            f"{reference} is in the record, but the record is not whole, so it proves nothing. "
            f"{verdict.fault.text}"
        )
    await say.line(f"{reference} was received on {_moment(row.sent_at)}.")
    await say.line(
        f"It is line {line.number:,} of the record, which is whole up to line {verdict.lines:,}."
    )
    await say.line("It is still here, and what was sent first lies as it was sealed then.")
    same = "the same as on the receipt" if given else "compare it with the receipt"
    await say.line(f"Code: {code} ({same}).")


async def _walked(conn: Conn, hands: Hands, printed: Printed | None, say: Say) -> Verdict:
    told = 0

    async def progress(lines: int, total: int) -> None:
        nonlocal told
        if lines - told >= _EVERY:
            told = lines
            await say.progress(f"{lines:,} of {total:,} lines")

    return await audit_verify.verify(conn, hands.secrets.folder, printed, progress)


def _printed(head: str | None) -> Printed | None:
    if not head:
        return None
    printed = audit_heads.read_line(head)
    if printed is None:
        raise Refused("That is no line of a digest. It begins 'Audit:' and names a head.")
    return printed


async def _received(conn: Conn, row: ConcernRow) -> Numbered:
    found = await audit.newest_of(conn, {row.id}, (RECEIVED,), 1)
    if not found:
        raise Refused(
            f"{row.reference} is here, but the record has no line about its being received: it was "
            "sent before Heard noted that, or the line was taken away. 'heard audit verify' tells."
        )
    return found[0]


async def _as_sealed(conn: Conn, row: ConcernRow, line: Numbered) -> str:
    """The code of a concern whose row and first parts are those that were received."""
    noted = _DETAIL.fullmatch(line.line.detail)
    code = receipt_code(row.id, row.reference, row.sent_at)
    if noted is None or noted[1] != code:
        raise Refused(
            f"{row.reference} is not as it was received: its reference, its time or the line about "
            "it was changed."
        )
    if await first_parts.digest_of_first(conn, row.id, int(noted[2])) != noted[3]:
        raise Refused(
            f"{row.reference} was received on {_moment(line.line.at)}, but what was sent first is "
            "not there any more as it was sealed: a part was changed or taken away."
        )
    return code


async def _gone(conn: Conn, reference: str, code: str | None) -> str:
    there_is_none = f"There is no concern {reference} in this database."
    if not code:
        return f"{there_is_none} With --code, the record says whether there ever was one."
    async for line in audit.every_of(conn, RECEIVED):
        noted = _DETAIL.fullmatch(line.line.detail)
        if noted is not None and same_code(code, noted[1]):
            return (
                f"{there_is_none} But line {line.number:,} of the record says that a concern with "
                f"this code was received on {_moment(line.line.at)}. It was taken away since."
            )
    return f"{there_is_none} Nor was any ever received with this code."


def _so_far(verdict: Verdict) -> str:
    return f"{verdict.lines:,} lines were good before that."


def _moment(at: datetime) -> str:
    return f"{at:%d/%m/%Y at %H:%M} UTC"
