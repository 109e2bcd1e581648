"""Passing a concern on, to a colleague or to another team: whoever gets it is given a key in the
same moment, and whoever was left out never is.

Keys that were given once stay: those who could read it before still can, and the person is told so.
"""

from __future__ import annotations

import secrets as chance
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.casework.access import Action, at_level, level_of, may, readers
from bot.casework.model import (
    INDEPENDENT_TEAM,
    OPEN_STATES,
    Act,
    Event,
    Kind,
    Level,
    Member,
    NotAllowed,
    State,
)
from bot.desk.desk import Desk
from bot.desk.reach import Reached, in_one, move, reach
from config.teams import Team
from storage import audit, concerns, wraps
from storage.concerns import ConcernRow, NewPart
from storage.engine import Conn

NOTE: Final = "staff-note"  # the kind of part that colleagues read and the person never sees
LONGEST_WHY: Final = 1000  # characters


@dataclass(frozen=True, slots=True)
class Choices:
    """To whom a concern can be passed. `chosen_outside`: its person chose people in no team, so a
    team gets it only if they agree."""

    people: Sequence[Member]
    teams: Sequence[Team]
    chosen_outside: bool
    version: int


@dataclass(frozen=True, slots=True)
class Passing:
    """What a member who may hand a concern on does with it."""

    desk: Desk

    async def choices(self, member: Member, reference: str) -> Choices | None:
        """None when this member cannot pass it on, or nothing is left to do about it."""
        async with self.desk.store.read() as conn:
            try:
                found = await reach(self.desk, conn, member, reference, Action.HAND_ON)
            except NotAllowed:
                return None
        if State(found.row.state) not in OPEN_STATES:
            return None
        return Choices(
            tuple(one for one in _colleagues(found, member) if one.id != found.row.owner_id),
            _teams(self.desk, found.row),
            found.row.team == INDEPENDENT_TEAM,
            found.row.version,
        )

    async def to_person(
        self, member: Member, private: bytes, reference: str, to_id: str, seen: int
    ) -> None:
        """Make a colleague the one who has it; `seen` is the version that was looked at.

        Raises NotAllowed, with nothing changed: "not-yours", "open-it-first", "changed", and
        "nobody" for somebody to whom it is not passed.
        """

        async def work(conn: Conn) -> None:
            found = await self._found(conn, member, reference, seen)
            to = next((one for one in _colleagues(found, member) if one.id == to_id), None)
            if to is None:
                raise NotAllowed("nobody")
            held = {one.id for one in found.able}
            able = await wraps.pass_on(conn, found.row.id, member.id, private, frozenset({to_id}))
            if to_id not in able:
                raise NotAllowed("nobody")
            event = Event(Act.HAND_ON, by=member.id, to=to_id, level=level_of(to, found.row.team))
            await move(self.desk, conn, found, event, {})
            now, line = self.desk.clock.now(), f"to:{to_id}"
            if to_id not in held:
                await audit.note(conn, now, member.id, "access-given", found.row.id, line)
            await audit.note(conn, now, member.id, "passed", found.row.id, line)

        await in_one(self.desk, work)

    async def to_team(  # noqa: PLR0913, PLR0917 - each is a field of the one form
        self, member: Member, private: bytes, reference: str, team: str, why: str, seen: int
    ) -> None:
        """Let another team have it, from its first level on. `why` is a note for colleagues;
        without one, nothing that its person sent outside all teams goes to a team.

        Raises NotAllowed as `to_person` does: "nobody-there" when nobody who may answer could read
        it there, "say-why" without a reason where one is needed.
        """
        if len(why) > LONGEST_WHY:
            raise NotAllowed("too-long")

        async def work(conn: Conn) -> None:
            found = await self._found(conn, member, reference, seen)
            row, everyone = found.row, found.everyone
            if team not in {one.id for one in _teams(self.desk, row)}:
                raise NotAllowed("nobody-there")
            if row.team == INDEPENDENT_TEAM and not why:
                raise NotAllowed("say-why")
            wanted = readers(everyone, team, found.excluded)
            able = await wraps.pass_on(conn, row.id, member.id, private, wanted)
            if not at_level([one for one in everyone if one.id in able], team, Level.TEAM, ()):
                raise NotAllowed("nobody-there")
            event = Event(Act.HAND_ON, by=member.id, team=team, level=level_of(member, row.team))
            await move(self.desk, conn, found, event, {"team": self.desk.house.team_name(team)})
            await self._note(conn, row, member, why)
            now = self.desk.clock.now()
            await audit.note(conn, now, member.id, "passed", row.id, f"team:{team}")

        await in_one(self.desk, work)

    async def _found(self, conn: Conn, member: Member, reference: str, seen: int) -> Reached:
        found = await reach(self.desk, conn, member, reference, Action.HAND_ON)
        if not await audit.has(conn, member.id, "opened", found.row.id):
            raise NotAllowed("open-it-first")
        if found.row.version != seen:
            raise NotAllowed("changed")
        return found

    async def _note(self, conn: Conn, row: ConcernRow, member: Member, why: str) -> None:
        if why:
            now, body = self.desk.clock.now(), why.encode()
            part = NewPart(chance.token_hex(16), row.id, NOTE, member.id, now, body)
            await concerns.add_parts(conn, [part])


def _colleagues(found: Reached, member: Member) -> list[Member]:
    """Whoever else may answer it and is not left out of it, by name."""
    allowed = readers(found.everyone, found.row.team, found.excluded)
    return [
        one
        for one in found.everyone
        if one.id in allowed and one.id != member.id and may(one, found.row.team, Action.ANSWER)
    ]


def _teams(desk: Desk, row: ConcernRow) -> list[Team]:
    """Every other team. Who is left out of it in each is not for this list to show. A complaint
    about data stays with those who are in no team."""
    if row.kind == Kind.DATA_COMPLAINT:
        return []
    return [one for one in desk.house.teams if one.id != row.team]
