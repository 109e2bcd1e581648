"""The sentences that staff read when they tap a button under a list, and the buttons' own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_DATED: Final = frozenset({"reference", "date"})
_SHORT: Final = frozenset({"short"})

TAP_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "button.staff-take": _SHORT,
    "button.staff-higher": _SHORT,
    "button.staff-open": _SHORT,
    "staff.you-took": _DATED,
    "staff.you-took-quiet": _DATED,
    "staff.you-have": _DATED,
    "staff.you-raised": _DATED,
    "staff.you-raised-quiet": _DATED,
    "staff.tap-nothing": frozenset(),
}
