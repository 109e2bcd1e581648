"""What stays true for the life of the process: places, wording, calendar and clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.casework.model import INDEPENDENT_TEAM, Member
from bot.casework.promises import Clocks
from bot.casework.working_days import Calendar
from bot.dialogue.model import Place
from config.teams import Team
from config.wording import Wording

LANE_LIVE, LANE_RECEIPT, LANE_FEEDBACK, LANE_DIGEST = range(4)
# Sentences that the shells round the talk and casework need.
_SHELL = (
    "button.open",
    "button.read-it",
    "command.description",
    "command.help",
    "command.short-description",
    "command.start",
    "command.stop",
    "fixed.cannot-save",
    "staff.independent-team",
    "talk.lost-draft",
)
SHELL_KEYS: Final[Mapping[str, frozenset[str]]] = dict.fromkeys(_SHELL, frozenset())
LINK_CODE_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class House:
    """The organisation as every turn sees it. Made once, in the one place that wires everything."""

    organisation: str
    bot_id: int
    teams: tuple[Team, ...]
    wording: Wording
    calendar: Calendar
    clocks: Clocks
    console_url: str
    labels: Mapping[str, str]  # what stands on buttons, so that it can be typed as well

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(Place(team.id, team.name, team.code) for team in self.teams)

    def team_name(self, team_id: str) -> str:
        """The name people know a team by; concerns outside every team have their own words."""
        if team_id == INDEPENDENT_TEAM:
            return self.wording.text("staff.independent-team")
        return next((team.name for team in self.teams if team.id == team_id), team_id)


@dataclass(frozen=True, slots=True)
class Scene:
    """What all decisions of one transaction share: the moment and the people."""

    house: House
    now: datetime
    staff: tuple[Member, ...]
