"""What the command line asks for when somebody takes everything out that they may read."""

from __future__ import annotations

from typing import Any

from inside import passphrase_of


def all_of(name: str) -> dict[str, Any]:
    """An export of every concern, as lines, for an inspection."""
    asked = {"name": name, "passphrase": passphrase_of(name), "format": "lines", "notes": False}
    return (
        asked
        | dict.fromkeys(("why", "since", "until"))
        | {
            "reason": "inspection",
            "teams": [],
            "states": [],
        }
    )
