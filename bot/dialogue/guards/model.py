"""What a condition of the script is."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.model import Facts, Talk

Guard = Callable[[Talk, Facts], bool]
