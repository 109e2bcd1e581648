"""The list at each handover: one message for each member of staff, by chat or e-mail, at their
teams' hours.

It counts only concerns that its reader holds a key to, and holds no word of any of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.casework.access import Action, at_level, may
from bot.casework.alerting import reachable
from bot.casework.digest import Digest, Entry, Line, Seen, digest, lines, listed
from bot.casework.model import Member
from bot.clock import Clock
from bot.digests.slots import Slot, following, latest, teams_of
from bot.turns.concern import Readership, seen_by
from bot.turns.handover import Handovers
from bot.turns.house import LANE_DIGEST, House
from bot.turns.people import line_of, working
from bot.turns.rendering import body
from bot.turns.taps import HIGHER, TAKE, tap_data
from storage import concerns, digests, outbox, staff
from storage.concerns import ConcernRow
from storage.engine import Conn, Store, StoreConflict
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Digests:
    """One for each (recipient, local date, handover), whatever clocks and ticks do."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def send(self) -> int:
        """Carry out the handovers whose hour has come and queue their lists; return how many."""
        now = self.clock.now()
        moved = await self._hand_over(now)
        async with self.store.read() as conn:
            everyone = working(await staff.everyone(conn, self.keys))
            able = [one for one in everyone if reachable(one)]
            slots = {one: latest(teams_of(self.house, one), now) for one in able}
            made = await digests.made(conn, {slot.day for slot in slots.values() if slot})
        queued = 0
        for member, slot in slots.items():
            if slot is not None and (member.id, slot.day, slot.name) not in made:
                queued += await self._send_one(member, everyone, slot, now)
        if queued or moved:
            self.wake()
        return queued

    async def _hand_over(self, now: datetime) -> int:
        """Before the lists, so that they say how things stand after it."""
        handovers, moved = Handovers(self.store, self.keys, self.house), 0
        for team in self.house.teams:
            slot = latest([team], now)
            if slot is not None:
                moved += await handovers.hold(team.id, slot.at, now)
        return moved

    async def _send_one(
        self, member: Member, everyone: Sequence[Member], slot: Slot, now: datetime
    ) -> bool:
        try:
            async with self.store.write() as conn:
                last = await digests.last(conn, member.id)
                if not await digests.claim(conn, member.id, slot.day, now, slot.name):
                    return False
                seen = await seen_of(conn, member, everyone)
                told = digest(seen, self.house.calendar, now, last, slot.time)
                message = NewMessage(line_of(member), LANE_DIGEST, self._body(told))
                await outbox.put(conn, self.keys, [message], now)
        except StoreConflict:
            return False  # another process was first
        return True

    def _body(self, told: Digest) -> bytes:
        house = self.house
        rows = [_buttons(one, house) for one in listed(told)]
        whole = {"label": house.wording.text("button.open"), "url": f"{house.console_url}/concerns"}
        subject = house.wording.text("mail.subject.list", date=told.on)
        return body(worded(lines(told), house), [*rows, [whole]], subject)


async def seen_of(conn: Conn, member: Member, everyone: Sequence[Member]) -> list[Seen]:
    """What one member's list is made of: what they hold a key to and are not left out of."""
    rows = await concerns.waiting(conn, member.id)
    readership = await Readership.load(conn, [row.id for row in rows])

    def one(row: ConcernRow) -> Seen:
        concern = seen_by(member, row)
        able = readership.able(concern.id, everyone)
        mine = member.id in at_level(able, concern.team, concern.level, ())
        return Seen(concern, mine, may(member, concern.team, Action.TAKE), member.id)

    return [one(row) for row in rows]


def worded(told: Sequence[Line], house: House) -> str:
    """The lines as they are read."""
    wording = house.wording
    return "\n".join(
        wording.text(
            line.key,
            **line.params,
            **{name: wording.text(key) for name, key in line.keys.items()},
        )
        for line in told
    )


def _buttons(entry: Entry, house: House) -> list[dict[str, str]]:
    """What its reader can do with one concern, in the order of the lines above."""
    reference, wording = entry.concern.reference, house.wording
    short = reference[-4:]
    row = []
    if entry.takes:
        label = wording.text("button.staff-take", short=short)
        row.append({"label": label, "data": tap_data(reference, TAKE)})
    if entry.raises:
        label = wording.text("button.staff-higher", short=short)
        row.append({"label": label, "data": tap_data(reference, HIGHER)})
    url = f"{house.console_url}/concerns/{reference}"
    return [*row, {"label": wording.text("button.staff-open", short=short), "url": url}]


def next_digest(house: House, members: Sequence[Member], now: datetime) -> datetime | None:
    """When the next digest of anybody goes out; for a clock that is moved to the next event."""
    teams = {team.id: team for one in members for team in teams_of(house, one)}
    return following(teams.values(), now)
