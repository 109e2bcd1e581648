"""Thirty days in which nobody acts, lived through by everything that the clock does in a running
Heard: the ticks of the process, the real outbox, and phones that note when they rang."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.casework.model import OPEN_STATES, Act, Event, Result
from bot.turns.taps import TAKE, tap_data
from bot.watching import looks
from storage import audit, schema, staff
from tests.turns.tapping import of_data, takes
from tests.turns.world import LONDON, Seen, World

DAYS = 30
BEGINS = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)  # a Thursday, at night
ENDS = BEGINS + timedelta(days=DAYS)
ANN, BEA, CAL, DEE, EVE, FAY = range(501, 507)
PEOPLE = {
    ANN: "ordinary",
    BEA: "in danger",
    CAL: "independent",
    DEE: "paused",
    EVE: "taken",
    FAY: "promised",
}
STAFF = {
    "Dave Palmer": 900,
    "Ruth Adeyemi": 901,
    "Grace Okoro": 902,
    "Helen Marsh": 903,
    "Tom Byrne": 904,
    "Rita Reed": 905,
    "Sunil Mehta": 906,
}
CHATS = {chat: name for name, chat in STAFF.items()}
LIST, WEEKLY = "Concerns on ", "The week from "


@dataclass(frozen=True)
class Rang:
    """One message, and when a phone got it."""

    at: datetime
    chat: int
    seen: Seen

    @property
    def here(self) -> datetime:
        return self.at.astimezone(ZoneInfo(LONDON))

    @property
    def who(self) -> str:
        return PEOPLE.get(self.chat) or CHATS[self.chat]

    @property
    def first(self) -> str:
        return self.seen.text.splitlines()[0]


@dataclass(repr=False)
class Month:
    """All that was told, in order. `behind` is what people found behind each notice, by chat;
    `dateless` the concerns that were open without a date to come, at any tick."""

    world: World
    references: dict[int, str] = field(default_factory=dict)
    rang: list[Rang] = field(default_factory=list)
    behind: list[tuple[date, int, str]] = field(default_factory=list)
    dateless: list[tuple[datetime, str]] = field(default_factory=list)
    noted: dict[int, int] = field(default_factory=dict)  # messages on each phone that are in it
    ticks: int = 0
    alarms: list[str] = field(default_factory=list)  # as they stand at the end
    broken: dict[int, list[str]] = field(default_factory=dict)  # as the record has it, by chat

    def at(self, chat: int) -> int:
        return self.noted.get(chat, 0)

    def to(self, chat: int) -> list[Rang]:
        return [one for one in self.rang if one.chat == chat]

    def weekly(self, name: str) -> list[Rang]:
        return [one for one in self.to(STAFF[name]) if one.first.startswith(WEEKLY)]

    def lists(self, name: str) -> list[Rang]:
        return [one for one in self.to(STAFF[name]) if one.first.startswith(LIST)]

    def told(self, chat: int) -> list[tuple[date, str]]:
        return [(day, text) for day, who, text in self.behind if who == chat]

    def lines_about(self, chat: int, *, alerts: bool = False) -> list[tuple[str, date, str]]:
        """What staff were told of one concern at once, lists apart: who, when, the words."""
        reference = self.references[chat]
        return [
            (CHATS[one.chat], one.here.date(), one.seen.text)
            for one in self.rang
            if one.chat in CHATS
            and one.seen.text.startswith(reference)
            and ("I have seen this" in one.seen.buttons) == alerts
        ]

    def table(self) -> str:
        """When who was told what, for people to read; lists and alerts as their number a day."""
        rows, counted = [], {}
        for one in self.rang:
            kind = self._counted(one)
            if kind:
                key = (one.here.date(), one.who, kind)
                counted[key] = counted.get(key, 0) + 1
            else:
                rows.append((one.here, one.who, one.first))
        lines = [f"{at:%a %d %b %H:%M}  {who:15} {what[:96]}" for at, who, what in sorted(rows)]
        lines += [
            f"{day:%a %d %b}        {who:15} {kind} x{count}"
            for (day, who, kind), count in sorted(counted.items())
            if kind == "alert"
        ]
        totals = {}
        for _, who, kind in counted:
            if kind == "list":
                totals[who] = totals.get(who, 0) + 1
        return "\n".join([*lines, *(f"{who}: lists on {n} days" for who, n in totals.items())])

    def _counted(self, one: Rang) -> str:
        if one.chat in CHATS and one.first.startswith(LIST):
            return "list"
        return "alert" if "I have seen this" in one.seen.buttons else ""


def moments() -> Iterator[datetime]:
    """Every ten minutes while an alert goes up quickly, then every hour; every three at night,
    which no date and no handover falls into."""
    at = BEGINS
    while at < ENDS:
        quick = at < BEGINS + timedelta(hours=2)
        night = at >= BEGINS + timedelta(days=2) and not 6 <= at.hour < 21
        step = timedelta(minutes=10) if quick else timedelta(hours=3 if night else 1)
        yield min(at + step, ENDS)
        at += step


async def silence(world: World) -> Month:
    """What was told in thirty days. People open what waits for them in the evening."""
    month = Month(world)
    world.clock.move_to(BEGINS)
    await everybody(month)
    month.references[BEA] = (await world.sends(BEA, "They sent him home.")).reference
    await world.taps(BEA, "Yes, in danger now")
    await note(month, replies=True)
    started = False
    for moment in moments():
        world.clock.move_to(moment)
        if not started and moment >= BEGINS + timedelta(hours=7):
            await morning(month)
            started = True
        await tick(month)
        if (moment.hour, moment.minute) == (19, 0):
            await evening(month)
    month.alarms = await world.alarms()
    for chat, reference in month.references.items():
        month.broken[chat] = await broken_promises(world, reference)
    return month


async def everybody(month: Month) -> None:
    world = month.world
    async with world.store.write() as conn:
        held = (("rowan", "reader"), ("*", "on-duty"))
        await staff.set_memberships(conn, world.ids["Rita Reed"], held)
    for name, chat in STAFF.items():
        await world.links(name, chat)
    for seen in world.phones.values():
        seen.clear()


async def morning(month: Month) -> None:
    """Ten o'clock: five more write. Dave does a little for three of them, and never again."""
    world, sent = month.world, month.references
    sent[ANN] = (await world.sends(ANN, "The heating is broken.")).reference
    await world.says(CAL, "About the night staff.")
    await world.taps(CAL, "Send", "Rowan Ward", "Yes, choose")
    await world.says(CAL, "the lanky porter on nights")
    await world.taps(CAL, "Send it")
    sent[CAL] = (await world.owned(CAL))[-1].reference
    for chat in (DEE, EVE, FAY):
        sent[chat] = (await world.sends(chat, "It is cold.")).reference
    dave = world.ids["Dave Palmer"]
    for chat in (DEE, FAY):
        await world.opens("Dave Palmer", sent[chat])
        await world.acts("Dave Palmer", sent[chat], Act.ACKNOWLEDGE)
    pause = Event(Act.PAUSE, dave, by_date=date(2026, 12, 8))
    await world.acts("Dave Palmer", sent[DEE], pause, "We wait for the engineer.")
    change = Event(Act.RECORD_OUTCOME, dave, Result.WILL_CHANGE, date(2026, 12, 10))
    await world.acts("Dave Palmer", sent[FAY], change, "New boilers come.")
    chat = STAFF["Dave Palmer"]
    await takes(world, chat, of_data(world, chat, tap_data(sent[EVE], TAKE)))
    for chat in PEOPLE:
        await world.reads(chat)
    await note(month, replies=True)


