"""What staff do, in the same trust as the turns: built once, a copy for each test."""

from __future__ import annotations

from tests.turns.conftest import pattern, world

__all__ = ["pattern", "world"]
