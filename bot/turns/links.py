"""The codes that links carry, and which team each leads to: read only when somebody came by one, in
the turn itself, so that a link is dead from the moment that it is revoked.
"""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping, Sequence
from typing import Final

from bot.dialogue.inputs import Commanded
from bot.turns.arrival import Arrival
from storage import links
from storage.engine import Conn

# Crockford's base 32 in small letters (crockford.com/base32.html): no i, l, o and u, and what is
# typed instead of 1 and 0 is understood. 16 of them hold 80 random bits; Telegram takes 64 letters
# (core.telegram.org/bots/features, "Deep Linking").
ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH: Final = 16
_MISREAD: Final = str.maketrans("ilo", "110")


def new_code() -> str:
    """A code that nobody can guess and that says nothing."""
    return "".join(chance.choice(ALPHABET) for _ in range(LENGTH))


def as_made(typed: str) -> str:
    """The code that somebody meant who typed it from a wall; "" for what cannot be one."""
    code = typed.lower().translate(_MISREAD)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


async def followed(conn: Conn, arrivals: Sequence[Arrival]) -> Mapping[str, str]:
    """The team of each living link that these updates came by, by the code as it was typed."""
    typed = {
        given.payload.strip()
        for arrival in arrivals
        for given in arrival.inputs
        if isinstance(given, Commanded) and given.name == "start"
    }
    made = {one: as_made(one) for one in typed if as_made(one)}
    teams = await links.teams_of(conn, set(made.values())) if made else {}
    return {one: teams[code] for one, code in made.items() if code in teams}
