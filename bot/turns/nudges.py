"""One gentle reminder of a draft that was not sent: people believe that it was.

The row of a conversation says when: `nudge` with a date while one is to come, `nudged` without any
once it was sent, and nothing when there is no draft or its person does not want to be reminded.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.casework.working_days import Calendar
from bot.clock import Clock
from bot.dialogue.model import Talk
from bot.turns.house import LANE_FEEDBACK, House
from bot.turns.memory import UnreadableMemoryError, recall
from bot.turns.rendering import body
from storage import conversations, outbox
from storage.columns import hour_of
from storage.conversations import Conversation
from storage.engine import Conn, Store, StoreConflict
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)

NUDGE, NUDGED = "nudge", "nudged"

AFTER: Final = timedelta(hours=10)
"""From the hour of the last word to the reminder, or to the next morning. A night takes at most 13
hours of a clock, 14 when the clocks go back, so that it never comes later than after 24."""

AT_ONCE: Final = 200  # conversations in one transaction, so that nobody who writes waits for long

Due = tuple[datetime | None, str | None]


def next_due(before: Due, talk: Talk, now: datetime, calendar: Calendar, *, spoke: bool) -> Due:
    """When to remind somebody after a turn of theirs; `before` is what was due for this very draft
    and `spoke` tells whether the turn brought more than taps."""
    if not _unsent(talk):
        return None, None
    if before[1] == NUDGED:
        return None, NUDGED
    if talk.no_nudge:
        return None, None
    if before[1] == NUDGE and not spoke:
        return before
    return calendar.by_day(hour_of(now) + AFTER), NUDGE


def _unsent(talk: Talk) -> bool:
    return bool(talk.parts or talk.topic)


@dataclass(frozen=True, slots=True)
class Nudges:
    """Holds nothing itself: a late, missed or doubled tick changes nothing."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def send(self) -> int:
        """Remind all whose time has come, by day; returns how many."""
        now = self.clock.now()
        if self.house.calendar.by_day(now) != now:
            return 0
        nudged = 0
        while True:
            try:
                async with self.store.write() as conn:
                    some, looked_at = await self._send_some(conn, now)
            except StoreConflict:
                continue  # a person was quicker; what is still due is looked at again
            if some:
                self.wake()
            nudged += some
            if looked_at < AT_ONCE:
                return nudged

    async def _send_some(self, conn: Conn, now: datetime) -> tuple[int, int]:
        """How many were reminded, and how many were looked at."""
        due = await conversations.due(conn, now, AT_ONCE, NUDGE)
        ids = [conversation_id for conversation_id, _ in due]
        rows = (await conversations.load_ids(conn, self.keys, ids)).values()
        messages = {row.id: said for row in rows for said in self._message(row)}
        # Whoever is not reminded now is not looked at again before they write.
        await conversations.set_due(
            conn, [(row, None, NUDGED if row.id in messages else None) for row in rows]
        )
        await outbox.put(conn, self.keys, list(messages.values()), now)
        return len(messages), len(rows)

    def _message(self, row: Conversation) -> Sequence[NewMessage]:
        """Nothing for somebody who cannot be reached or has nothing that could still be sent."""
        if row.damaged or row.unreachable:
            return ()
        try:
            talk = recall(row.talk, row.own).talk
        except UnreadableMemoryError:
            log.error("nudge-impossible", extra={"conversation": row.id})
            return ()
        if not _unsent(talk) or talk.no_nudge:
            return ()
        # Replaceable: what they do before it reaches them must not be followed by old news.
        said = self._body(talk.language)
        return (NewMessage(f"c:{row.id}", LANE_FEEDBACK, said, replaceable=True),)

    def _body(self, language: str) -> bytes:
        text = self.house.wording_for(language).text
        rows = [
            [{"label": text(f"button.{choice}"), "data": f"d:{choice}"}]
            for choice in ("go-on", "no-nudge")
        ]
        return body(text("talk.nudge"), rows)
