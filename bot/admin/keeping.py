"""Keeping what was sent: backups, and the recovery key for when a passphrase is lost."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Final

from bot.admin import passphrases
from bot.admin.model import Ask, Hands, Refused, Say
from storage import alarms, answer_drafts, audit, backup, quarantine, staff, wraps
from storage.errors import DamagedRow
from storage.sealing import WrongCode, key_pair_from_seed, seed_from_code

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
    """Give a member of staff a new passphrase and their concerns back. ask: name, code, passphrase.

    Only concerns that they held a key to: the recovery key widens nobody's reading. In sets, so
    that nobody who writes meanwhile waits for long; done again after a stop on the way, it gives
    back all of them.
    """
    private = _recovery_private(hands, ask["code"])
    passphrases.check(ask["passphrase"], ask["name"])
    async with hands.store.read() as conn:
        row = await staff.by_name(conn, hands.secrets, ask["name"])
    if row is None:
        raise Refused(f"There is no member of staff called {ask['name']}. See: heard staff list")
    if not row.active:
        raise Refused(f"{row.name} does not work here any more, so nothing is given back.")
    keys = await asyncio.to_thread(staff.new_keys, row.id, ask["passphrase"])
    async with hands.store.write() as conn:
        # From here on new concerns are wrapped to the new key; the old one opens nothing anyway.
        held = await wraps.held_by(conn, row.id)
        await staff.set_keys(conn, row.id, keys.public, keys.private_locked)
        await answer_drafts.drop_all(conn, row.id)  # sealed to the old key: they open no more
        await audit.note(conn, hands.clock.now(), row.id, "recovered", None)
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
    if keys.public != hands.secrets.recovery_public:
        raise Refused("That is a recovery key, but not the one that this Heard was made with.")
    return keys.private
