"""What staff do, from the console: read, acknowledge, answer, record an outcome.

Each act is one transaction: the state, the sealed words, the audit line and the message to the
person, together or not at all.
"""

from __future__ import annotations

import logging
import secrets as chance
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.casework.access import Action, level_of, may
from bot.casework.life import decide
from bot.casework.model import Act, Concern, Event, Member, NotAllowed
from bot.clock import Clock
from bot.turns import alerting
from bot.turns.absent import wording_about
from bot.turns.attachments import Attachment, named, part_of
from bot.turns.concern import Decided, as_concern, carry_out, person_tells, seen_by
from bot.turns.house import LINK_CODE_LASTS, House, Scene
from bot.turns.people import working
from bot.turns.rendering import too_long
from storage import alarms, answer_drafts, audit, concerns, files, handovers, staff
from storage.concerns import ConcernRow, NewPart, OpenPart
from storage.engine import Conn, Store, StoreConflict
from storage.errors import DamagedRow
from storage.sealing import SealError
from storage.secrets import Secrets

log = logging.getLogger(__name__)

TRIES: Final = 5
MOST_LISTED: Final = 100
PART_KINDS: Final = {
    Act.ANSWER: "answer",
    Act.RECORD_OUTCOME: "outcome",
    Act.PAUSE: "pause",
    Act.ASK: "question",
}
ACTIONS: Final = {
    Act.ACKNOWLEDGE: Action.ACKNOWLEDGE,
    Act.LOOK_INTO: Action.ANSWER,
    Act.ANSWER: Action.ANSWER,
    Act.PAUSE: Action.ANSWER,
    Act.RESUME: Action.ANSWER,
    Act.ASK: Action.ANSWER,
    Act.RECORD_OUTCOME: Action.RECORD_OUTCOME,
}
OFFERED: Final = "offer:talk"  # with an acknowledgement, in the audit
CODE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class OpenedConcern:
    """One concern, opened by someone who holds a key to it."""

    concern: Concern
    parts: Sequence[OpenPart]
    damaged: int  # parts that did not open; an alarm was raised for each
    opened_before: bool  # by this member
    some_excluded: bool
    undelivered: bool  # an answer was lost on its way and is to be sent again


@dataclass(frozen=True, slots=True)
class Acted:
    concern: Concern


