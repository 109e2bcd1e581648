"""Taking a concern and passing it up, by a member of staff at the console."""

from __future__ import annotations

from bot.casework.model import Act, Concern, Member, NotAllowed
from bot.desk.desk import TRIES, Desk
from bot.turns.house import Scene
from bot.turns.people import working
from bot.turns.taking import act_on
from storage import staff
from storage.engine import StoreConflict


async def take(desk: Desk, member: Member, reference: str) -> Concern:
    """Name this member as its owner; the person is told that someone has taken it up.

    Raises NotAllowed when the member, or the concern's state, does not allow it.
    """
    return await _do(desk, member, reference, Act.TAKE)


async def higher(desk: Desk, member: Member, reference: str) -> Concern:
    """Pass it one level up; those above and the person are told. Raises NotAllowed as `take`."""
    return await _do(desk, member, reference, Act.HIGHER)


async def _do(desk: Desk, member: Member, reference: str, act: Act) -> Concern:
    for _ in range(TRIES):
        try:
            async with desk.store.write() as conn:
                everyone = working(await staff.everyone(conn, desk.keys))
                scene = Scene(desk.house, desk.clock.now(), everyone)
                done = await act_on(conn, desk.keys, scene, member, reference, act)
            desk.wake()
            return done.concern
        except StoreConflict:
            continue
    raise NotAllowed("busy")
