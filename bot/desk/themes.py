"""What concerns are about: staff say it, beside what the person tapped, and it is counted of the
concerns that one member may read.

Topics are sealed with the person's words, so only a reader's own key can count them.
"""

from __future__ import annotations

import asyncio
import json
import secrets as chance
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.casework.access import Action, may
from bot.casework.model import Member, NotAllowed
from bot.desk.desk import Desk
from config.themes import Theme
from storage import audit, concerns, many_parts
from storage.concerns import NewPart, OpenPart
from storage.errors import StoreConflict
from storage.many_parts import Place

TOPIC: Final = "topic"
CODED: Final = "coded"
AT_ONCE: Final = 16  # concerns opened between two looks at what else waits: some 7 ms
MOST_KEPT: Final = 100_000  # concerns whose themes one session remembers: some 30 MB


@dataclass(frozen=True, slots=True)
class About:
    """What one concern is about. `topic` is what the person tapped, as it stood on the button."""

    team: str
    sent_at: datetime
    topic: str
    coded: tuple[str, ...] | None  # ids of themes; None: nobody coded it yet


@dataclass(slots=True)
class Opened:
    """Themes that one session opened, in memory alone; it goes when the session ends."""

    _known: dict[str, tuple[tuple[tuple[str, int], ...], str, tuple[str, ...] | None]] = field(
        default_factory=dict
    )

    def missing(self, places: Iterable[Place]) -> list[Place]:
        """Those that were not opened, or to which something was added since."""
        return [one for one in places if self._known.get(one.concern_id, ((),))[0] != _stamp(one)]

    def learn(self, place: Place, parts: Sequence[OpenPart]) -> None:
        words = {part.kind: part.words for part in parts}
        if len(self._known) >= MOST_KEPT:
            self._known.pop(next(iter(self._known)))
        topic = words.get(TOPIC, b"").decode("utf-8", "replace")
        self._known[place.concern_id] = (_stamp(place), topic, ids_in(words.get(CODED)))

    def about(self, places: Iterable[Place]) -> list[About]:
        """Of these alone: what may not be read any more is in no list, and so in no number."""
        return [
            About(one.team, one.sent_at, *self._known[one.concern_id][1:])
            for one in places
            if one.concern_id in self._known
        ]

    def wipe(self) -> None:
        self._known.clear()


def ids_in(body: bytes | None) -> tuple[str, ...] | None:
    """The ids of a "coded" part; None for none."""
    if body is None:
        return None
    try:
        given = json.loads(body)
    except ValueError:
        return None
    return tuple(one for one in given if isinstance(one, str)) if isinstance(given, list) else None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose key opens; `turn` is taken while it does, because no other thread runs meanwhile."""

    staff_id: str
    private: bytes = field(repr=False)
    turn: asyncio.Semaphore


@dataclass(frozen=True, slots=True)
class Coding:
    """`desk`'s part for themes."""

    desk: Desk
    themes: tuple[Theme, ...]

    def chosen(self, ids: Collection[str]) -> tuple[str, ...]:
        """These of our themes in their order; ids that are none are left out."""
        return tuple(theme.id for theme in self.themes if theme.id in ids)

    async def code(self, member: Member, reference: str, ids: Collection[str]) -> None:
        """Say what a concern is about. What the person tapped, and what was coded before, stay.

        Raises NotAllowed.
        """
        desk, now = self.desk, self.desk.clock.now()
        body = json.dumps(self.chosen(ids)).encode()
        try:
            async with desk.store.write() as conn:
                row = (await concerns.by_reference(conn, [reference])).get(reference)
                readers = await concerns.readers(conn, [row.id] if row else [])
                if row is None or member.id not in readers[row.id]:
                    raise NotAllowed("not-yours")
                if not may(member, row.team, Action.CODE):
                    raise NotAllowed("not-yours")
                if not await audit.has(conn, member.id, "opened", row.id):
                    raise NotAllowed("open-it-first")
                part_id = chance.token_hex(16)
                part = NewPart(part_id, row.id, CODED, member.id, now, body)
                await concerns.add_parts(conn, [part])
                await audit.note(conn, now, member.id, CODED, row.id)
        except StoreConflict:
            raise NotAllowed("busy") from None

    async def read(
        self, reader: Reader, since: datetime, known: Opened, enough: Callable[[], bool]
    ) -> tuple[list[About], int]:
        """What every concern that this member may read, sent since then, is about; and how many
        are left to be opened, if it was `enough` before the end.

        What is opened first time is opened a little at a time, so that nobody else waits for it.
        """
        store, staff_id = self.desk.store, reader.staff_id
        async with store.read() as conn:
            places = (await many_parts.places(conn, staff_id, since, (TOPIC, CODED)))[-MOST_KEPT:]
        missing = known.missing(places)
        for at in range(0, len(missing), AT_ONCE):
            if enough():
                return known.about(places), len(missing) - at
            some = missing[at : at + AT_ONCE]
            async with reader.turn:
                async with store.read() as conn:
                    sealed = await many_parts.sealed(conn, staff_id, some)
                opened = await asyncio.to_thread(
                    many_parts.opened, sealed, staff_id, reader.private
                )
            for place in some:
                known.learn(place, opened.get(place.concern_id, ()))
        return known.about(places), 0


def _stamp(place: Place) -> tuple[tuple[str, int], ...]:
    return tuple(sorted({"": 0, **place.newest}.items()))
