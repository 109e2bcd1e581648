"""One turn of a chat whose talk wants exactly these effects, carried out and saved for real."""

from __future__ import annotations

from bot.dialogue.effects import Effect, SendConcern
from bot.turns.asked import new_reference
from bot.turns.chat import ChatTurn
from bot.turns.house import Scene
from bot.turns.people import working
from bot.turns.saving import Saving
from storage import concerns, conversations, staff
from tests.storage.builders import new_id


async def wants(world, chat_id: int, *effects: Effect) -> None:
    async with world.store.write() as conn:
        everyone = working(await staff.everyone(conn, world.keys))
        saving = Saving(conn, world.keys, Scene(world.house, world.clock.now(), everyone))
        chats = await saving.open_chats([chat_id])
        for effect in effects:
            ChatTurn._EFFECTS[type(effect)](chats[chat_id], effect)
        await saving.save(list(chats.values()))


def sending(team: str = "rowan") -> SendConcern:
    return SendConcern(new_id(), new_reference(), team, None, (), "")


async def draft(world, chat_id: int) -> list[bytes]:
    async with world.store.read() as conn:
        known = (await conversations.load(conn, world.keys, [chat_id]))[chat_id]
        parts, damaged = await conversations.draft_parts(conn, world.keys, [known.id])
    assert not damaged
    return parts[known.id]


async def sent_parts(world, concern_id, name="Dave Palmer"):
    private = await world.private(name)
    async with world.store.read() as conn:
        opened = await concerns.open_parts(conn, concern_id, world.ids[name], private)
    assert not opened.damaged
    return opened.parts