async def tick(month: Month) -> None:
    """Everything that the clock does, in the order of the process; some of it twice."""
    world = month.world
    for _, look in looks(*world.parts()).values():
        await look()
    month.ticks += 1
    if month.ticks % 7 == 0:
        await world.promises.keep()
        await world.digests.send()
    await world.deliver()
    await note(month)
    month.dateless += [(world.clock.now(), one) for one in await without_date(world)]


async def note(month: Month, *, replies: bool = False) -> None:
    """Note what rang since the last time. What answers somebody's own taps is no ringing."""
    world = month.world
    await world.deliver()
    for chat, seen in world.phones.items():
        if not (replies and chat in PEOPLE):
            month.rang += [Rang(world.clock.now(), chat, one) for one in seen[month.at(chat) :]]
        month.noted[chat] = len(seen)


async def evening(month: Month) -> None:
    """People read what waits behind their notices."""
    world = month.world
    for chat in PEOPLE:
        if chat in world.phones:
            texts = await world.reads(chat)
            month.behind += [(world.clock.now().date(), chat, text) for text in texts]
    await note(month, replies=True)


async def without_date(world: World) -> list[str]:
    """Open concerns that have no date to come."""
    table = schema.concerns
    async with world.store.read() as conn:
        rows = (await conn.execute(select(table))).all()
    now = world.clock.now()
    return [
        one.reference
        for one in rows
        if one.state in set(OPEN_STATES) and (one.due_at is None or one.due_at <= now)
    ]


async def broken_promises(world: World, reference: str) -> list[str]:
    """What the record says of each promise that was not kept."""
    row = await world.row(reference)
    async with world.store.read() as conn:
        lines = await audit.of_concern(conn, row.id)
    return [one.detail for one in lines if one.action == "promise-broken"]