@dataclass(frozen=True, slots=True)
class Desk:
    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def listing(self, member: Member) -> list[Concern]:
        """The newest concerns that this member holds a key to, without those they are kept from.
        The lists of the console are cut by the database instead: see storage/inbox.py."""
        async with self.store.read() as conn:
            rows = await concerns.readable(conn, member.id, MOST_LISTED, 0)
        return [seen_by(member, row) for row in rows]

    async def open(self, member: Member, private: bytes, reference: str) -> OpenedConcern | None:
        """Open a concern and note that it was read. None when there is none, or none for them.

        Raises DamagedRow, with an alarm, when the member's key to it does not open.
        """
        for _ in range(TRIES):
            try:
                return await self._open(member, private, reference)
            except DamagedRow:
                await self._sound("key-damaged", f"{reference} {member.id}")
                raise
            except StoreConflict:
                continue  # somebody else was at the same rows: nothing was noted yet
        raise StoreConflict("a concern could not be opened for all the others at work on it")

    async def _open(self, member: Member, private: bytes, reference: str) -> OpenedConcern | None:
        async with self.store.write() as conn:
            row = await self._readable(conn, member.id, reference)
            if row is None:
                return None
            now = self.clock.now()
            opened = await concerns.open_parts(conn, row.id, member.id, private)
            before = await audit.has(conn, member.id, "opened", row.id)
            if row.opened_at is None:
                await concerns.mark_opened(conn, row.id, now)
            if await handovers.owner_opened(conn, row.id, member.id, now):
                row = replace(row, owner_opened_at=now, version=row.version + 1)
            await self._sound_damage(conn, opened.damaged, now)
            excluded = await concerns.excluded(conn, [row.id])
            scene = Scene(self.house, now, ())
            told = await alerting.opened(conn, self.keys, scene, member, row)
            await audit.note(conn, now, member.id, "opened", row.id)
        if told:
            self.wake()
        return OpenedConcern(
            seen_by(member, row),
            opened.parts,
            len(opened.damaged),
            before,
            bool(excluded.get(row.id)),
            row.undelivered,
        )

    async def open_file(
        self, member: Member, private: bytes, reference: str, part_id: str
    ) -> Attachment | None:
        """A file of a concern, and note that it was opened. None when there is none, it is not
        kept, or the concern is not for this member.

        Raises DamagedRow, with an alarm, when the concern's key or the file does not open.
        """
        async with self.store.write() as conn:
            row = await self._readable(conn, member.id, reference)
            if row is None:
                return None
            opened = await concerns.open_parts(conn, row.id, member.id, private)
            part = next((one for one in opened.parts if one.id == part_id), None)
            held = part_of(part) if part is not None else None
            if part is None or held is None:
                return None
            await audit.note(conn, self.clock.now(), member.id, "file-opened", row.id)
        try:
            file = await files.open_file(self.store, held.file_id, held.seed)
        except SealError:
            await self.file_damaged(part_id)
            raise DamagedRow("a file does not open") from None
        if file is None:
            return None
        return Attachment(held.kind, named(part, held.kind, file.about.ending), file)

    async def file_damaged(self, part_id: str) -> None:
        """Sound the alarm for a file whose rows were changed, cut or lost."""
        await self._sound("file-damaged", part_id)

    async def act(
        self,
        member: Member,
        reference: str,
        event: Event,
        words: str | None = None,
        seen: int | None = None,
    ) -> Acted:
        """Do one thing to a concern and queue what the person is told.

        `words` are the member's own, composed and checked by the form that asked for them; `seen`
        is the concern's version that they had before them, so that nothing is sent twice or in
        answer to something else. Raises NotAllowed when the member, or the concern's state, does
        not allow it.
        """
        for _ in range(TRIES):
            try:
                async with self.store.write() as conn:
                    row = await self._allowed(conn, member, reference, event)
                    if seen not in {None, row.version}:
                        raise NotAllowed("changed")
                    acted = await self._act(conn, member, row, event, words)
                self.wake()
                return acted
            except StoreConflict:
                continue
        raise NotAllowed("busy")

    async def _allowed(
        self, conn: Conn, member: Member, reference: str, event: Event
    ) -> ConcernRow:
        row = await self._readable(conn, member.id, reference)
        if row is None or not may(member, row.team, ACTIONS[event.act]):
            raise NotAllowed("not-yours")
        if not await audit.has(conn, member.id, "opened", row.id):
            raise NotAllowed("open-it-first")
        return row

    async def _act(
        self, conn: Conn, member: Member, row: ConcernRow, event: Event, words: str | None
    ) -> Acted:
        now = self.clock.now()
        event = replace(event, level=level_of(member, row.team))
        decision = decide(as_concern(row), event, self.house.calendar, now, self.house.clocks)
        told = {} if words is None else {"words": words}
        one = Decided(row, decision, member, told)
        scene = Scene(self.house, now, working(await staff.everyone(conn, self.keys)))
        wording = await wording_about(conn, self.keys, scene, row.id)
        if any(too_long(tell, wording) for tell in person_tells(one)):
            raise NotAllowed("too-long")
        if words is not None:
            await self._seal_words(conn, row, member, event, words)
            # An answer that was lost on its way is made good by this one.
            one = replace(one, before=replace(row, undelivered=False))
        await carry_out(conn, self.keys, scene, [one])
        await alerting.seen(conn, self.keys, scene, member, row)
        detail = OFFERED if event.offers_talk else ""
        await audit.note(conn, now, member.id, event.act.value, row.id, detail)
        return Acted(decision.concern)

    async def _seal_words(
        self, conn: Conn, row: ConcernRow, member: Member, event: Event, words: str
    ) -> None:
        kind = PART_KINDS[event.act] + (f"-{event.result.value}" if event.result else "")
        part_id, now = chance.token_hex(16), self.clock.now()
        part = NewPart(part_id, row.id, kind, member.id, now, words.encode())
        await concerns.add_parts(conn, [part])
        await answer_drafts.drop(conn, row.id, member.id)

    async def save_draft(self, staff_id: str, reference: str, form: bytes) -> None:
        """Keep a half-written answer, sealed to the member's own public key."""
        async with self.store.write() as conn:
            row = await self._readable(conn, staff_id, reference)
            if row is not None:
                await answer_drafts.save(conn, row.id, staff_id, form, self.clock.now())

    async def load_draft(self, member: Member, private: bytes, reference: str) -> bytes | None:
        """A member's half-written answer. Raises DamagedRow, with an alarm."""
        try:
            async with self.store.read() as conn:
                row = await self._readable(conn, member.id, reference)
                if row is None:
                    return None
                return await answer_drafts.load(conn, row.id, member.id, private)
        except DamagedRow:
            await self._sound("answer-draft-damaged", f"{reference} {member.id}")
            raise

    async def start_link(self, staff_id: str) -> str:
        """A one-time code by which this member's next chat message links their Telegram."""
        code = "".join(chance.choice(CODE_ALPHABET) for _ in range(10))
        async with self.store.write() as conn:
            expires = self.clock.now() + LINK_CODE_LASTS
            await staff.start_link(conn, self.keys, staff_id, code, expires)
            await audit.note(conn, self.clock.now(), staff_id, "link-started", None)
        return code

    async def _readable(self, conn: Conn, staff_id: str, reference: str) -> ConcernRow | None:
        row = (await concerns.by_reference(conn, [reference])).get(reference)
        if row is None:
            return None
        who = (await concerns.readers(conn, [row.id]))[row.id]
        return row if staff_id in who else None

    async def _sound(self, kind: str, detail: str) -> None:
        """In a transaction of its own: the one that met the damage was given up."""
        log.error("alarm", extra={"kind": kind})
        async with self.store.write() as conn:
            await alarms.sound_once(conn, chance.token_hex(16), self.clock.now(), kind, detail)

    async def _sound_damage(self, conn: Conn, parts: Sequence[str], now: datetime) -> None:
        for part in parts:
            log.error("part-damaged")
            await alarms.sound_once(conn, chance.token_hex(16), now, "part-damaged", part)
