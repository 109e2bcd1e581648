"""A concern as a member of staff reaches it: whether they hold a key and may do what they ask, and
who else has to do with it. What every act that changes who reads, or who has it, begins with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.casework.access import Action, may
from bot.casework.life import decide
from bot.casework.model import Event, Member, NotAllowed
from bot.desk.desk import TRIES, Desk
from bot.turns.concern import Decided, as_concern, carry_out
from bot.turns.house import Scene
from bot.turns.people import working
from storage import concerns, staff
from storage.concerns import ConcernRow
from storage.engine import Conn, StoreConflict

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reached:
    """A concern, everybody who works here, who of them can open it, and who is left out of it."""

    row: ConcernRow
    everyone: tuple[Member, ...]
    able: tuple[Member, ...]
    excluded: frozenset[str]


async def reach(desk: Desk, conn: Conn, member: Member, reference: str, action: Action) -> Reached:
    """Raises NotAllowed("not-yours") without a key or without the role: there is no such concern
    for this member, or not for this."""
    row = (await concerns.by_reference(conn, [reference])).get(reference)
    if row is None:
        raise NotAllowed("not-yours")
    holders = (await concerns.readers(conn, [row.id]))[row.id]
    if member.id not in holders or not may(member, row.team, action):
        raise NotAllowed("not-yours")
    everyone = working(await staff.everyone(conn, desk.keys))
    able = tuple(one for one in everyone if one.id in holders)
    return Reached(row, everyone, able, (await concerns.excluded(conn, [row.id]))[row.id])


async def in_one(desk: Desk, work: Callable[[Conn], Awaitable[T]]) -> T:
    """Do it in one transaction, again if the concern moved on meanwhile. Raises NotAllowed."""
    for _ in range(TRIES):
        try:
            async with desk.store.write() as conn:
                done = await work(conn)
        except StoreConflict:
            continue
        desk.wake()
        return done
    raise NotAllowed("busy")


async def move(
    desk: Desk,
    conn: Conn,
    found: Reached,
    event: Event,
    words: Mapping[str, str],
) -> None:
    """Decide, save and tell. Raises NotAllowed when the concern's state does not allow it."""
    now = desk.clock.now()
    concern = as_concern(found.row)
    decision = decide(concern, event, desk.house.calendar, now, desk.house.clocks)
    by = next((one for one in found.everyone if one.id == event.by), None)
    scene = Scene(desk.house, now, found.everyone)
    await carry_out(conn, desk.keys, scene, [Decided(found.row, decision, by, words)])


async def who_reads(desk: Desk, concern_id: str) -> tuple[Member, ...]:
    """Everybody who works here and can open a concern, by name."""
    async with desk.store.read() as conn:
        holders = (await concerns.readers(conn, [concern_id]))[concern_id]
        everyone = working(await staff.everyone(conn, desk.keys))
    return tuple(one for one in everyone if one.id in holders)
