"""What stays true for the life of the process: places, wording, calendar and clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.casework.model import INDEPENDENT_TEAM, Member
from bot.casework.plain import Rules
from bot.casework.promises import Clocks
from bot.casework.working_days import Calendar
from bot.dialogue.danger_lexicon import Lexicon
from bot.dialogue.model import Place, Talk
from bot.turns.alert_keys import ALERT_KEYS
from bot.turns.data_keys import DATA_KEYS
from bot.turns.languages import Languages
from bot.turns.latest import Latest
from bot.turns.plain_words import rules
from bot.turns.recognising import lexicon
from bot.turns.tap_keys import TAP_KEYS
from bot.turns.weekly_keys import WEEKLY_KEYS
from config import themes, topics
from config.teams import Team
from config.themes import Theme
from config.topics import Topic
from config.wording import Wording

LANE_LIVE, LANE_RECEIPT, LANE_FEEDBACK, LANE_DIGEST = range(4)
# Sentences that the shells round the talk and casework need.
_SHELL = (
    "button.go-on",
    "button.no-nudge",
    "button.open",
    "button.read-it",
    "button.see-changes",
    "command.changes",
    "command.concerns",
    "command.description",
    "command.help",
    "command.language",
    "command.mydata",
    "command.short-description",
    "command.start",
    "command.stop",
    "fixed.cannot-save",
    "push.changes",
    "mail.subject",
    "mail.subject.now",
    "staff.independent-team",
    "talk.cleared.no-reference",
    "talk.cleared-some.no-reference",
    "talk.lost-draft",
    "talk.nudge",
)
_OF_ONE_CONCERN = ("talk.cleared", "talk.cleared-some")
# What is said when a file of each kind cannot be kept.
FILE_LOST: Final[Mapping[str, str]] = {
    kind: f"talk.file-lost.{kind.replace('_', '-')}"
    for kind in ("photo", "voice", "video_note", "video", "animation", "document", "audio")
}
SHELL_KEYS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys((*_SHELL, *FILE_LOST.values()), frozenset()),
    **dict.fromkeys(_OF_ONE_CONCERN, frozenset({"reference"})),
    "staff.cluster": frozenset({"count", "team", "time", "date"}),
    **WEEKLY_KEYS,
    **DATA_KEYS,
    **TAP_KEYS,
    **ALERT_KEYS,
}
MINUTE: Final = timedelta(minutes=1)
LINK_CODE_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class House:
    """The organisation as every turn sees it. Made once, in the one place that wires everything."""

    organisation: str
    bot_id: int
    teams: tuple[Team, ...]
    languages: Languages
    calendar: Calendar
    clocks: Clocks
    console_url: str
    alert_pause: timedelta = 10 * MINUTE  # until an alert that nobody has seen goes further
    changes: Latest = field(default_factory=Latest, compare=False, repr=False)
    topics: tuple[Topic, ...] = field(default_factory=topics.load, repr=False)
    themes: tuple[Theme, ...] = field(default_factory=themes.load, repr=False)
    plain: Rules = field(default_factory=rules, repr=False)

    @property
    def wording(self) -> Wording:
        """For staff, and for what is sealed; people are spoken to with `wording_for`."""
        return self.languages.first

    def wording_for(
        self, language: str, now: datetime | None = None, *, child: bool = False
    ) -> Wording:
        """For a person who chose this language (empty: the first). Crisis lines are as they are
        at `now`; with none, nothing is said of what is open."""
        return self.languages.wording(language, now, child=child)

    def lexicon(self, language: str) -> Lexicon:
        """By what danger is recognised in the language of a person (empty: the first)."""
        return lexicon(language or self.languages.first.language)

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(Place(team.id, team.name) for team in self.teams)

    def team_name(self, team_id: str) -> str:
        """The name people know a team by; concerns outside every team have their own words."""
        if team_id == INDEPENDENT_TEAM:
            return self.wording.text("staff.independent-team")
        return next((team.name for team in self.teams if team.id == team_id), team_id)


@dataclass(frozen=True, slots=True)
class Scene:
    """What all decisions of one transaction share: the moment and the people. `links` are those
    that somebody came by: the team of each, by its code. `joins` are the older concerns that staff
    asked of whether each is one with them, by its id; only of those whose buttons were tapped."""

    house: House
    now: datetime
    staff: tuple[Member, ...]
    links: Mapping[str, str] = field(default_factory=dict)
    joins: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every team that a concern can go to, and the codes that lead to it."""
        if not self.links:
            return self.house.places
        return tuple(
            replace(one, codes=tuple(code for code, team in self.links.items() if team == one.id))
            for one in self.house.places
        )

    def wording_for(self, talk: Talk) -> Wording:
        """What this person is spoken to with: their language, the crisis lines of this minute."""
        return self.house.wording_for(talk.language, self.now, child=talk.child)
