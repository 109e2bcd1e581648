"""A day in which Heard opens everything that it ever sealed, and what of it worked."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from asking import all_of
from inside import MORNING, Printed, Roles, environment, found, inside, passphrase_of
from sealed_files import attach, fetch, hear
from sealed_staff import give, post, second_step
from sqlalchemy import select
from town import send, skip_all

from bot.admin import exporting, keeping
from bot.admin.model import Hands
from bot.app import make_house
from bot.casework.model import Act, Event
from bot.channel.delivery import Delivery
from bot.channel.limits import Limits
from bot.channel.sender import Post, Sender
from bot.clock import MovableClock
from bot.console.app import build_console
from bot.console.door import signing
from bot.desk.desk import Desk
from bot.dialogue.inputs import Said, SetAside
from bot.digests.daily import Digests
from bot.keeping import Keeping
from bot.turns.arrival import Arrival
from bot.turns.memory import recall
from bot.turns.people import as_member
from bot.turns.talk import Turns
from config import settings as configuration
from storage import alarms, concerns, conversations, outbox, staff
from storage.engine import Store
from storage.errors import DamagedRow
from storage.schema import outbox as outbox_rows
from storage.secrets import Secrets

ROLES: Roles = {
    "Omar Bell": (("rowan", "answerer"), ("rowan", "lead")),
    "Tom Reyes": (("birch", "answerer"), ("birch", "lead")),
    "Grace Okafor": (("*", "senior"),),
    "Sam Lindqvist": (("*", "independent"),),
    "Ines Adair": (("*", "independent"),),
}
PLACES = {"Rowan ward": "Omar Bell", "Birch community team": "Tom Reyes"}
BY_CHANCE = re.compile(r"H-\w{4}-\w{4}|\b\w{5}-\w{5}\b")  # a reference, a receipt's code


@dataclass
class Sealed:
    """A stopped installation, two of everything in it, and what its people hold."""

    folder: Path
    code: str = ""
    chats: dict[int, str] = field(default_factory=dict)  # person: conversation
    references: dict[str, str] = field(default_factory=dict)  # concern: reference
    answerer: dict[str, str] = field(default_factory=dict)  # reference: who answers it
    raised: dict[str, int] = field(default_factory=dict)  # reference: person
    files: dict[str, str] = field(default_factory=dict)  # file: reference
    heard_in: dict[str, str] = field(default_factory=dict)  # reference: part of a kept file
    works: Counter[str] = field(default_factory=Counter)  # in a day without any damage
    sounded: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)  # staff id: name
    privates: dict[str, bytes] = field(default_factory=dict)

    def knows(self, table: str, row) -> bool:
        """Leaves out the chats of staff, whose words are nobody's concern."""
        try:
            return bool(self.marks(table, row))
        except KeyError:
            return False

    def marks(self, table: str, row) -> set[str]:
        """What everything that may be lost with this row is called."""
        known = {id_: f"#{id_}" for id_ in self.chats.values()} | self.references | self.names
        known |= {"recovery": "recovery"} | self.files
        if table == "outbox":
            return {known[row.recipient[2:]]}
        if table == "quarantine":
            return {row.id}
        owners = {known[getattr(row, name, None)] for name in _OWNERS[table]}
        # Who cannot read a concern, or be reached about it, misses what comes of it.
        return owners | {f"#{self.chats[self.raised[one]]}" for one in owners & {*self.raised}}


_OWNERS = {
    "staff": ("id",),
    "second_factors": ("staff_id",),
    "conversations": ("id",),
    "draft_parts": ("conversation_id",),
    "concerns": ("id",),
    "parts": ("concern_id",),
    "wraps": ("concern_id", "reader_id"),
    "answer_drafts": ("concern_id", "staff_id"),
    "files": ("concern_id",),
    "file_chunks": ("file_id",),
    "file_jobs": ("id",),
}


