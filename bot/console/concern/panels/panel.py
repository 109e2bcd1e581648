"""A part of a concern's page that stands on its own: a template, and what fills it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.console.gate import Visit
from bot.desk.desk import OpenedConcern

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Panel:
    """`load` gives what the template is filled with, under the name `panel`; None: nothing of it is
    shown to this member. It changes nothing, and never raises for what a member may not do."""

    template: str
    load: Callable[[Visit, OpenedConcern], Awaitable[Values | None]]
