"""All that one member of staff may read, as JSON lines, each concern's record noting it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.admin.model import Ask, Hands, Refused, Say
from bot.turns.attachments import called, part_of, states
from bot.turns.files import PART
from storage import alarms, audit, concerns, staff
from storage.concerns import ConcernRow, Opened, OpenPart
from storage.errors import DamagedRow, NotAReader
from storage.files import FileState
from storage.sealing import SealError, WrongPassphrase

AT_ONCE: Final = 100  # concerns noted in one transaction, before their lines are printed
MOST: Final = 10**9
WHERE: Final[Mapping[FileState, str]] = {
    FileState.KEPT: "kept, open it in the console",
    FileState.PENDING: "still on its way",
    FileState.FAILED: "it could not be kept",
}


async def export(hands: Hands, ask: Ask, say: Say) -> None:
    """Print concerns, the newest first. ask: name, passphrase."""
    async with hands.store.read() as conn:
        everyone = await staff.everyone(conn, hands.secrets)
        row = await staff.by_name(conn, hands.secrets, ask["name"])
    private = await _unlocked(row, ask["passphrase"])
    names = {one.id: one.name for one in everyone}
    exported, row_id = 0, row.id if row else ""
    # All at once: counting on from the newest would meet one twice when another is sent meanwhile.
    readable = await _readable(hands, row_id)
    while some := readable[exported : exported + AT_ONCE]:
        async with hands.store.write() as conn:
            now = hands.clock.now()
            for concern in some:
                await audit.note(conn, now, row_id, "exported", concern.id)
        # Said only after the transaction: a terminal that stands still must not hold it open.
        found = await _opened(hands, some, row_id, private)
        await _sound_damage(hands, found, row_id)
        files = await _files(hands, found)
        for concern, opened in found:
            if opened is None:
                await say.progress(f"{concern.reference}: its key does not open; left out.")
            else:
                entry = _entry(concern, opened, names, files)
                await say.line(json.dumps(entry, ensure_ascii=False))
        exported += len(some)
        await say.progress(f"{exported} concerns")
    if not exported:
        await say.progress("There is nothing that this member of staff may read.")


async def _opened(
    hands: Hands, some: Sequence[ConcernRow], staff_id: str, private: bytes
) -> list[tuple[ConcernRow, Opened | None]]:
    found: list[tuple[ConcernRow, Opened | None]] = []
    async with hands.store.read() as conn:
        for concern in some:
            try:
                opened = await concerns.open_parts(conn, concern.id, staff_id, private)
            except (DamagedRow, NotAReader):
                found.append((concern, None))
            else:
                found.append((concern, opened))
    return found


async def _sound_damage(
    hands: Hands, found: Sequence[tuple[ConcernRow, Opened | None]], staff_id: str
) -> None:
    met = [("key-damaged", f"{one.reference} {staff_id}") for one, opened in found if not opened]
    met += [("part-damaged", part) for _, opened in found if opened for part in opened.damaged]
    if met:
        async with hands.store.write() as conn:
            for kind, detail in met:
                await alarms.sound_once(conn, hands.new_id(), hands.clock.now(), kind, detail)


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


async def _readable(hands: Hands, staff_id: str) -> list[ConcernRow]:
    async with hands.store.read() as conn:
        return await concerns.readable(conn, staff_id, MOST, 0)


async def _files(
    hands: Hands, found: Sequence[tuple[ConcernRow, Opened | None]]
) -> dict[str, FileState]:
    parts = [part for _, opened in found if opened is not None for part in opened.parts]
    async with hands.store.read() as conn:
        return await states(conn, parts)


def _entry(
    concern: ConcernRow,
    opened: Opened,
    names: Mapping[str, str],
    files: Mapping[str, FileState],
) -> dict[str, Any]:
    return {
        "reference": concern.reference,
        "team": concern.team,
        "state": concern.state,
        "sent_at": concern.sent_at.isoformat(),
        "state_since": concern.state_since.isoformat(),
        "next_contact_by": _iso(concern.due_at),
        "parts": [
            {
                "kind": part.kind,
                "by": "person" if part.author_id is None else names.get(part.author_id, "staff"),
                "at": part.at.isoformat(),
                "text": _text(part, files),
            }
            for part in opened.parts
        ],
        "damaged_parts": len(opened.damaged),
        "attachments": [called(one.kind) for part in opened.parts if (one := part_of(part))],
    }


def _text(part: OpenPart, files: Mapping[str, FileState]) -> str:
    """The words of a part. Of a file only that it is there: its part holds its key."""
    if part.kind != PART:
        return part.words.decode("utf-8", "replace")
    held, state = part_of(part), files.get(part.id, FileState.FAILED)
    return f"[{called(held.kind if held else '').lower()}: {WHERE[state]}]"


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
