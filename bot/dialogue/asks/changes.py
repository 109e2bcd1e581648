"""What changed: the newest lines that staff published, and whether to be told of the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.table import BACK, HOME, Ask, Choice, Typed

MOST_SHOWN: Final = 3

_OF_ONE: Final = ("place", "on", "said", "did")


def _values(count: int) -> tuple[str, ...]:
    return tuple(f"{name}_{number}" for number in range(1, count + 1) for name in _OF_ONE)


ASKS: Final[Mapping[str, Ask]] = {
    "changes": Ask(
        "talk.changes-none",
        Typed("keep", HOME),
        (
            Choice("tell-changes", "button.tell-changes", BACK, "want", "wants_no_changes"),
            Choice("stop-changes", "button.stop-changes", BACK, "unwant", "wants_changes"),
        ),
        variants=(
            ("one_change", "talk.changes-one"),
            ("two_changes", "talk.changes-two"),
            ("more_changes", "talk.changes-three"),
        ),
        open=True,
        passing=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.changes-one": _values(1),
    "talk.changes-two": _values(2),
    "talk.changes-three": _values(3),
}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.changes-wanted": (),
    "talk.changes-unwanted": (),
}
