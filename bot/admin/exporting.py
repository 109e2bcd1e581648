"""All that one member of staff may read, each concern's record noting it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final

from bot.admin.model import Ask, Hands, Refused, Say
from bot.casework.model import NotAllowed
from bot.casework.taking_out import Reason, Shape
from bot.desk.export_entry import entry
from bot.desk.export_tables import MARK, Writer
from bot.desk.exporting import AT_ONCE, Asked, Cut, Exporting, Slice
from bot.turns.people import as_member
from config import lfpse
from storage import staff
from storage.sealing import SealError, WrongPassphrase

log = logging.getLogger(__name__)

__all__ = ["AT_ONCE", "export"]

LINES: Final = "lines"  # one JSON object on each line
NOTHING: Final = "There is nothing here that this member of staff may take out."
NOT_THEIRS: Final = (
    "This member of staff may not take concerns out of Heard. Leads, senior staff and independent "
    "people may. Nothing was taken out."
)


async def export(hands: Hands, ask: Ask, say: Say) -> None:
    """Print concerns, the newest first. ask: name, passphrase, reason, why, format, notes, and
    which: teams, states, since, until (dates)."""
    asked, lines = _asked(ask), ask["format"] == LINES
    writer = None if lines else Writer(asked.shape, lfpse.load())
    async with hands.store.read() as conn:
        row = await staff.by_name(conn, hands.secrets, ask["name"])
    private = await _unlocked(row, ask["passphrase"])
    if row is None:
        raise Refused(NOTHING)
    exporting, done = _exporting(hands), 0
    try:
        # All at once: counting on from the newest would meet one twice when another is sent
        # meanwhile.
        ids = await exporting.ids(as_member(row), _cut(hands, ask))
    except NotAllowed:
        log.warning("export-not-allowed", extra={"staff": row.id})
        raise Refused(NOT_THEIRS) from None
    if not ids:
        await say.progress(NOTHING)
        return
    some: AsyncIterator[Slice] = exporting.many(as_member(row), private, ids, asked)
    if writer is not None:
        await _print(say, writer.begin().removeprefix(MARK))
    async for part in some:
        for reference in part.lost:
            await say.progress(f"{reference}: its key does not open; left out.")
        for one in part.taken if writer is None else ():
            await say.line(json.dumps(entry(one), ensure_ascii=False))
        if writer is not None:
            await _print(say, writer.some(part.taken))
        done = min(done + AT_ONCE, len(ids))
        await say.progress(f"{done:,} of {len(ids):,} concerns")
    if writer is not None:
        await _print(say, writer.end())


def _exporting(hands: Hands) -> Exporting:
    names = {team.id: team.name for team in hands.settings.teams}
    return Exporting(hands.store, hands.secrets, hands.clock, lambda team: names.get(team, team))


def _asked(ask: Ask) -> Asked:
    shape = Shape.JSON if ask["format"] == LINES else Shape(ask["format"])
    reason, why = Reason(ask["reason"]), (ask["why"] or "").strip()
    if reason is Reason.OTHER and not why:
        raise Refused("Say with --why what it is for.")
    return Asked(shape, reason, bool(ask["notes"]), why)


def _cut(hands: Hands, ask: Ask) -> Cut:
    def begins(day: str | None, later: int) -> datetime | None:
        if day is None:
            return None
        at = datetime.fromisoformat(day).replace(tzinfo=hands.settings.timezone)
        return at + timedelta(days=later)

    return Cut(
        frozenset(ask["teams"]),
        frozenset(ask["states"]),
        begins(ask["since"], 0),
        begins(ask["until"], 1),
    )


async def _print(say: Say, text: str) -> None:
    if text.strip():
        await say.line(text.strip("\r\n"))


async def _unlocked(row: staff.StaffRow | None, passphrase: str) -> bytes:
    """Their private key. The refusal does not tell a wrong name from a wrong passphrase."""
    try:
        if row is not None and row.active:
            return await asyncio.to_thread(staff.unlock, row, passphrase)
    except WrongPassphrase:
        pass
    except SealError:
        raise Refused(
            "This person's key is damaged: no passphrase opens it. Give them a new one with: "
            "heard recover NAME"
        ) from None
    raise Refused("The name or the passphrase is wrong.")
