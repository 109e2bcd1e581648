"""What a turn decides on, looked at from within its transaction."""

from __future__ import annotations

from contextlib import asynccontextmanager

from bot.turns.house import Scene
from bot.turns.people import working
from bot.turns.saving import Saving
from storage import staff


@asynccontextmanager
async def turn_of(world, chat):
    """One chat's turn, saved at the end as the turns save it."""
    async with world.store.write() as conn:
        everyone = working(await staff.everyone(conn, world.keys))
        saving = Saving(conn, world.keys, Scene(world.house, world.clock.now(), everyone))
        turn = (await saving.open_chats([chat]))[chat]
        yield turn
        await saving.save([turn])


async def facts_met(world, chat, *given, **more):
    """The facts that each of these inputs of one set meets."""
    met = []
    async with turn_of(world, chat) as turn:
        for one in given:
            met.append(turn._facts())
            turn.take(world.arrival(chat, one, **more))
    return met
