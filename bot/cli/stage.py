"""Where a rehearsal plays: made-up places and people, a fixed first day, and the real wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from bot.casework.model import Member, Membership, Role
from bot.casework.working_days import Calendar
from bot.dialogue.danger_lexicon import Lexicon
from bot.dialogue.model import Place, Talk
from bot.turns.languages import Languages
from bot.turns.recognising import lexicon
from config import contacts, po
from config.calendar import bank_holidays
from config.wording import FOLDER, Wording

NOW: Final = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
"""When every rehearsal begins, so that a transcript says the same dates whenever it is made."""

NATION: Final = "england"
ZONE: Final = "Europe/London"


def member(name: str, team: str, role: Role) -> Member:
    return Member(name.lower().replace(" ", "-"), name, (Membership(team, role),))


PLACES: Final = (
    Place("rowan", "Rowan Ward", ("rowan-poster",)),
    Place("north", "North Community Team"),
)
STAFF: Final = (
    # By name, as storage gives them: so are they named to people.
    member("Dave Palmer", "rowan", Role.ANSWERER),
    member("Grace Okoro", "*", Role.SENIOR),
    member("Helen Marsh", "*", Role.INDEPENDENT),
    member("Ruth Adeyemi", "rowan", Role.LEAD),
    member("Sunil Mehta", "north", Role.LEAD),
    member("Tom Byrne", "*", Role.INDEPENDENT),
)
INDEPENDENT: Final = tuple(one for one in STAFF if one.memberships[0].role is Role.INDEPENDENT)


@dataclass(frozen=True)
class Stage:
    """Everything that is read from data files. What takes long is read when it is first needed."""

    languages: Languages
    calendar: Calendar

    @classmethod
    def load(cls, names: Sequence[str] = ("en",)) -> Stage:
        """The first language is the default. Raises WordingError or ContactsError naming what is
        wrong with our data."""
        holidays = bank_holidays(NATION, NOW.year)
        book = contacts.load(NATION, holidays=holidays)
        wordings = [Wording.load(language=name) for name in names]
        return cls(Languages.of(wordings, book), Calendar(ZONE, holidays))

    def speaking(self, names: Sequence[str]) -> Stage:
        """The same with these languages turned on, as far as they have wording; the others are
        names alone."""
        known = [name for name in names if name in po.shipped(FOLDER)]
        return self if known in ([], [self.languages.first.language]) else Stage.load(known)

    def wording(self, talk: Talk, now: datetime) -> Wording:
        return self.languages.wording(talk.language, now, child=talk.child)

    def labels(self, language: str) -> Mapping[str, str]:
        if language not in self._labels:
            self._labels[language] = self.languages.labels(language)
        return self._labels[language]

    def lexicon(self, language: str) -> Lexicon:
        """As the product has it. Raises DangerListsError."""
        return lexicon(language or self.languages.first.language)

    @cached_property
    def _labels(self) -> dict[str, Mapping[str, str]]:
        return {}
