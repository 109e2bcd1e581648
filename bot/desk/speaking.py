"""In which language a person reads: all that the console may know of them, to show staff what it
will look like on their phone."""

from __future__ import annotations

from bot.desk.desk import Desk
from bot.turns.absent import wording_about
from bot.turns.house import Scene
from config.wording import Wording


async def wording_of(desk: Desk, concern_id: str) -> Wording:
    """The words of their language and no more: whether they are a child stays with the bot."""
    now = desk.clock.now()
    async with desk.store.read() as conn:
        theirs = await wording_about(conn, desk.keys, Scene(desk.house, now, ()), concern_id)
    return desk.house.wording_for(theirs.language, now)
