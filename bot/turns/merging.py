"""Whether two concerns are one matter: staff may ask, but must not learn whose they are. So the
asking happens here, on the clock and apart from their request, and shows nothing that they can see
until the person has agreed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.casework.asking import can_merge
from bot.casework.model import Decision, TellPerson
from bot.clock import Clock
from bot.dialogue.inputs import PressedAbout
from bot.turns.absent import wordings
from bot.turns.arrival import Arrival
from bot.turns.concern import Decided, as_concern, pushed
from bot.turns.house import House, Scene
from bot.turns.people import working
from storage import concern_links, concerns, outbox, staff
from storage.concern_links import Link
from storage.engine import Conn, Store
from storage.outbox import NewMessage
from storage.secrets import Secrets

AT_ONCE: Final = 100  # links in one transaction, so that nobody who writes waits for long
_AGREES: Final = "merge-yes"


async def asked_to_join(conn: Conn, arrivals: Sequence[Arrival]) -> Mapping[str, Sequence[str]]:
    """What was asked of the concerns whose buttons were tapped; reads nothing if none was. Whether
    they are the person's own is for the talk to say, which knows only theirs."""
    tapped = {
        given.concern_id
        for arrival in arrivals
        for given in arrival.inputs
        if isinstance(given, PressedAbout) and given.choice == _AGREES
    }
    return await concern_links.asked_of(conn, tapped) if tapped else {}


async def note_merged(conn: Conn, decided: Sequence[Decided], scene: Scene) -> None:
    """Note which concerns people have just said go on in others."""
    merged = {
        one.before.id: one.decision.concern.merged_into
        for one in decided
        if one.decision.concern.merged_into is not None and one.before.merged_into is None
    }
    await concern_links.merge(conn, merged, scene.now)


@dataclass(frozen=True, slots=True)
class Merging:
    """Holds nothing itself: a late, missed or doubled tick changes nothing."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def ask(self) -> int:
        """Ask those who sent both, behind a notice and by day. Returns how many pairs were looked
        at: whether anybody was asked is nobody's to know."""
        looked_at = 0
        while True:
            async with self.store.write() as conn:
                links = await concern_links.proposed(conn, AT_ONCE)
                if links:
                    await outbox.put(
                        conn, self.keys, await self._questions(conn, links), self.clock.now()
                    )
                    await concern_links.looked_at(conn, links)
            if links:
                self.wake()
            looked_at += len(links)
            if len(links) < AT_ONCE:
                return looked_at

    async def _questions(self, conn: Conn, links: Sequence[Link]) -> list[NewMessage]:
        ids = {id_ for one in links for id_ in (one.a_id, one.b_id)}
        rows = await concerns.load(conn, ids)
        addresses = await concerns.return_addresses(conn, self.keys, ids)
        scene = Scene(self.house, self.clock.now(), working(await staff.everyone(conn, self.keys)))
        spoken = await wordings(conn, self.keys, scene, addresses.values())
        messages: list[NewMessage] = []
        for one in links:
            older, newer = rows[one.a_id], rows[one.b_id]
            address = addresses.get(newer.id)
            if address is None or addresses.get(older.id) != address:
                continue
            if not can_merge(as_concern(newer), as_concern(older)):
                continue
            tell = TellPerson(
                "push.merge-ask", {"reference": newer.reference, "into": older.reference}, "merge"
            )
            decided = Decided(newer, Decision(as_concern(newer), (tell,)))
            # About no concern: one that cannot be delivered would show to staff as undelivered.
            messages += [
                replace(message, about=None)
                for message in pushed(decided, address, scene, spoken[address])
            ]
        return messages
