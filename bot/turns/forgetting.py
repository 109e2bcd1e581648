"""A person who asked to be forgotten: what becomes of all that they had sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.casework.forgotten import forget
from bot.turns.concern import Decided, as_concern
from bot.turns.house import Scene
from storage.concerns import ConcernRow


def without_person(rows: Sequence[ConcernRow], scene: Scene) -> list[Decided]:
    """What becomes of these concerns when nobody is left whom anything could reach."""
    calendar, clocks = scene.house.calendar, scene.house.clocks
    return [Decided(row, forget(as_concern(row), calendar, scene.now, clocks)) for row in rows]
