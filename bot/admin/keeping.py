"""Keeping what was sent: backups, and the recovery key for when a passphrase is lost."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Final

from bot.admin.model import Ask, Hands, Refused, Say
from bot.admin.staff import check_passphrase
from bot.casework.access import HEADS
from bot.turns.people import as_member
from storage import (
    alarms,
    answer_drafts,
    audit,
    backup,
    quarantine,
    replacing,
    second_factors,
    staff,
    wraps,
)
from storage.errors import DamagedRow
from storage.sealing import SealError, WrongCode, key_pair_from_seed, seed_from_code
from storage.secrets import RECOVERY
from storage.staff import StaffRow

AT_ONCE: Final = 50  # concerns given back in one transaction: people who write wait for no more


async def back_up(hands: Hands, ask: Ask, say: Say) -> None:
    """Write one encrypted file. ask: file (absolute). Refuses to overwrite."""
    file = Path(ask["file"])
    if file.exists():
        raise Refused(f"{file} exists already. Choose another name: backups are never overwritten.")
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}. Make it first.")
    await say.progress("Writing the backup ...")
    await backup.backup(hands.store, hands.secrets, file)
    size = file.stat().st_size / 1_000_000
    await say.line(f"Backup written: {file} ({size:.1f} MB).")
    await say.progress(
        "It opens only with the recovery key. Keep it on another machine. Drafts and messages that "
        "were not delivered yet cannot be restored from it; everything that was sent can."
    )


async def recover(hands: Hands, ask: Ask, say: Say) -> None:
    """Give a member of staff a new passphrase and their concerns back. ask: name, code, passphrase,
    colleague, colleague_passphrase.

    It takes the recovery key and a colleague who answers for others, so that neither the paper nor
    one person alone opens another's concerns. Their second factor goes: it was sealed to the old
    key. Only concerns that they held a key to come back: the recovery key widens nobody's reading.
    In sets, so that nobody who writes meanwhile waits for long; done again after a stop on the way,
    it gives back all of them.
    """
    private = _recovery_private(hands, ask["code"])
    check_passphrase(hands.settings, ask["passphrase"], ask["name"])
    row = await _who_lost_it(hands, ask["name"])
    colleague = await _colleague(hands, row, ask["colleague"], ask["colleague_passphrase"])
    keys = await asyncio.to_thread(staff.new_keys, row.id, ask["passphrase"])
    async with hands.store.write() as conn:
        # From here on new concerns are wrapped to the new key; the old one opens nothing anyway.
        held = await wraps.held_by(conn, row.id)
        await staff.set_keys(conn, row.id, keys.public, keys.private_locked)
        await answer_drafts.drop_all(conn, row.id)  # sealed to the old key: they open no more
        await second_factors.remove(conn, row.id)
        now = hands.clock.now()
        await audit.note(conn, now, row.id, "recovered", None, f"with:{colleague.id}")
        await audit.note(conn, now, colleague.id, "helped-to-recover", None, f"of:{row.id}")
    damaged: set[str] = set()
    for start in range(0, len(held), AT_ONCE):
        await say.progress(f"Giving concerns back: {start} of {len(held)}")
        async with hands.store.write() as conn:
            some = held[start : start + AT_ONCE]
            damaged |= await wraps.replace_reader(conn, some, private, row.id)
    if damaged:
        await say.progress(f"The keys of {len(damaged)} concerns are damaged and do not open.")
    await say.line(
        f"{row.name} has a new passphrase and can read {len(held) - len(damaged)} concerns again."
    )


async def _who_lost_it(hands: Hands, name: str) -> StaffRow:
    async with hands.store.read() as conn:
        row = await staff.by_name(conn, hands.secrets, name)
    if row is None:
        raise Refused(f"There is no member of staff called {name}. See: heard staff list")
    if not row.active:
        raise Refused(f"{row.name} does not work here any more, so nothing is given back.")
    if not row.public_key:
        raise Refused(f"{row.name} has not come yet, so nothing is lost: heard staff invite")
    return row


async def _colleague(hands: Hands, row: StaffRow, name: str, passphrase: str) -> StaffRow:
    """Who vouches for it, by their own passphrase."""
    async with hands.store.read() as conn:
        other = await staff.by_name(conn, hands.secrets, name)
    try:
        if other is None or not other.active:
            raise Refused("The colleague's name or passphrase is wrong. Nothing was changed.")
        await asyncio.to_thread(staff.unlock, other, passphrase)
    except SealError:
        raise Refused("The colleague's name or passphrase is wrong. Nothing was changed.") from None
    if other.id == row.id:
        raise Refused("The colleague must be somebody else.")
    if not HEADS & {one.role for one in as_member(other).memberships}:
        raise Refused(
            f"{other.name} cannot help with this: it takes a lead, a senior or an independent "
            "colleague."
        )
    return other


async def set_aside(hands: Hands, ask: Ask, say: Say) -> None:
    """Print, as JSON lines, the updates that could not be read when they came. ask: code."""
    private = _recovery_private(hands, ask["code"])
    async with hands.store.read() as conn:
        kept = await quarantine.everything(conn)
    for one in kept:
        entry = {"id": one.id, "at": one.at.isoformat(), "reason": one.reason}
        try:
            body = quarantine.open_body(one, private)
        except DamagedRow:
            entry["damaged"] = "its sealed bytes do not open"
            async with hands.store.write() as conn:
                at, kind = hands.clock.now(), "set-aside-damaged"
                await alarms.sound_once(conn, hands.new_id(), at, kind, one.id)
        else:
            entry["update"] = body.decode("utf-8", "replace")
        await say.line(json.dumps(entry, ensure_ascii=False))
    await say.progress(f"{len(kept)} updates were set aside.")


def _recovery_private(hands: Hands, code: str) -> bytes:
    try:
        keys = key_pair_from_seed(seed_from_code(code))
    except WrongCode as wrong:
        raise Refused(f"That is not the recovery key. {wrong}") from None
    if replacing.halfway(hands.secrets, RECOVERY):
        raise Refused(
            "The recovery key is being replaced. Finish that first: heard keys rotate recovery"
        )
    if keys.public != hands.secrets.recovery_public:
        raise Refused("That is a recovery key, but not the one that this Heard was made with.")
    return keys.private
