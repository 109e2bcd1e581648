"""What was published, for a poster: the newest lines of a team or of everybody."""

from __future__ import annotations

import json
from typing import Final

from bot.admin.links import known_team
from bot.admin.model import Ask, Hands, Say
from storage import published

ALL: Final = "all"
MOST: Final = 5  # on one sheet that can be read in passing


async def newest(hands: Hands, ask: Ask, say: Say) -> None:
    """One JSON line: whose they are, and the newest lines with their dates. ask: team or "all"."""
    everywhere = ask["team"] == ALL
    settings = hands.settings
    name = settings.organisation if everywhere else known_team(settings, ask["team"]).name
    async with hands.store.read() as conn:
        found = await published.newest(conn, MOST, None if everywhere else ask["team"])
    lines = [
        {"said": one.said, "did": one.did, "on": one.at.astimezone(settings.timezone).date()}
        for one in found
    ]
    await say.line(json.dumps({"team": name, "lines": lines}, default=str))
