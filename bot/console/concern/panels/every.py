"""Every part of a concern's page below what was said, in its order."""

from __future__ import annotations

from typing import Final

from bot.console.concern.panels.panel import Panel

PANELS: Final[tuple[Panel, ...]] = ()
