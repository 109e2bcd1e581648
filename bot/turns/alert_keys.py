"""Every sentence about an alert, with its placeholders, so that none can be missing at night."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.alerting import LINE, name_of

_REFERENCE: Final = frozenset({"reference"})
_PACED: Final = frozenset({"reference", "minutes"})
_STAFF: Final = frozenset({"reference", "date", "time", "minutes"})

SEEN_BY: Final = (*(name_of(step) for step in LINE), "staff")

ALERT_KEYS: Final[Mapping[str, frozenset[str]]] = {
    # To the person, at once and at any hour.
    "help.alert-next": _PACED,
    "help.alert-again": _PACED,
    "help.alert-nobody": _PACED,
    "help.alert-ended": _REFERENCE,
    **{f"help.alert-seen.{who}": _REFERENCE for who in SEEN_BY},
    # To staff.
    "staff.alert": _STAFF,
    "staff.alert-everyone": _STAFF,
    "staff.alert-seen": _REFERENCE,
    "staff.alert-seen-before": _REFERENCE,
    "button.alert-seen": frozenset(),
}
