"""Concerns that come close together from one team: an incident on a ward makes another likelier
within four hours (WardSonar evaluation, 2024: reference/domain.md, section 6).

It goes by times alone. What people chose or wrote is sealed, so nothing here knows whether the
concerns belong together: whoever is told has to read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WITHIN: Final = timedelta(hours=4)
FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """One concern, as far as a run goes by it."""

    team: str
    at: datetime
    in_danger: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """At least three concerns of one team within four hours of the first."""

    team: str
    count: int
    since: datetime
    last: datetime
    in_danger: bool  # of one of them it was said that someone is

    @property
    def until(self) -> datetime:
        """What comes up to here belongs to the same run: nobody is told of it again."""
        return self.last + WITHIN


def runs(sent: Iterable[Sent], team: str, after: datetime | None = None) -> list[Run]:
    """The runs of a team, the oldest first; what came up to `after` was told before.

    Give only concerns that whoever is told may read: others must not show even in a count.
    """
    mine = sorted(
        (one for one in sent if one.team == team and (after is None or one.at > after)),
        key=lambda one: one.at,
    )
    found, at = [], 0
    while at < len(mine):
        some = _beginning(mine, at)
        if len(some) < FEWEST:
            at += 1
            continue
        run = Run(team, len(some), some[0].at, some[-1].at, any(one.in_danger for one in some))
        found.append(run)
        at = next((n for n, one in enumerate(mine) if one.at > run.until), len(mine))
    return found


def _beginning(mine: Sequence[Sent], at: int) -> list[Sent]:
    first = mine[at].at
    return [one for one in mine[at:] if one.at <= first + WITHIN]
