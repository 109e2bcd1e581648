"""One transaction round a set of pure steps: load, decide, save, all of it or none.

Only after `take` has returned may anybody say that an update arrived.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.clock import Clock
from bot.dialogue.inputs import Left, SetAside
from bot.turns.arrival import Answered, Arrival
from bot.turns.house import House, Scene
from bot.turns.links import followed
from bot.turns.merging import asked_to_join
from bot.turns.people import working
from bot.turns.saving import Saving
from bot.turns.taps import carry_out_taps, tapped_by_staff
from storage import seen, staff
from storage.engine import Conn, Store, StoreConflict, StoreUnavailable
from storage.secrets import Secrets

log = logging.getLogger(__name__)

TRIES: Final = 5  # with several processes, two may take the same chat at once


@dataclass(frozen=True, slots=True)
class Turns:
    """The talk with everybody, a set of updates at a time."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def take(self, arrivals: Sequence[Arrival]) -> Sequence[Answered]:
        """Commit the whole effect of these updates, and their ids.

        Updates seen in the last 48 hours change nothing. Raises StoreUnavailable when nothing
        can be saved: then none of them has arrived.
        """
        try:
            answered = await self._retried(arrivals)
        except StoreUnavailable:
            raise
        except Exception as error:  # any bug must cost one update, never the set
            log.exception("set-refused", extra={"kind": type(error).__name__})
            answered = [done for one in arrivals for done in await self._alone(one)]
        self.wake()
        return answered

    async def _alone(self, arrival: Arrival) -> list[Answered]:
        """One update of a set in which something cannot be saved. If it is this one, it is set
        aside and its person answered; if not even they can be, it still blocks nobody else."""
        aside = replace(arrival, inputs=(SetAside(),))
        for tried in (arrival, aside):
            try:
                return await self._retried([tried])
            except StoreUnavailable:
                raise
            except Exception as error:  # as in `take`
                log.exception("update-refused", extra={"kind": type(error).__name__})
        return await self._retried([replace(aside, chat_id=None)])

    async def _retried(self, arrivals: Sequence[Arrival]) -> list[Answered]:
        for _ in range(TRIES):
            try:
                async with self.store.write() as conn:
                    return await self._commit(conn, arrivals)
            except StoreConflict:
                continue
        raise StoreUnavailable("other processes kept changing the same chats")

    async def _commit(self, conn: Conn, arrivals: Sequence[Arrival]) -> list[Answered]:
        bot_id = self.house.bot_id
        new = await seen.unseen(conn, bot_id, [one.update_id for one in arrivals])
        fresh = set(new)
        everyone = working(await staff.everyone(conn, self.keys))
        links, joins = await followed(conn, arrivals), await asked_to_join(conn, arrivals)
        scene = Scene(self.house, self.clock.now(), everyone, links, joins)
        tapped = await tapped_by_staff(conn, self.keys, scene, arrivals, new)
        saving = Saving(conn, self.keys, scene)
        chats = await saving.open_chats(
            one.chat_id for one in arrivals if one.inputs and one.update_id in new - tapped.keys()
        )
        answered = []
        for arrival in arrivals:
            chat = chats.get(arrival.chat_id) if arrival.chat_id is not None else None
            if arrival.update_id not in fresh:
                answered.append(Answered(arrival.update_id, arrival.callback_id))
                continue
            fresh.discard(arrival.update_id)
            if arrival.update_id in tapped:
                answered.append(Answered(arrival.update_id, arrival.callback_id))
            elif chat is None:
                answered.append(await saving.without_chat(arrival))
            else:
                answered.append(chat.take(arrival))
                if any(isinstance(given, Left) for given in arrival.inputs):
                    saving.left.add(chat.id)
                elif arrival.inputs:
                    saving.left.discard(chat.id)
        await saving.save(list(chats.values()))
        await carry_out_taps(conn, self.keys, scene, tapped.values())
        await seen.remember(conn, bot_id, new, scene.now)
        return answered
