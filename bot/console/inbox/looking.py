"""One search: the concerns of a reader gone through, newest first, in slices so that nobody else
waits, until all are read or the time is up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from bot.casework.model import Member
from bot.console.inbox import folding
from bot.console.inbox.folding import Piece
from bot.console.sessions import Session
from bot.console.shelf import Held, Question
from bot.desk import searching
from bot.desk.desk import Desk
from storage.errors import StorageError
from storage.inbox import Filters
from storage.reading import Place, Sealed, open_many

T = TypeVar("T")

PAGE_SIZE: Final = 25
BUDGET: Final = 1.7  # seconds of opening in one search: together with the rest it stays under two
AHEAD: Final = 5.0  # seconds of opening before the question comes
LOADED: Final = 100  # concerns loaded at once
OPENED: Final = 20  # concerns opened before others get their turn: a few milliseconds


class Ended(Exception):
    """The session ended while its search was under way."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A concern that holds every word, and the line to show; `kind` is of the part it is from."""

    place: Place
    kind: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(slots=True)
class Result:
    """What was found among the `read` of `readable` concerns; `hits` are those of one page."""

    readable: int
    read: int = 0
    found: int = 0
    hits: list[Hit] = field(default_factory=list)
    too_many: bool = False  # more than one search goes through, or than memory may hold


@dataclass(slots=True)
class Search:
    """One member's search with their session's key. `seconds` is real time, for the budget."""

    desk: Desk
    member: Member
    session: Session
    question: Question
    turns: asyncio.Semaphore
    seconds: Callable[[], float] = time.monotonic
    budget: float = BUDGET

    async def page(self, number: int) -> Result:
        """The hits of one page, in order. Raises Ended."""
        places = await searching.places(self.desk, self.member, self.question.filters)
        shelf = self.session.shelf
        if self.question.filters == Filters() and len(places) < searching.MOST:
            shelf.keep_only([one.id for one in places])
        wanted = folding.terms(self.question.text)
        result = Result(len(places), too_many=len(places) >= searching.MOST)
        first = (number - 1) * PAGE_SIZE
        until = self.seconds() + self.budget
        for some in _slices(places, LOADED):
            held = await self._words(some, until)
            for place in some:
                if place.id not in held:
                    return result
                self._look(place, held[place.id], wanted, result, first)
            for concern_id, words in held.items():
                if shelf.held(concern_id) is not words:
                    result.too_many = True
                    words.wipe()
            await asyncio.sleep(0)
        return result

    async def read_ahead(self) -> None:
        """Open what a search would open, while its question is still being typed."""
        until = self.seconds() + self.budget
        with contextlib.suppress(Ended, StorageError):
            places = await searching.places(self.desk, self.member, self.question.filters)
            for some in _slices(places, LOADED):
                if self.seconds() >= until:
                    return
                await self._words(some, until)

    def _look(
        self, place: Place, held: Held, wanted: Sequence[str], result: Result, first: int
    ) -> None:
        texts = [(kind, _text(words)) for kind, words in held.parts]
        names = f"{place.reference} {place.reference.replace('-', '')}".lower()
        whole = " \n".join([names, *(folding.fold(text) for _, text in texts)])
        result.read += 1
        if not all(term in whole for term in wanted):
            return
        if first <= result.found < first + PAGE_SIZE:
            result.hits.append(_hit(place, texts, wanted))
        result.found += 1

    async def _words(self, places: Sequence[Place], until: float) -> dict[str, Held]:
        """The words of these concerns; of fewer of them when the time is up."""
        shelf = self.session.shelf
        found, after = {}, {}
        for place in places:
            held = shelf.held(place.id)
            if held is not None and held.last >= place.last:
                found[place.id] = held
            else:
                after[place.id] = held.last if held is not None else 0
        if not after or self.seconds() >= until:
            return found
        last = {place.id: place.last for place in places}
        for few in _slices(await searching.sealed(self.desk, self.member, after), OPENED):
            if self.seconds() >= until:
                break
            found.update(await self._open(few, last))
        return found

    async def _open(self, few: Sequence[Sealed], last: dict[str, int]) -> dict[str, Held]:
        session, shelf = self.session, self.session.shelf
        async with self.turns:
            if shelf.wiped:
                raise Ended
            opened = await asyncio.to_thread(open_many, session.private, self.member.id, few)
        if shelf.wiped:
            raise Ended
        found = {}
        for one in opened:
            before = shelf.held(one.concern_id)
            parts = [(kind, bytearray(words)) for kind, words in before.parts] if before else []
            parts += [(part.kind, bytearray(part.words)) for part in one.parts]
            held = found[one.concern_id] = Held(last[one.concern_id], parts)
            shelf.put(one.concern_id, held)
        return found


def _hit(place: Place, texts: Sequence[tuple[str, str]], wanted: Sequence[str]) -> Hit:
    """The line from the part in which most of the words stand."""
    best = max(
        texts,
        key=lambda one: sum(term in folding.fold(one[1]) for term in wanted),
        default=("", ""),
    )
    return Hit(place, best[0], folding.excerpt(best[1], wanted))


def _text(words: bytearray) -> str:
    """The words of a part; of a structured one, its sentences."""
    text = words.decode("utf-8", "replace")
    if text.startswith("{"):
        try:
            said = json.loads(text)
        except ValueError:
            return text
        text = " ".join(value for value in said.values() if isinstance(value, str))
    return "".join(c if c >= " " or c in "\n\t" else "\ufffd" for c in text)


def _slices(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
