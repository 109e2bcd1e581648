"""Every condition that the script names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.guards import changes, going, mine, own, sent, telling
from bot.dialogue.guards.model import Guard
from bot.dialogue.model import Facts, Talk

GUARDS: Final[Mapping[str, Guard]] = {
    **telling.GUARDS,
    **going.GUARDS,
    **sent.GUARDS,
    **own.GUARDS,
    **mine.GUARDS,
    **changes.GUARDS,
}


def holds(name: str, talk: Talk, facts: Facts) -> bool:
    """Whether the guard of this name holds; no name always holds."""
    return not name or GUARDS[name](talk, facts)
