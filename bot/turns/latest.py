"""The newest public lines, as every turn may show them; `changes.py` fills this."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bot.dialogue.asks.changes import MOST_SHOWN
from bot.dialogue.model import Change


@dataclass(slots=True)
class Latest:
    """In memory, the newest first. Public, so that it may be held by anyone."""

    _lines: tuple[Change, ...] = ()
    _by_team: dict[str, tuple[Change, ...]] = field(default_factory=dict)

    def become(self, lines: Iterable[Change]) -> None:
        self._lines, self._by_team = tuple(lines), {}

    def of(self, teams: Collection[str]) -> tuple[Change, ...]:
        """The newest of the first of these teams that has any of its own, with those of no single
        team between them; of everywhere, if none has."""
        for team in teams:
            if team not in self._by_team:
                mine = [one for one in self._lines if one.team in (team, "")]
                own = any(one.team == team for one in mine)
                self._by_team[team] = tuple(mine[:MOST_SHOWN]) if own else ()
            if self._by_team[team]:
                return self._by_team[team]
        return self._lines[:MOST_SHOWN]