class Day:
    """All that Heard does with what is sealed, and what of it worked."""

    def __init__(self, sealed: Sealed, folder: Path, store: Store) -> None:
        settings = configuration.load(environment(folder))
        keys = Secrets.load(folder / "secrets")
        clock = MovableClock(MORNING + timedelta(hours=23))
        house = make_house(settings, MORNING)
        ours = (store, keys, house, clock, lambda: None)
        self.sealed, self.store, self.keys, self.clock = sealed, store, keys, clock
        self.turns, self.desk, self.digests = Turns(*ours), Desk(*ours), Digests(*ours)
        self.sender = Sender(Post(store, keys, clock.now), Delivery(None, Limits(0)), Limits(0))
        self.hands = Hands(settings, keys, store, clock)
        self.console = build_console(self.desk, store, keys, settings, clock)
        self.ours = ours
        self.works: Counter[str] = Counter()

    async def whole(self) -> Counter[str]:
        await Keeping(self.store, self.keys, self.clock).look()
        await self.deliver()
        await self.talk()
        await fetch(self)
        await self.work()
        await self.digests.send()
        await self.deliver()
        await self.administer()
        return self.works

    async def deliver(self) -> None:
        """Everything that waits, also what waits to be asked for."""
        async with self.store.write() as conn:
            held = select(outbox_rows.c.recipient, outbox_rows.c.held_id)
            for row in (await conn.execute(held.where(outbox_rows.c.held_id.is_not(None)))).all():
                await outbox.release(conn, row.recipient, row.held_id)
            now = self.clock.now() + timedelta(days=1)  # by day
            for _ in range(8):
                for row in await outbox.claim(conn, self.keys, now, timedelta(0), 50):
                    if row.damaged:
                        outcome = await Delivery(None, Limits(0)).deliver(row)
                        await self.sender._record(conn, [outcome], now)
                    else:
                        told = BY_CHANCE.sub("its own", json.loads(row.body)["text"])
                        self.works[f"delivery to {self.called(row.recipient)}: {told}"] += 1
                        await outbox.delivered(conn, [row.id])
        await post(self)

    def called(self, recipient: str) -> str:
        return self.sealed.names.get(recipient[2:], f"#{recipient[2:]}")

    async def talk(self) -> None:
        """Everybody writes at the same moment."""
        chats = self.sealed.chats
        await self.say("and another thing")
        async with self.store.read() as conn:
            drafts, _ = await conversations.draft_parts(conn, self.keys, chats.values())
            found = await conversations.load_ids(conn, self.keys, chats.values())
        for id_, one in found.items():
            assert not one.damaged  # whatever was, is mended now
            if drafts[id_] == [b"not sent yet", b"and another thing"]:
                self.works[f"draft of #{id_}"] += 1
            assert drafts[id_][-1:] == [b"and another thing"]
            if recall(one.talk, one.own).concerns:
                self.works[f"concerns of #{id_}"] += 1

        for words in ("Something new", "Send", "Not sure", "No, send it"):
            await self.say(words)

    async def say(self, words: str) -> None:
        chats = self.sealed.chats
        arrivals = [
            Arrival(self.clock.now().microsecond + number, chat, (Said(words),), b"{}")
            for number, chat in enumerate(chats)
        ]
        self.clock.move_to(self.clock.now() + timedelta(milliseconds=1))
        assert len(await self.turns.take(arrivals)) == len(arrivals)

    async def work(self) -> None:
        async with self.store.read() as conn:
            rows = await staff.everyone(conn, self.keys)
        for row in rows:
            name = self.sealed.names[row.id]
            if row.name == name:
                self.works[f"name of {name}"] += 1
            if await signing._try(self.console, name, passphrase_of(name)) is not None:
                self.works[f"sign-in of {name}"] += 1
                await second_step(self, replace(row, name=name))
            member = replace(as_member(row), name=name)
            for concern in await self.desk.listing(member):
                if concern.reference in self.sealed.answerer:
                    await self.read(member, concern.reference)

    async def read(self, member, reference: str) -> None:
        private = self.sealed.privates[member.name]
        try:
            draft = await self.desk.load_draft(member, private, reference)
            self.works[f"{member.name} goes on writing {draft!r} about {reference}"] += 1
        except DamagedRow:
            pass  # theirs alone, and they may begin anew
        try:
            opened = await self.desk.open(member, private, reference)
        except DamagedRow:
            return
        if opened is not None and not opened.damaged:
            self.works[f"{member.name} reads {reference}"] += 1
        await hear(self, member, reference)
        if self.sealed.answerer[reference] == member.name:
            before = await self.waiting()
            await self.desk.act(member, reference, Event(Act.LOOK_INTO, member.id))
            if await self.waiting() > before:
                self.works[f"the person of {reference} is told"] += 1

    async def waiting(self) -> int:
        async with self.store.read() as conn:
            return sum((await outbox.waiting(conn)).values())

    async def administer(self) -> None:
        for name in self.sealed.privates:
            printed = Printed()
            if f"sign-in of {name}" in self.works:
                await exporting.export(self.hands, all_of(name), printed)
            whole = [line for line in printed.lines if '"damaged_parts": 0' in line]
            for reference in self.sealed.answerer:
                if any(reference in line for line in whole):
                    self.works[f"export of {reference} by {name}"] += 1
        printed = Printed()
        await keeping.set_aside(self.hands, {"code": self.sealed.code}, printed)
        self.works.update(line for line in printed.lines if '"damaged"' not in line)

    async def alarms(self) -> set[str]:
        async with self.store.read() as conn:
            return {f"{one.kind} {one.detail}" for one in await alarms.unseen(conn)}


