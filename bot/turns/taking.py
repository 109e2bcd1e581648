"""Take a concern or pass it up, in one transaction: phone and console both end here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.casework.access import Action, level_of, may
from bot.casework.life import decide
from bot.casework.model import Act, Concern, Event, Member, NotAllowed, TellPerson
from bot.turns.concern import Decided, as_concern, carry_out
from bot.turns.house import Scene
from storage import audit, concerns
from storage.concerns import ConcernRow
from storage.engine import Conn
from storage.secrets import Secrets

ACTIONS: Final = {Act.TAKE: Action.TAKE, Act.HIGHER: Action.HIGHER}


@dataclass(frozen=True, slots=True)
class Done:
    """`told`: the person is told of it. `changed` is False for what was so already."""

    concern: Concern
    told: bool
    changed: bool


async def readable(conn: Conn, member: Member, reference: str) -> ConcernRow | None:
    """The concern, if this member holds a key to it and is not left out of it."""
    row = (await concerns.by_reference(conn, [reference])).get(reference)
    if row is None:
        return None
    who = (await concerns.readers(conn, [row.id]))[row.id]
    return row if member.id in who else None


async def act_on(  # noqa: PLR0913, PLR0917 - a transaction, its moment, who, what and which
    conn: Conn, keys: Secrets, scene: Scene, member: Member, reference: str, act: Act
) -> Done:
    """Do it and queue what the person and staff are told.

    Raises NotAllowed when the member, or the concern's state, does not allow it, and StoreConflict
    when it moved on meanwhile.
    """
    row = await readable(conn, member, reference)
    if row is None or not may(member, row.team, ACTIONS[act]):
        raise NotAllowed("not-yours")
    house, before = scene.house, as_concern(row)
    event = Event(act, member.id, level=level_of(member, row.team))
    decision = decide(before, event, house.calendar, scene.now, house.clocks)
    if decision.concern == before:
        return Done(before, told=False, changed=False)
    await carry_out(conn, keys, scene, [Decided(row, decision, member)])
    await audit.note(conn, scene.now, member.id, act.value, row.id)
    told = any(isinstance(one, TellPerson) for one in decision.tells)
    return Done(decision.concern, told, changed=True)
