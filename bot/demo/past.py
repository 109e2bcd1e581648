"""Live through the made-up past with the real code: the same turns, desk and promises."""

from __future__ import annotations

import asyncio
import secrets as chance
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.answer import compose
from bot.casework.model import Act, Event, Member, Result
from bot.clock import MovableClock
from bot.demo.made_up import PASSPHRASE, PAST, Past
from bot.desk.desk import Desk
from bot.dialogue.inputs import Said
from bot.turns.arrival import Arrival
from bot.turns.house import House
from bot.turns.people import as_member
from bot.turns.talk import Turns
from storage import staff
from storage.engine import Store
from storage.secrets import Secrets

LONDON: Final = ZoneInfo("Europe/London")
TUESDAY: Final = 1
FIRST_CHAT: Final = 9_000_001  # nobody's: these people have put their phones away


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that the past needs."""

    store: Store
    keys: Secrets
    house: House
    clock: MovableClock

    def turns(self) -> Turns:
        return Turns(self.store, self.keys, self.house, self.clock, _nobody_to_wake)

    def desk(self) -> Desk:
        return Desk(self.store, self.keys, self.house, self.clock, _nobody_to_wake)


def tuesday_morning(now: datetime) -> datetime:
    """Ten o'clock in London on the last Tuesday that has begun."""
    here = now.astimezone(LONDON)
    day = here.date() - timedelta(days=(here.weekday() - TUESDAY) % 7)
    return datetime.combine(day, time(10), LONDON).astimezone(UTC)


def beginning(now: datetime) -> datetime:
    """When the oldest past concern was sent."""
    return now - max(past.ago for past in PAST)


async def live(parts: Parts, now: datetime) -> None:
    """Raise the past concerns, oldest first, and do with each what staff did then."""
    for number, past in enumerate(sorted(PAST, key=lambda one: one.ago, reverse=True)):
        parts.clock.move_to(now - past.ago)
        await _talk(parts.turns(), FIRST_CHAT + number, past)
        await _handle(parts, past)
    parts.clock.move_to(now)


async def _talk(turns: Turns, chat_id: int, past: Past) -> None:
    arrivals = [Arrival(chance.randbits(40), chat_id, (Said(words),), b"{}") for words in past.said]
    await turns.take(arrivals)


async def _handle(parts: Parts, past: Past) -> None:
    if past.handler is None:
        return
    member, private = await _signed_in(parts, past.handler)
    desk = parts.desk()
    newest = max(await desk.listing(member), key=lambda one: one.sent_at)
    await desk.open(member, private, newest.reference)
    await desk.act(member, newest.reference, Event(Act.ACKNOWLEDGE, member.id))
    if past.answer is not None:
        told = Event(Act.RECORD_OUTCOME, member.id, Result.CHANGED)
        await desk.act(member, newest.reference, told, compose(past.answer))


async def _signed_in(parts: Parts, name: str) -> tuple[Member, bytes]:
    async with parts.store.read() as conn:
        row = await staff.by_name(conn, parts.keys, name)
    if row is None:
        raise LookupError(name)
    private = await asyncio.to_thread(staff.unlock, row, PASSPHRASE)
    return as_member(row), private


def _nobody_to_wake() -> None:
    """The sender is not there yet; it looks by itself when it comes."""
