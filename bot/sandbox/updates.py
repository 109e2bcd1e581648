"""The queue of updates that wait for the bot, confirmed, filtered and forgotten as Telegram does.

Modelled on the open Bot API server: tdlib/telegram-bot-api, ``Client::do_get_updates``, and TDLib's
``TQueue``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from bot.sandbox.refusals import NotPossibleError

KEPT_SECONDS = 24 * 60 * 60
"""Telegram keeps an undelivered update for at most 24 hours (Bot API, "Getting updates")."""

FUTURE_SLACK = 10
PAST_SLACK = 2_000_000
"""Offsets outside this window round the next id are treated as "from the oldest"
(``TQueue::get``).
"""

OPT_IN_KINDS = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds sent only when named in ``allowed_updates`` (Bot API, ``getUpdates``)."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One update on its way; ``date`` is Unix seconds by the sandbox's clock."""

    serial: int
    update_id: int
    kind: str
    chat_id: int
    date: int
    payload: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """The update as the bot receives it."""
        return {"update_id": self.update_id, **self.payload}


class UpdateQueue:
    """Updates in the order they were made; the same update may wait twice when duplicates are
    asked for.
    """

    def __init__(self, random: Random) -> None:
        self.next_id = random.randint(100_000_000, 900_000_000)
        self.allowed: frozenset[str] | None = None
        self.duplicate_next = 0
        self.on_arrival: list[Callable[[Pending], None]] = []
        self._waiting: OrderedDict[int, Pending] = OrderedDict()
        self._serial = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember the kinds wanted from now on; None keeps the last choice, empty means all but
        the opt-in ones.
        """
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def wants(self, kind: str) -> bool:
        """Whether an update of this kind is queued at all."""
        return kind not in OPT_IN_KINDS if self.allowed is None else kind in self.allowed

    def add(self, kind: str, payload: dict[str, Any], chat_id: int, now: int) -> int | None:
        """Queue an update; returns its id, or None when the bot did not ask for this kind."""
        if not self.wants(kind):
            return None
        update_id, self.next_id = self.next_id, self.next_id + 1
        copies = 1
        if self.duplicate_next:
            self.duplicate_next -= 1
            copies = 2
        for _ in range(copies):
            self._push(Pending(self._serial, update_id, kind, chat_id, now, payload))
        return update_id

    def _push(self, pending: Pending) -> None:
        self._waiting[pending.serial] = pending
        self._serial += 1
        for listener in self.on_arrival:
            listener(pending)

    def jump(self, next_id: int) -> None:
        """Let ids go on from ``next_id``, as they do after a week without updates.

        Raises NotPossibleError when that would put the waiting updates out of order.
        """
        if self._waiting and next_id <= max(entry.update_id for entry in self._waiting.values()):
            raise NotPossibleError("ids can only jump back while no update waits")
        self.next_id = next_id

    def take(self, offset: int, limit: int, now: int) -> list[Pending]:
        """Confirm what lies before ``offset`` and return up to ``limit`` of the rest, oldest
        first.
        """
        self.forget_expired(now)
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popitem(last=False)
        elif self.next_id - PAST_SLACK <= offset <= self.next_id + FUTURE_SLACK:
            while self._waiting and self._oldest().update_id < offset:
                self._waiting.popitem(last=False)
        return [entry for entry, _ in zip(self._waiting.values(), range(limit), strict=False)]

    def forget_expired(self, now: int) -> None:
        """Drop what has waited for 24 hours."""
        while self._waiting and self._oldest().date + KEPT_SECONDS <= now:
            self._waiting.popitem(last=False)

    def waiting(self) -> list[Pending]:
        """All that waits, oldest first."""
        return list(self._waiting.values())

    def holds(self, pending: Pending) -> bool:
        """Whether this update still waits."""
        return pending.serial in self._waiting

    def done(self, pending: Pending) -> None:
        """The bot has accepted this update."""
        self._waiting.pop(pending.serial, None)

    def clear(self) -> None:
        """Drop everything (``drop_pending_updates``)."""
        self._waiting.clear()

    def _oldest(self) -> Pending:
        return next(iter(self._waiting.values()))

    def to_json(self) -> dict[str, Any]:
        """What a later ``load`` needs."""
        return {
            "next_id": self.next_id,
            "serial": self._serial,
            "allowed": None if self.allowed is None else sorted(self.allowed),
            "waiting": [asdict(entry) for entry in self._waiting.values()],
        }

    def load(self, saved: dict[str, Any]) -> None:
        """Take the place of the queue that ``to_json`` described."""
        self.next_id = saved["next_id"]
        self._serial = saved["serial"]
        self.allowed = None if saved["allowed"] is None else frozenset(saved["allowed"])
        self._waiting = OrderedDict(
            (entry["serial"], Pending(**entry)) for entry in saved["waiting"]
        )
