"""Numbers that few people make are not shown, nor any from which they could be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

FEWEST: Final = 5  # reference/domain.md, implication 23


class Hidden(StrEnum):
    """Why a number is not shown, in the words that stand in its place."""

    FEW = "fewer than 5"
    BESIDE = "not shown"  # it would give away a small one


Shown = int | Hidden


def guarded(counts: Mapping[str, int]) -> dict[str, Shown] | None:
    """The parts of a whole whose sum everybody may know, as they can be shown.

    None when they cannot be shown at all. Of every small number, all that stays known is that it
    is small: with what is shown and with the sum, each value from 0 to 4 is still possible for it.
    Where that fails, the smallest of the others is left out too, then the next.
    """
    few = [name for name, count in counts.items() if count < FEWEST]
    others = sorted((one for one in counts if one not in few), key=lambda one: (counts[one], one))
    beside: list[str] = []
    while not _keeps(sum(counts[one] for one in (*few, *beside)), len(few), len(beside)):
        if not others:
            return None
        beside.append(others.pop(0))
    return {name: _shown(name, count, beside) for name, count in counts.items()}


def alone(counts: Mapping[str, int]) -> dict[str, Shown]:
    """Numbers that do not add up to anything, because one concern can count in several."""
    return {name: _shown(name, count, ()) for name, count in counts.items()}


def _shown(name: str, count: int, beside: list[str] | tuple[()]) -> Shown:
    if count < FEWEST:
        return Hidden.FEW
    return Hidden.BESIDE if name in beside else count


def _keeps(hidden: int, few: int, beside: int) -> bool:
    """Whether each of `few` numbers of 0 to 4 can still be any of these, when they and `beside`
    numbers of at least 5 are known to add up to `hidden`."""
    if not few:
        return True
    most = FEWEST - 1
    if beside:
        return hidden - FEWEST * beside >= most
    return most <= hidden <= most * (few - 1)
