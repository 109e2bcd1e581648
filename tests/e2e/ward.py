"""Members of staff of a real Heard, who do at the desk what a transcript says of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inside import passphrase_of

from bot.app import Heard
from bot.casework.model import Act, Event, Member, Result, Role, State
from bot.desk import linking
from bot.turns import changes
from bot.turns.people import as_member
from storage import concerns, published, staff
from storage.concerns import ConcernRow
from storage.published import Published

# How they bring a concern into each state, and what they say with it.
MOVES: dict[State, tuple[Event, str | None]] = {
    State.ACKNOWLEDGED: (Event(Act.ACKNOWLEDGE, offers_talk=True), None),
    State.LOOKING: (Event(Act.LOOK_INTO), None),
    State.OUTCOME: (Event(Act.RECORD_OUTCOME, result=Result.CHANGED), "We have changed it."),
}


@dataclass(frozen=True)
class Ward:
    heard: Heard

    async def row(self, reference: str) -> ConcernRow:
        async with self.heard.store.read() as conn:
            return (await concerns.by_reference(conn, [reference]))[reference]

    async def bring(self, reference: str, state: State) -> None:
        if state is State.LOOKING and (await self.row(reference)).state == State.SENT:
            await self.act(reference, Event(Act.ACKNOWLEDGE))
        await self.act(reference, *MOVES[state])

    async def act(self, reference: str, event: Event, words: str | None = None) -> None:
        member = await self._reader(reference)
        await self.heard.desk.act(member, reference, replace(event, by=member.id), words)

    async def ask_whether_one(self, reference: str, other: str) -> None:
        """The person is asked apart from the request, by the clock."""
        member = await self._reader(reference)
        assert member == await self._reader(other)
        await linking.ask_whether_one(self.heard.desk, member, reference, other)
        await self.heard.ticks.look_now()
        self.heard.sender.wake()

    async def tells_everybody(self, said: str, did: str) -> None:
        """What the first place did, now."""
        async with self.heard.store.write() as conn:
            [who, *_] = await staff.everyone(conn, self.heard.keys)
            id_ = f"{len(await published.everything(conn, 100)):032x}"
            now, team = self.heard.desk.clock.now(), self.heard.house.teams[0].id
            await published.add(conn, Published(id_, team, said, did, now, who.id, None))
        await changes.refresh(self.heard.store, self.heard.house)

    async def _reader(self, reference: str) -> Member:
        """The first who can answer it, who has just read it."""
        row = await self.row(reference)
        async with self.heard.store.read() as conn:
            everyone = await staff.everyone(conn, self.heard.keys)
        for one in everyone:
            member, private = as_member(one), staff.unlock(one, passphrase_of(one.name))
            able = {held.role for held in member.memberships if held.team in (row.team, "*")}
            if able <= {Role.SENIOR}:
                continue
            if await self.heard.desk.open(member, private, reference):
                return member
        raise AssertionError(f"nobody can answer {reference}")
