"""One set's reads and writes: all that its chats asked for, saved in a handful of statements."""

from __future__ import annotations

import logging
import secrets as chance
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.casework.model import Kind
from bot.dialogue.effects import ReleaseNews, SendOwnData, Tell
from bot.dialogue.inputs import SetAside
from bot.turns import alerting
from bot.turns.arrival import Answered, Arrival
from bot.turns.asked import Draft, as_new
from bot.turns.chat import ChatTurn, Queued
from bot.turns.clearing import Clear, clearing, deletable_since, visit_of
from bot.turns.concern import Readership, moves, staff_messages
from bot.turns.counting import Happened
from bot.turns.files import Settled, as_sent, ids_in, settle
from bot.turns.house import Scene
from bot.turns.memory import Memory, UnreadableMemoryError, own_bytes, recall, talk_bytes
from bot.turns.merging import note_merged
from bot.turns.nudges import Due, next_due
from bot.turns.own_copy import own_copy
from bot.turns.proving import moved, received
from storage import (
    alarms,
    audit,
    chat_messages,
    concerns,
    conversations,
    counts,
    data_requests,
    forgetting,
    outbox,
    quarantine,
    staff,
)
from storage.audit import Line
from storage.concerns import NewPart
from storage.conversations import Conversation, ConversationChange
from storage.engine import Conn
from storage.forgetting import LEAVING
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)

Stored = Mapping[str, Sequence[bytes]]


