"""Every part of a concern's page below what can be done, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.console.concern.panels.coding import CODING
from bot.console.concern.panels.colleagues import COLLEAGUES
from bot.console.concern.panels.links import LINKS
from bot.console.concern.panels.panel import Panel
from bot.console.concern.panels.passing import PASSING
from bot.console.concern.panels.publishing import PUBLISHING
from bot.console.concern.panels.readers import READERS
from bot.console.concern.panels.taking_out import TAKING_OUT

# What a tired nurse needs less often than the words and the answer is folded, under these names.
PANELS: Final[Mapping[str, tuple[Panel, ...]]] = {
    "Notes and marks for colleagues": (COLLEAGUES, CODING),
    "People: who can read it, pass it on": (PASSING, READERS),
    "More: related concerns, a public line, take it out": (LINKS, PUBLISHING, TAKING_OUT),
}
