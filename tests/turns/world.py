"""A trust in a folder: real keys, a real SQLite file, the real turns, desk and promises, and phones
that see what the sender would deliver."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.casework.model import Act, Event, Member, Result
from bot.channel.parse import _button
from bot.clock import MovableClock
from bot.desk.desk import Desk
from bot.dialogue.inputs import Commanded, Input, Left, Returned, Said
from bot.digests.daily import Digests
from bot.turns.arrival import Arrival
from bot.turns.copies import Copies
from bot.turns.house import House
from bot.turns.languages import Languages
from bot.turns.merging import Merging
from bot.turns.people import as_member
from bot.turns.talk import Turns
from bot.turns.time import Promises
from storage import (
    alarms,
    concerns,
    conversations,
    forgetting,
    outbox,
    quarantine,
    schema,
    staff,
)
from storage.concerns import ConcernRow
from storage.conversations import ConversationChange
from storage.engine import Store
from storage.outbox import unlock_body
from storage.sealing import KeyPair
from storage.secrets import Secrets

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)  # a Wednesday morning, winter time
LONDON = "Europe/London"
PASSPHRASE = "seven kettles on a quiet windowsill"
LEASE = timedelta(seconds=30)


@dataclass(frozen=True)
class Seen:
    """One message as it reached a phone."""

    text: str
    lane: int
    buttons: dict[str, str]  # label: callback data or address
    file: str = ""


@dataclass
class World:
    """Everything round the pure decisions, and the phones of the people who write."""

    folder: Path
    store: Store
    keys: Secrets
    recovery: KeyPair
    house: House
    clock: MovableClock
    ids: dict[str, str]
    woken: int = 0
    update_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1000))
    phones: dict[int, list[Seen]] = field(default_factory=dict)

    def wake(self) -> None:
        self.woken += 1

    def parts(self):
        return self.store, self.keys, self.house, self.clock, self.wake

    @property
    def turns(self) -> Turns:
        return Turns(*self.parts())

    @property
    def desk(self) -> Desk:
        return Desk(*self.parts())

    @property
    def promises(self) -> Promises:
        return Promises(*self.parts())

    @property
    def copies(self) -> Copies:
        return Copies(*self.parts())

    @property
    def merging(self) -> Merging:
        return Merging(*self.parts())

    @property
    def digests(self) -> Digests:
        return Digests(*self.parts())

    def without_wording(self, *keys: str) -> World:
        """The same trust, with sentences that somebody forgot to write."""
        known = self.house.languages
        left = [
            replace(one, sentences={k: v for k, v in one.sentences.items() if k not in keys})
            for one in known.all
        ]
        languages = Languages.of(left, known.book)
        return replace(self, house=replace(self.house, languages=languages))

    # ---- phones ----------------------------------------------------------------------------

    def arrival(self, chat: int, given: Input, **more) -> Arrival:
        raw = json.dumps({"from": chat, "what": repr(given)}).encode(errors="replace")
        return Arrival(next(self.update_ids), chat, (given,), raw, **more)

    def words(self, chat: int, *said: str) -> list[Arrival]:
        return [self.arrival(chat, Said(one)) for one in said]

    def press(self, chat: int, label: str) -> Arrival:
        """The newest button of this label that this phone ever showed."""
        for seen in reversed(self.phones[chat]):
            if label in seen.buttons:
                return self.arrival(chat, _button(seen.buttons[label]), message_id=7)
        raise LookupError(label)

    async def says(self, chat: int, *said: str) -> list[Seen]:
        await self.turns.take(self.words(chat, *said))
        return await self.hears(chat)

    async def commands(self, chat: int, name: str, payload: str = "") -> list[Seen]:
        await self.turns.take([self.arrival(chat, Commanded(name, payload))])
        return await self.hears(chat)

    async def taps(self, chat: int, *labels: str) -> list[Seen]:
        seen: list[Seen] = []
        for label in labels:
            await self.turns.take([self.press(chat, label)])
            seen = await self.hears(chat)
        return seen

    async def blocks(self, chat: int) -> None:
        await self.turns.take([self.arrival(chat, Left())])

    async def returns(self, chat: int) -> list[Seen]:
        await self.turns.take([self.arrival(chat, Returned())])
        return await self.hears(chat)

    async def hears(self, chat: int) -> list[Seen]:
        """What the sender would deliver to this chat now; other chats get theirs as well."""
        before = len(self.phones.get(chat, []))
        await self.deliver()
        return self.phones.get(chat, [])[before:]

    async def reads(self, chat: int) -> list[str]:
        """Open every notice that was not opened yet; what waited behind them, in order."""
        await self.hears(chat)
        told: list[str] = []
        for seen in [one for one in self.phones[chat] if "Read it" in one.buttons]:
            given = _button(seen.buttons.pop("Read it"))
            await self.turns.take([self.arrival(chat, given)])
            told += [one.text for one in await self.hears(chat)]
        return told

    async def deliver(self) -> None:
        """Everything that can be sent at this moment, as the sender takes it."""
        while True:
            async with self.store.write() as conn:
                some = await outbox.claim(conn, self.keys, self.clock.now(), LEASE, 500)
                await outbox.delivered(conn, [one.id for one in some])
                last = [one.recipient[2:] for one in some if one.kind == forgetting.LEAVING]
                await forgetting.depart(conn, last, [])
            if not some:
                return
            for one in some:
                assert not one.damaged
                self.phones.setdefault(one.chat_id, []).append(seen_of(one.body, one.lane))

    async def sends(self, chat: int, *said: str, place: str = "Rowan Ward") -> ConcernRow:
        """A concern from first words to receipt."""
        await self.says(chat, *said)
        await self.taps(chat, "Send", place, "No, send it")
        return (await self.owned(chat))[-1]

    async def owned(self, chat: int) -> list[ConcernRow]:
        async with self.store.read() as conn:
            known = (await conversations.load(conn, self.keys, [chat]))[chat]
            ids = json.loads(known.own)["concerns"]
            rows = await concerns.load(conn, ids)
        return [rows[one] for one in ids if one in rows]

    async def talk_of(self, chat: int) -> dict[str, object]:
        async with self.store.read() as conn:
            return json.loads((await conversations.load(conn, self.keys, [chat]))[chat].talk)

    async def conversation(self, chat: int):
        async with self.store.read() as conn:
            return (await conversations.load(conn, self.keys, [chat])).get(chat)

    async def edit_talk(self, chat: int, **fields: object) -> None:
        """Put a talk where no step would leave it: a bug of ours, or a damaged disk."""
        known, talk = await self.conversation(chat), await self.talk_of(chat)
        stored = json.dumps(talk | fields).encode()
        change = ConversationChange(known.id, chat, known.version, stored, known.own)
        async with self.store.write() as conn:
            await conversations.save(conn, self.keys, [change], self.clock.now())

    async def draft(self, chat: int) -> list[str]:
        async with self.store.read() as conn:
            known = (await conversations.load(conn, self.keys, [chat]))[chat]
            stored, damaged = await conversations.draft_parts(conn, self.keys, [known.id])
        assert not damaged
        return [one.decode() for one in stored[known.id]]

    # ---- staff -----------------------------------------------------------------------------

    async def member(self, name: str) -> Member:
        async with self.store.read() as conn:
            return as_member(await staff.by_name(conn, self.keys, name))

    async def private(self, name: str) -> bytes:
        async with self.store.read() as conn:
            return staff.unlock(await staff.by_name(conn, self.keys, name), PASSPHRASE)

    async def links(self, name: str, chat: int) -> None:
        code = await self.desk.start_link(self.ids[name])
        assert (await self.commands(chat, "link", code))[-1].text.startswith("This chat is linked.")

    async def opens(self, name: str, reference: str):
        return await self.desk.open(await self.member(name), await self.private(name), reference)

    async def acts(self, name: str, reference: str, what: Event | Act, words: str | None = None):
        given = what if isinstance(what, Event) else Event(what, self.ids[name])
        return await self.desk.act(await self.member(name), reference, given, words)

    async def answers(self, name: str, reference: str, words: str = "We changed the rota."):
        await self.opens(name, reference)
        done = Event(Act.RECORD_OUTCOME, self.ids[name], Result.CHANGED)
        return await self.acts(name, reference, done, words)

    async def parts_of(self, row: ConcernRow, name: str = "Dave Palmer") -> list[tuple[str, str]]:
        private = await self.private(name)
        async with self.store.read() as conn:
            opened = await concerns.open_parts(conn, row.id, self.ids[name], private)
        assert not opened.damaged
        return [(one.kind, one.words.decode()) for one in opened.parts]

    async def readers(self, row: ConcernRow) -> set[str]:
        async with self.store.read() as conn:
            able = (await concerns.readers(conn, [row.id]))[row.id]
        return {name for name, one in self.ids.items() if one in able}

    async def row(self, reference: str) -> ConcernRow:
        async with self.store.read() as conn:
            return (await concerns.by_reference(conn, [reference]))[reference]

    # ---- what is stored --------------------------------------------------------------------

    async def count(self, *tables: str) -> list[int]:
        async with self.store.read() as conn:
            return [
                len((await conn.execute(select(schema.metadata.tables[one]))).all())
                for one in tables
            ]

    async def everything(self) -> dict[str, list[tuple]]:
        """Every row of every table: what must not change is compared by this."""
        async with self.store.read() as conn:
            return {
                name: sorted(map(repr, (await conn.execute(select(table))).all()))
                for name, table in schema.metadata.tables.items()
            }

    async def alarms(self) -> list[str]:
        async with self.store.read() as conn:
            return [one.kind for one in await alarms.unseen(conn)]

    async def set_aside(self) -> list[tuple[str, bytes]]:
        """Why each update was set aside, and the update, opened with the recovery key."""
        async with self.store.read() as conn:
            kept = await quarantine.everything(conn)
        private = self.recovery.private
        return [(one.reason, quarantine.open_body(one, private)) for one in kept]

    async def queued(self) -> list[tuple[object, Seen]]:
        """What waits in the outbox, with the row it waits in, opened."""
        async with self.store.read() as conn:
            rows = (await conn.execute(select(schema.outbox).order_by(schema.outbox.c.id))).all()
        return [(one, seen_of(unlock_body(self.keys, one), one.lane)) for one in rows]


def seen_of(body: bytes, lane: int) -> Seen:
    got = json.loads(body)
    buttons = {
        button["label"]: button.get("data") or button["url"]
        for row in got["rows"]
        for button in row
    }
    return Seen(got["text"], lane, buttons, got.get("document", {}).get("text", ""))
