"""What the searches of one session have read: words in memory alone, within bounds, overwritten
when the session ends. There is no index: each search goes through the words."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from storage.inbox import Filters

MIB: Final = 1024 * 1024
OF_ONE_SESSION: Final = 24 * MIB
OF_ALL_SESSIONS: Final = 192 * MIB
# What Python keeps beside the bytes of a concern and of each of its parts, measured and rounded up.
AROUND_A_CONCERN: Final = 400
AROUND_A_PART: Final = 200
MOST_QUESTIONS: Final = 5  # as many as somebody has open beside each other


class Room:
    """Bytes that all sessions of the process share."""

    def __init__(self, size: int = OF_ALL_SESSIONS) -> None:
        self._left = size

    def take(self, size: int) -> bool:
        if size > self._left:
            return False
        self._left -= size
        return True

    def give(self, size: int) -> None:
        self._left += size


@dataclass(slots=True)
class Held:
    """The words of one concern up to its part number `last`, each with the kind of its part."""

    last: int
    parts: list[tuple[str, bytearray]] = field(default_factory=list, repr=False)

    @property
    def size(self) -> int:
        return AROUND_A_CONCERN + sum(AROUND_A_PART + len(words) for _, words in self.parts)

    def wipe(self) -> None:
        for _, words in self.parts:
            words[:] = bytes(len(words))
        self.parts.clear()


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for. The words stay out of addresses, so the session keeps them."""

    words: bytearray = field(repr=False)
    filters: Filters
    chosen: Mapping[str, str]  # the same, as the form shows it

    @property
    def text(self) -> str:
        return self.words.decode()


class Shelf:
    """Everything is gone after `wipe`, and nothing can be put here any more."""

    def __init__(self, room: Room, size: int = OF_ONE_SESSION) -> None:
        self._room = room
        self._size = size
        self._taken = 0
        self._held: dict[str, Held] = {}
        self._questions: dict[str, Question] = {}
        self.wiped = False

    @property
    def taken(self) -> int:
        """Bytes in use."""
        return self._taken

    def held(self, concern_id: str) -> Held | None:
        return self._held.get(concern_id)

    def put(self, concern_id: str, held: Held) -> bool:
        """Keep the words of a concern in place of what was kept of it; False when there is no room:
        then nothing of it is kept."""
        self.drop([concern_id])
        size = held.size
        if self.wiped or self._taken + size > self._size or not self._room.take(size):
            return False
        self._taken += size
        self._held[concern_id] = held
        return True

    def drop(self, concern_ids: Iterable[str]) -> None:
        for concern_id in concern_ids:
            held = self._held.pop(concern_id, None)
            if held is None:
                continue
            self._taken -= held.size
            self._room.give(held.size)
            held.wipe()

    def keep_only(self, concern_ids: Collection[str]) -> None:
        """Drop what its reader may not read any more."""
        known = frozenset(concern_ids)
        self.drop([one for one in self._held if one not in known])

    def ask(self, question: Question) -> str:
        """Keep a question; the id by which an address speaks of it. The oldest goes."""
        while len(self._questions) >= MOST_QUESTIONS:
            self._forget(next(iter(self._questions)))
        asked = secrets.token_hex(8)
        if not self.wiped:
            self._questions[asked] = question
        return asked

    def question(self, asked: str) -> Question | None:
        return self._questions.get(asked)

    def wipe(self) -> None:
        self.wiped = True
        self.drop(list(self._held))
        for asked in list(self._questions):
            self._forget(asked)

    def _forget(self, asked: str) -> None:
        words = self._questions.pop(asked).words
        words[:] = bytes(len(words))
