"""One transaction round a set of pure steps: load, decide, save, all of it or none.

Only after `take` has returned may anybody say that an update arrived.
"""

from __future__ import annotations

import logging
import secrets as chance
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.clock import Clock
from bot.dialogue.effects import LinkStaff, ReleaseNews, Tell
from bot.dialogue.inputs import Left, SetAside
from bot.turns.arrival import Answered, Arrival
from bot.turns.asked import Draft
from bot.turns.chat import ChatTurn
from bot.turns.concern import Readership, staff_messages
from bot.turns.house import House, Scene
from bot.turns.memory import Memory, UnreadableMemoryError, own_bytes, recall, talk_bytes
from bot.turns.people import working
from storage import alarms, concerns, conversations, outbox, quarantine, seen, staff
from storage.concerns import NewConcern, NewPart
from storage.conversations import Conversation, ConversationChange
from storage.engine import Conn, Store, StoreConflict, StoreUnavailable
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)

TRIES: Final = 5  # with several processes, two may take the same chat at once

Stored = Mapping[str, Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Turns:
    """The talk with everybody, a set of updates at a time."""

    store: Store
    keys: Secrets
    house: House
    clock: Clock
    wake: Callable[[], None]

    async def take(self, arrivals: Sequence[Arrival]) -> Sequence[Answered]:
        """Commit the whole effect of these updates, and their ids.

        Updates seen in the last 48 hours change nothing. Raises StoreUnavailable when nothing
        can be saved: then none of them has arrived.
        """
        try:
            answered = await self._retried(arrivals)
        except StoreUnavailable:
            raise
        except Exception as error:  # any bug must cost one update, never the set
            log.exception("set-refused", extra={"kind": type(error).__name__})
            answered = [done for one in arrivals for done in await self._alone(one)]
        self.wake()
        return answered

    async def _alone(self, arrival: Arrival) -> list[Answered]:
        """One update of a set in which something cannot be saved. If it is this one, it is set
        aside and its person answered; if not even they can be, it still blocks nobody else."""
        aside = replace(arrival, inputs=(SetAside(),))
        for tried in (arrival, aside):
            try:
                return await self._retried([tried])
            except StoreUnavailable:
                raise
            except Exception as error:  # as in `take`
                log.exception("update-refused", extra={"kind": type(error).__name__})
        return await self._retried([replace(aside, chat_id=None)])

    async def _retried(self, arrivals: Sequence[Arrival]) -> list[Answered]:
        for _ in range(TRIES):
            try:
                async with self.store.write() as conn:
                    return await self._commit(conn, arrivals)
            except StoreConflict:
                continue
        raise StoreUnavailable("other processes kept changing the same chats")

    async def _commit(self, conn: Conn, arrivals: Sequence[Arrival]) -> list[Answered]:
        bot_id = self.house.bot_id
        new = await seen.unseen(conn, bot_id, [one.update_id for one in arrivals])
        fresh = set(new)
        everyone = working(await staff.everyone(conn, self.keys))
        scene = Scene(self.house, self.clock.now(), everyone)
        saving = _Saving(conn, self.keys, scene)
        chats = await saving.open_chats(
            one.chat_id for one in arrivals if one.inputs and one.update_id in new
        )
        answered = []
        for arrival in arrivals:
            chat = chats.get(arrival.chat_id) if arrival.chat_id is not None else None
            if arrival.update_id not in fresh:
                answered.append(Answered(arrival.update_id, arrival.callback_id))
                continue
            fresh.discard(arrival.update_id)
            if chat is None:
                answered.append(await saving.without_chat(arrival))
            else:
                answered.append(chat.take(arrival))
                if any(isinstance(given, Left) for given in arrival.inputs):
                    saving.left.add(chat.id)
                elif arrival.inputs:
                    saving.left.discard(chat.id)
        await saving.save(list(chats.values()))
        await seen.remember(conn, bot_id, new, scene.now)
        return answered


class _Saving:
    """One set's reads and writes: a handful of statements, however many chats."""

    def __init__(self, conn: Conn, keys: Secrets, scene: Scene) -> None:
        self._conn = conn
        self._keys = keys
        self._scene = scene
        self._loaded: dict[int, Conversation] = {}
        self._damaged: set[str] = set()
        self._lost: set[str] = set()  # of those, whose draft is gone or cannot be gone on with
        self.left: set[str] = set()

    async def open_chats(self, chat_ids: Iterable[int | None]) -> dict[int | None, ChatTurn]:
        wanted = dict.fromkeys(one for one in chat_ids if one is not None)
        self._loaded = await conversations.load(self._conn, self._keys, wanted)
        memories = {chat_id: self._recall(self._loaded.get(chat_id)) for chat_id in wanted}
        await self._keep_drafts(memories)
        owned = [one for memory in memories.values() for one in memory.concerns]
        rows = await concerns.load(self._conn, owned)
        readership = await Readership.load(self._conn, owned)
        chats: dict[int | None, ChatTurn] = {}
        for chat_id, memory in memories.items():
            known = self._loaded.get(chat_id)
            own = {one: rows[one] for one in memory.concerns if one in rows}
            turn_id = known.id if known else chance.token_hex(16)
            chats[chat_id] = ChatTurn(self._scene, turn_id, chat_id, memory, own, readership)
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
        await conversations.save(
            self._conn, self._keys, [self._change(chat) for chat in chats], self._scene.now
        )
        await self._send(chats, stored)
        await self._add(chats, stored)
        await outbox.put(self._conn, self._keys, await self._messages(chats), self._scene.now)
        for chat in chats:
            for arrival, why in chat.set_aside:
                await self._set_aside(arrival, why)
        for conversation_id in sorted(self._damaged):
            await self._alarm("conversation-damaged", conversation_id)

    def _change(self, chat: ChatTurn) -> ConversationChange:
        known = self._loaded.get(chat.chat_id)
        return ConversationChange(
            id=chat.id,
            chat_id=chat.chat_id,
            version=known.version if known else 0,
            talk=talk_bytes(chat.memory),
            own=own_bytes(chat.memory),
            unreachable=chat.id in self.left,
            due_at=known.due_at if known else None,
            due_kind=known.due_kind if known else None,
            new_key=chat.took_stored or chat.id in self._lost,
            add_parts=tuple(words.encode() for words in chat.kept),
            drop_parts=chat.took_stored,
        )

    async def _stored_drafts(self, chats: Sequence[ChatTurn]) -> Stored:
        wanted = [chat.id for chat in chats if any(draft.stored for draft in chat.drafts())]
        parts, damaged = await conversations.draft_parts(self._conn, self._keys, wanted)
        for chat in chats:
            if chat.id in damaged:
                await self._alarm("draft-damaged", chat.id)
                chat.say(Tell("talk.lost-draft"))
        return parts

    async def _send(self, chats: Sequence[ChatTurn], stored: Stored) -> None:
        new = []
        for chat in chats:
            for one in chat.sendings:
                said = _words(one.draft, stored.get(chat.id, ()))
                topic = self._scene.house.wording.text(f"topic.{one.topic}") if one.topic else ""
                place = self._scene.house.team_name(one.place) if one.place else ""
                parts = [("topic", topic), *(("words", words) for words in said)]
                parts += [("place", place), ("kept-from", one.kept_from_words)]
                first, due = one.concern, one.concern.due
                new.append(
                    NewConcern(
                        id=first.id,
                        reference=first.reference,
                        team=first.team,
                        state=first.state.value,
                        level=int(first.level),
                        sent_at=first.sent_at,
                        due_at=due.at if due else None,
                        due_kind=due.kind.value if due else None,
                        conversation_id=chat.id,
                        parts=self._parts(first.id, parts),
                        excluded=one.excluded,
                        readers=one.readers,
                    )
                )
        await concerns.send(self._conn, self._keys, new)

    async def _add(self, chats: Sequence[ChatTurn], stored: Stored) -> None:
        parts: list[NewPart] = []
        moved = {}
        for chat in chats:
            for one in chat.addings:
                said = _words(one.draft, stored.get(chat.id, ()))
                parts += self._parts(one.concern_id, [("added", words) for words in said])
            parts += chat.notes
            moved.update({one.before.id: chat.rows[one.before.id] for one in chat.decided})
        await concerns.add_parts(self._conn, parts)
        await concerns.move(self._conn, list(moved.values()))

    def _parts(self, concern_id: str, said: Iterable[tuple[str, str]]) -> tuple[NewPart, ...]:
        return tuple(
            NewPart(chance.token_hex(16), concern_id, kind, None, self._scene.now, words.encode())
            for kind, words in said
            if words
        )

    async def _messages(self, chats: Sequence[ChatTurn]) -> list[NewMessage]:
        decided = [one for chat in chats for one in chat.decided]
        messages: list[NewMessage] = []
        for chat in chats:
            for one in chat.queue:
                messages += await self._said(chat, one)
        readership = await Readership.load(self._conn, [one.before.id for one in decided])
        for ruling in decided:
            messages += staff_messages(ruling, readership, self._scene)
        return messages

    async def _said(
        self, chat: ChatTurn, one: NewMessage | ReleaseNews | LinkStaff
    ) -> Sequence[NewMessage]:
        if isinstance(one, NewMessage):
            return [one]
        if isinstance(one, ReleaseNews):
            if await outbox.release(self._conn, f"c:{chat.id}", one.held_id):
                return []
            return [chat.message(one.otherwise)]
        now = self._scene.now
        linked = await staff.finish_link(self._conn, self._keys, one.code, chat.chat_id, now)
        return [chat.message(one.refused if linked is None else one.linked)]

    async def _set_aside(self, arrival: Arrival, why: str) -> None:
        id_ = chance.token_hex(16)
        await quarantine.put(
            self._conn, self._keys.recovery_public, id_, self._scene.now, why, arrival.raw
        )
        await self._alarm("update-set-aside", why)

    async def _alarm(self, kind: str, detail: str) -> None:
        log.error("alarm", extra={"kind": kind})
        await alarms.sound(self._conn, chance.token_hex(16), self._scene.now, kind, detail)


def _words(draft: Draft, stored: Sequence[bytes]) -> list[str]:
    """A draft's words in the order in which they were said."""
    before = [words.decode() for words in stored] if draft.stored else []
    return [*before, *draft.said]
