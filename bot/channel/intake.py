"""What polling and webhook have in common: hand a set of arrivals to one turn, and only when that
is committed say that they arrived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.channel.fixed import Fixed
from bot.turns.arrival import Answered, Arrival


class Turns(Protocol):
    """The talk's side of the intake."""

    async def take(self, arrivals: Sequence[Arrival]) -> Sequence[Answered]:
        """Commit everything, or raise a StorageError and commit nothing."""
        ...


class Intake:
    """One set at a time into the turns. Its caller lets no set overtake another."""

    def __init__(
        self, turns: Turns, fixed: Fixed, courtesy: Callable[[Sequence[Answered]], None]
    ) -> None:
        self._turns = turns
        self._fixed = fixed
        self._courtesy = courtesy

    async def commit(self, arrivals: Sequence[Arrival]) -> None:
        """Return once all of these are committed, so that they may be acknowledged.

        Raises what `take` raises; then nothing may be acknowledged. The chats that wait stay on
        the list of those who are told, until something could be saved again.
        """
        once = list({arrival.update_id: arrival for arrival in arrivals}.values())
        self._fixed.waiting(
            arrival.chat_id for arrival in once if arrival.chat_id and arrival.inputs
        )
        with_fixed = [
            replace(one, said=(*one.said, *self._fixed.numbers(one.chat_id))) if one.inputs else one
            for one in once
        ]
        answered = await self._turns.take(with_fixed)
        for one in with_fixed:
            self._fixed.noted(one.chat_id, one.said)
        self._fixed.saved()
        self._courtesy(answered)
