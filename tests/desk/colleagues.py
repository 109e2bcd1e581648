"""Concerns, and colleagues who come later, for the tests of who has a concern and who reads it."""

from __future__ import annotations

import secrets as chance

from storage import audit, staff
from storage.staff import StaffRow
from tests.turns.built import CHEAP
from tests.turns.world import PASSPHRASE

ANN = 501
DAVE, RITA, RUTH = "Dave Palmer", "Rita Reed", "Ruth Adeyemi"
SUNIL, GRACE, HELEN, TOM = "Sunil Mehta", "Grace Okoro", "Helen Marsh", "Tom Byrne"


async def sent_without(world, *names: str, chat: int = ANN):
    """A concern about Rowan Ward from which these are kept."""
    await world.says(chat, "It is cold.")
    await world.taps(chat, "Send", "Rowan Ward", "Yes, choose")
    await world.says(chat, ", ".join(names))
    await world.taps(chat, "Send it")
    row = (await world.owned(chat))[-1]
    assert not set(names) & await world.readers(row)
    return row


async def joins(world, name: str, *held: tuple[str, str]) -> str:
    """Somebody who comes after what was sent before; returns their id."""
    member = chance.token_hex(16)
    pair = staff.new_keys(member, PASSPHRASE, CHEAP)
    row = StaffRow(member, name, pair.public, pair.private_locked, True, False, held)
    async with world.store.write() as conn:
        await staff.add_with_keys(conn, world.keys, row, world.clock.now())
    world.ids[name] = member
    return member


async def words_for(world, name: str, reference: str) -> list[str] | None:
    """What a member of staff reads of a concern; None when there is none for them."""
    opened = await world.opens(name, reference)
    return None if opened is None else [one.words.decode() for one in opened.parts]


async def deeds(world, concern_id: str | None, *actions: str) -> list[tuple[str | None, str, str]]:
    """Who did what, in the audit, of these kinds."""
    names = {member: name for name, member in world.ids.items()}
    async with world.store.read() as conn:
        lines = await audit.of_concern(conn, concern_id)
    return [
        (names.get(one.staff_id), one.action, one.detail) for one in lines if one.action in actions
    ]


def staff_texts(world, chat: int) -> list[str]:
    """What a member of staff was sent, on a phone that is linked as this chat."""
    return [one.text for one in world.phones.get(chat, [])]
