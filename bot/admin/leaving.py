"""heard staff leave: a member of staff goes, and what they had is handed on."""

from __future__ import annotations

import asyncio

from bot.admin.model import Ask, Hands, Refused, Say
from bot.desk.desk import Desk
from bot.desk.leaving import Leaving, Unfilled
from bot.housing import make_house
from storage import staff


async def leave(hands: Hands, ask: Ask, say: Say) -> None:
    """Let a member of staff in no more: sessions end, keys go, no list is sent to them, and what
    they had is handed on. ask: name, anyway. Refuses, unless it is wanted anyway, to leave a role
    or a concern with nobody; then it says what is missing.
    """
    async with hands.store.read() as conn:
        row = await staff.by_name(conn, hands.secrets, ask["name"])
    if row is None:
        raise Refused(f"There is no member of staff called {ask['name']}. See: heard staff list")
    house = await asyncio.to_thread(make_house, hands.settings, hands.clock.now())
    # Ticks look for what was queued, so that nobody has to be woken here.
    leaving = Leaving(Desk(hands.store, hands.secrets, house, hands.clock, lambda: None))
    gaps = await leaving.gaps(row.id)
    try:
        handed_on = await leaving.end(row.id, None, anyway=bool(ask.get("anyway")))
    except Unfilled as refused:
        raise Refused(
            f"{row.name} still has access, because of what nobody could do without them:\n  "
            + "\n  ".join(refused.gaps)
            + "\nSee to it first, or add --anyway."
        ) from None
    await say.line(f"{row.name} cannot sign in any more. What they wrote stays.")
    if handed_on:
        concerns = "1 open concern" if handed_on == 1 else f"{handed_on} open concerns"
        await say.line(f"{concerns} of theirs went to colleagues.")
    for gap in gaps:
        await say.progress(f"{gap} See to it before Heard is next started.")