async def fill(made: Sealed) -> None:
    made.code = await found(made.folder, ROLES)
    async with inside(made.folder) as here:
        for place, name in PLACES.items():
            phone = await here.street.newcomer("P")
            await phone.say(f"it is about {place}")
            reference = await send(phone, place)
            made.answerer[reference], made.raised[reference] = name, phone.person
            await skip_all(phone)
            await phone.say("not sent yet")
            await phone.until("Saved, not sent yet.", "something new?")
            made.chats[phone.person] = ""
            await here.link(name)
    store = await Store.open(f"sqlite+aiosqlite:///{made.folder / 'heard.db'}")
    try:
        await _queue(made, Day(made, made.folder, store))
    finally:
        await store.close()
    made.works, made.sounded = await lived(made, made.folder / "whole")


async def _queue(made: Sealed, day: Day) -> None:
    """What waits: news for the people, half-written answers, updates that were set aside."""
    async with day.store.read() as conn:
        for chat, one in (await conversations.load(conn, day.keys, made.chats)).items():
            made.chats[chat] = one.id
        rows = await concerns.by_reference(conn, made.answerer)
        everyone = await staff.everyone(conn, day.keys)
    made.references |= {row.id: row.reference for row in rows.values()}
    for row in rows.values():
        await attach(made, day, row)
    for row in everyone:
        made.names[row.id] = row.name
        made.privates[row.name] = staff.unlock(row, passphrase_of(row.name))
    await give(day, everyone)
    for row in everyone:
        member = as_member(row)
        for reference in [one for one, name in made.answerer.items() if name == row.name]:
            private = made.privates[row.name]
            await day.desk.open(member, private, reference)
            await day.desk.act(member, reference, Event(Act.ACKNOWLEDGE, row.id))
            await day.desk.save_draft(row.id, reference, b"half an answer")
    await day.turns.take([Arrival(10**6 + n, None, (SetAside(),), b"%d" % n) for n in (1, 2)])


async def lived(sealed: Sealed, folder: Path, spoil=None) -> tuple[Counter[str], set[str]]:
    """A day with a copy of all, also of how far the audit is signed: what worked, its alarms."""
    folder.mkdir()
    shutil.copy2(sealed.folder / "heard.db", folder / "heard.db")
    shutil.copytree(sealed.folder / "secrets", folder / "secrets")
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'heard.db'}")
    try:
        if spoil is not None:
            async with store.write() as conn:
                await spoil(conn)
        day = Day(sealed, folder, store)
        return await day.whole(), await day.alarms()
    finally:
        await store.close()
        shutil.rmtree(folder)
