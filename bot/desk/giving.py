"""Letting a colleague who came later read older concerns: never by itself, always by somebody who
can read them, with a line in the audit for each."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.casework.access import Action, may, readers, roles
from bot.casework.model import OPEN_STATES, Member, NotAllowed
from bot.desk.desk import Desk
from bot.desk.reach import in_one, reach
from bot.turns.people import working
from storage import audit, departing, staff, wraps
from storage.audit import Line
from storage.engine import Conn

log = logging.getLogger(__name__)

AT_ONCE: Final = 50  # concerns given in one transaction: people who write wait for no more


@dataclass(frozen=True, slots=True)
class Giving:
    """What a member who answers for others can let colleagues read."""

    desk: Desk

    async def colleagues(self, member: Member, reference: str) -> Sequence[Member]:
        """Who has the role to read this concern, is not kept from it and holds no key yet. Nobody,
        when this member may not give access to it."""
        async with self.desk.store.read() as conn:
            try:
                found = await reach(self.desk, conn, member, reference, Action.GIVE_ACCESS)
            except NotAllowed:
                return ()
        allowed = readers(found.everyone, found.row.team, found.excluded)
        held = {one.id for one in found.able}
        return [one for one in found.everyone if one.id in allowed - held]

    async def give(self, member: Member, private: bytes, reference: str, to_id: str) -> None:
        """One concern. Raises NotAllowed: "not-yours", or "nobody" for whom it is not given to."""

        async def work(conn: Conn) -> None:
            found = await reach(self.desk, conn, member, reference, Action.GIVE_ACCESS)
            concern_id, now = found.row.id, self.desk.clock.now()
            if to_id not in readers(found.everyone, found.row.team, found.excluded):
                raise NotAllowed("nobody")
            if to_id in {one.id for one in found.able}:
                return  # the form came twice
            able = await wraps.pass_on(conn, concern_id, member.id, private, frozenset({to_id}))
            if to_id not in able:
                raise NotAllowed("nobody")
            line = f"to:{to_id}"
            await audit.note(conn, now, member.id, "access-given", concern_id, line)

        await in_one(self.desk, work)
        log.info("access-given", extra={"staff": member.id, "count": 1})

    async def newcomers(self, member: Member, team: str) -> Sequence[Member]:
        """Colleagues whose role lets them read this team's concerns. Nobody, when this member may
        not give access to these."""
        if not may(member, team, Action.GIVE_ACCESS):
            return ()
        async with self.desk.store.read() as conn:
            everyone = working(await staff.everyone(conn, self.desk.keys))
        return [one for one in everyone if one.keyed and one.id != member.id and roles(one, team)]

    async def give_team(self, member: Member, private: bytes, team: str, to_id: str) -> int:
        """Every open concern of a team that this member can read and the colleague is not kept
        from; how many they can read now that they could not before.

        In slices. Done again after a stop on the way, it gives the rest. Raises NotAllowed.
        """
        if to_id not in {one.id for one in await self.newcomers(member, team)}:
            raise NotAllowed("nobody")
        async with self.desk.store.read() as conn:
            ids = await departing.could_give(conn, member.id, to_id, team, OPEN_STATES)
        given = 0
        for start in range(0, len(ids), AT_ONCE):
            given += await self._give_some(member, private, ids[start : start + AT_ONCE], to_id)
        log.info("access-given", extra={"staff": member.id, "count": given})
        return given

    async def _give_some(
        self, member: Member, private: bytes, ids: Sequence[str], to_id: str
    ) -> int:
        async def work(conn: Conn) -> int:
            held = set(await wraps.held_by(conn, to_id))
            wanted = [one for one in ids if one not in held]
            able = await wraps.pass_many(conn, wanted, member.id, private, frozenset({to_id}))
            now = self.desk.clock.now()
            lines = [
                Line(now, member.id, "access-given", one, f"to:{to_id}")
                for one, who in able.items()
                if to_id in who
            ]
            await audit.note_many(conn, lines)
            return len(lines)

        return await in_one(self.desk, work)
