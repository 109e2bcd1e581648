"""The words of administration: what an operation is given, how it speaks, how it refuses."""

from __future__ import annotations

import secrets as chance
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.clock import Clock
from config.settings import Settings
from storage.engine import Store
from storage.secrets import Secrets


class Refused(Exception):
    """It cannot be done as asked; the text is for the operator and says what to do. Nothing was
    changed. Asking again without a change gives the same answer."""


class Say(Protocol):
    """Where an operation speaks while it works: the terminal, or the socket that leads there."""

    async def line(self, text: str) -> None:
        """One line of what was asked for (standard output)."""

    async def progress(self, text: str) -> None:
        """One line about the work itself (standard error)."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What operations work with. Whoever makes it owns the database."""

    settings: Settings
    secrets: Secrets
    store: Store
    clock: Clock
    new_id: Callable[[], str] = lambda: chance.token_hex(16)


Ask = Mapping[str, Any]  # what was asked, as JSON can carry it
Operation = Callable[[Hands, Ask, Say], Awaitable[None]]