class Saving:
    """Opens the chats of one set, and saves them after their turns."""

    def __init__(self, conn: Conn, keys: Secrets, scene: Scene) -> None:
        self._conn = conn
        self._keys = keys
        self._scene = scene
        self._loaded: dict[int, Conversation] = {}
        self._damaged: set[str] = set()
        self._lost: set[str] = set()  # of those, whose draft is gone or cannot be gone on with
        self._dropped: dict[str, list[str]] = {}  # files of parts that were taken back
        self._linked: list[Line] = []  # members of staff whose chat was linked in this set
        self.left: set[str] = set()

    async def open_chats(self, chat_ids: Iterable[int | None]) -> dict[int | None, ChatTurn]:
        wanted = dict.fromkeys(one for one in chat_ids if one is not None)
        since = deletable_since(self._scene.now)
        self._loaded = await conversations.load(self._conn, self._keys, wanted, since)
        memories = {chat_id: self._recall(self._loaded.get(chat_id)) for chat_id in wanted}
        await self._keep_drafts(memories)
        owned = [one for memory in memories.values() for one in memory.everything]
        rows = await concerns.load(self._conn, owned)
        readership = await Readership.load(self._conn, owned)
        chats: dict[int | None, ChatTurn] = {}
        for chat_id, memory in memories.items():
            known = self._loaded.get(chat_id)
            own = {one: rows[one] for one in memory.everything if one in rows}
            turn_id = known.id if known else chance.token_hex(16)
            chats[chat_id] = ChatTurn(self._scene, turn_id, chat_id, memory, own, readership)
            chats[chat_id].visit = visit_of(known, self._scene.now)
            chats[chat_id].leaving = known is not None and known.due_kind == LEAVING
            if turn_id in self._damaged:
                chats[chat_id].say(Tell("talk.lost-draft"))
        return chats

    def _recall(self, conversation: Conversation | None) -> Memory:
        if conversation is None:
            return Memory()
        try:
            memory = recall(conversation.talk, conversation.own)
        except UnreadableMemoryError:
            memory = Memory()
            self._damaged.add(conversation.id)
        if conversation.damaged:
            self._damaged.add(conversation.id)
        return memory

    async def _keep_drafts(self, memories: dict[int, Memory]) -> None:
        """Words that still open are kept, whatever else of their conversation does not."""
        parts, broken = await conversations.draft_parts(self._conn, self._keys, self._damaged)
        self._lost = {one for one in self._damaged if one in broken or not parts[one]}
        for chat_id, conversation in self._loaded.items():
            if conversation.id in self._damaged and conversation.id not in self._lost:
                talk = memories[chat_id].talk
                talk = replace(talk, parts=len(parts[conversation.id]))
                memories[chat_id] = replace(memories[chat_id], talk=talk)

    async def without_chat(self, arrival: Arrival) -> Answered:
        """An update that belongs to no chat; one that nobody could read is set aside."""
        if any(isinstance(given, SetAside) for given in arrival.inputs):
            await self._set_aside(arrival, "no-chat")
        return Answered(arrival.update_id, arrival.callback_id)

    async def save(self, chats: Sequence[ChatTurn]) -> None:
        stored = await self._stored_drafts(chats)
        changes = [self._change(chat, stored) for chat in chats]
        await conversations.save(self._conn, self._keys, changes, self._scene.now)
        said = [(chat.id, number) for chat in chats for number in chat.visit.said]
        await chat_messages.remember(self._conn, said, self._scene.now)
        lines = await self._send(chats, stored)
        await self._add(chats, stored)
        settled = [self._settled(chat, stored) for chat in chats]
        await settle(self._conn, self._keys, settled, self._scene.now)
        await self._forget_or_ask(chats)
        await outbox.put(self._conn, self._keys, await self._messages(chats), self._scene.now)
        for chat in chats:
            for arrival, why in chat.set_aside:
                await self._set_aside(arrival, why)
        for conversation_id in sorted(self._damaged):
            await self._alarm("conversation-damaged", conversation_id)
        # Last: other processes wait for whoever has written these few rows.
        decided = [one for chat in chats for one in chat.decided]
        promises = moved(moves(decided), self._scene)
        await audit.note_many(self._conn, lines + self._linked + promises)
        today = self._scene.house.calendar.local_date(self._scene.now)
        await counts.add(self._conn, today, sum((chat.happened for chat in chats), Happened()))

    def _change(self, chat: ChatTurn, stored: Stored) -> ConversationChange:
        known = self._loaded.get(chat.chat_id)
        due_at, due_kind = self._due(chat, known)
        # Only a new key makes the part that was dropped unreadable; the others move under it.
        moved = bool(chat.dropped_last) and not chat.took_stored
        kept = [*stored[chat.id], *chat.kept] if moved else chat.kept
        return ConversationChange(
            id=chat.id,
            chat_id=chat.chat_id,
            version=known.version if known else 0,
            talk=talk_bytes(chat.memory),
            own=own_bytes(chat.memory),
            unreachable=chat.id in self.left,
            due_at=due_at,
            due_kind=due_kind,
            new_key=chat.took_stored or moved or chat.id in self._lost,
            add_parts=tuple(kept),
            drop_parts=chat.took_stored,
            wants_changes=chat.visit.wants_changes,
        )

    def _due(self, chat: ChatTurn, known: Conversation | None) -> Due:
        """A draft that was taken leaves no reminder to the next one, nor its having been sent."""
        if chat.leaving:
            return None, LEAVING
        same = known is not None and not chat.took_stored
        before = (known.due_at, known.due_kind) if known is not None and same else (None, None)
        now, calendar = self._scene.now, self._scene.house.calendar
        spoke = chat.visit.spoke
        return next_due(before, chat.memory.talk, now, calendar, spoke=spoke)

    async def _stored_drafts(self, chats: Sequence[ChatTurn]) -> Stored:
        wanted = [
            chat.id
            for chat in chats
            if chat.dropped_last or any(draft.stored for draft in chat.drafts())
        ]
        parts, damaged = await conversations.draft_parts(self._conn, self._keys, wanted)
        for chat in chats:
            if chat.id in damaged:
                await self._alarm("draft-damaged", chat.id)
                chat.say(Tell("talk.lost-draft"))
            if chat.dropped_last:
                left = max(0, len(parts[chat.id]) - chat.dropped_last)
                self._dropped[chat.id] = ids_in(parts[chat.id][left:])
                del parts[chat.id][left:]
        return parts

    def _settled(self, chat: ChatTurn, stored: Stored) -> Settled:
        asked = [(one.concern.id, one.draft) for one in chat.sendings]
        asked += [(one.concern_id, one.draft) for one in chat.addings]
        sent = {
            file_id: concern_id
            for concern_id, draft in asked
            for file_id in ids_in(_said(draft, stored.get(chat.id, ())))
        }
        emptied = chat.took_stored or chat.id in self._lost
        dropped = self._dropped.get(chat.id, ())
        return Settled(chat.id, tuple(chat.files.values()), sent, dropped, emptied)

    async def _send(self, chats: Sequence[ChatTurn], stored: Stored) -> list[audit.Line]:
        new = []
        for chat in chats:
            for one in chat.sendings:
                said = _said(one.draft, stored.get(chat.id, ()))
                topic = self._scene.house.wording.text(f"topic.{one.topic}") if one.topic else ""
                place = self._scene.house.team_name(one.place) if one.place else ""
                parts = [("topic", topic.encode()), *(as_sent(part, "words") for part in said)]
                parts += [("place", place.encode()), ("kept-from", one.kept_from_words.encode())]
                about_data = one.concern.kind is Kind.DATA_COMPLAINT
                out = await self._left_out(chat) if about_data else one.excluded
                new.append(as_new(one, chat.id, self._parts(one.concern.id, parts), out))
        digests = await concerns.send(self._conn, self._keys, new)
        sent = [one.concern for chat in chats for one in chat.sendings]
        return received(sent, new, digests, self._scene)

    async def _add(self, chats: Sequence[ChatTurn], stored: Stored) -> None:
        parts: list[NewPart] = []
        moved = {}
        for chat in chats:
            for one in chat.addings:
                said = [
                    as_sent(part, "added") for part in _said(one.draft, stored.get(chat.id, ()))
                ]
                parts += self._parts(one.concern_id, said)
            parts += chat.notes
            changed = {one.before.id for one in chat.decided} | chat.flagged
            moved.update({one: chat.rows[one] for one in changed})
        await concerns.add_parts(self._conn, parts)
        await concerns.move(self._conn, list(moved.values()))
        await note_merged(self._conn, [one for chat in chats for one in chat.decided], self._scene)

    def _parts(self, concern_id: str, said: Iterable[tuple[str, bytes]]) -> tuple[NewPart, ...]:
        return tuple(
            NewPart(chance.token_hex(16), concern_id, kind, None, self._scene.now, words)
            for kind, words in said
            if words
        )

    async def _messages(self, chats: Sequence[ChatTurn]) -> list[NewMessage]:
        decided = [one for chat in chats for one in chat.decided]
        messages: list[NewMessage] = []
        for turn, one in [(chat, one) for chat in chats for one in chat.queue]:
            messages += await self._said(turn, one)
        readership = await Readership.load(self._conn, [one.before.id for one in decided])
        for ruling in decided:
            messages += staff_messages(ruling, readership, self._scene)
        return messages + await alerting.begin(self._conn, self._scene, chats)

    async def _said(self, chat: ChatTurn, one: Queued) -> Sequence[NewMessage]:
        if isinstance(one, NewMessage):
            return [one]
        if isinstance(one, ReleaseNews):
            if await outbox.release(self._conn, f"c:{chat.id}", one.held_id):
                return []
            return [chat.message(one.otherwise)]
        now = self._scene.now
        if isinstance(one, SendOwnData):
            return [await own_copy(self._conn, self._keys, chat)]
        if isinstance(one, Clear):
            return [await clearing(self._conn, chat.id, one, chat.visit, now)]
        linked = await staff.finish_link(self._conn, self._keys, one.code, chat.chat_id, now)
        if linked is not None:
            self._linked.append(Line(now, linked, "chat-linked"))
        return [chat.message(one.refused if linked is None else one.linked)]

    async def _forget_or_ask(self, chats: Sequence[ChatTurn]) -> None:
        """In the order in which it was said: whoever is forgotten is owed no copy any more."""
        due = {one: day for chat in chats for one, day in chat.copies.items()}
        today = self._scene.house.calendar.local_date(self._scene.now)
        await data_requests.ask(self._conn, due, today)
        for chat in chats:
            if chat.forgotten is not None:
                await forgetting.forget(self._conn, chat.id, chat.forgotten)

    async def _left_out(self, chat: ChatTurn) -> frozenset[str]:
        """Everybody whom this person wanted kept from anything: a complaint about data, which
        cannot name anyone, goes to none of them."""
        stored = await concerns.excluded(self._conn, chat.rows)
        return frozenset().union(*stored.values(), *(one.excluded for one in chat.sendings))

    async def _set_aside(self, arrival: Arrival, why: str) -> None:
        id_ = chance.token_hex(16)
        await quarantine.put(
            self._conn, self._keys.recovery_public, id_, self._scene.now, why, arrival.raw
        )
        await self._alarm("update-set-aside", why)

    async def _alarm(self, kind: str, detail: str) -> None:
        log.error("alarm", extra={"kind": kind})
        await alarms.sound(self._conn, chance.token_hex(16), self._scene.now, kind, detail)


def _said(draft: Draft, stored: Sequence[bytes]) -> list[bytes]:
    """The parts of a draft in the order in which they were said."""
    return [*(stored if draft.stored else ()), *draft.said]
