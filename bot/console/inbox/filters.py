"""What somebody wants to see of a list, as it stands in an address: ids and dates, never words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bot.casework.access import roles
from bot.casework.model import INDEPENDENT_TEAM, Kind, Member
from bot.console import phrases
from bot.console.concern.standing import DATA_COMPLAINT
from bot.console.context import Console
from storage.inbox import Filters

NAMES: Final = ("team", "state", "kind", "since", "until")
KINDS: Final[Mapping[str, str]] = {
    Kind.CONCERN: "Concern",
    Kind.DATA_COMPLAINT: DATA_COMPLAINT,
}
YEARS: Final = range(2000, 2200)  # of a date that can be meant


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choices that were understood, by their names; what was not is left out."""

    values: Mapping[str, str]
    filters: Filters

    def address(self, **also: str) -> str:
        """The list with these choices. Every value is one that we made out ourselves."""
        return f"/concerns?{urlencode({**also, **self.values})}"


def teams_of(console: Console, member: Member) -> dict[str, str]:
    """The teams whose concerns this member may be given, by id, with their names."""
    house = console.desk.house
    ids = [*(team.id for team in console.settings.teams), INDEPENDENT_TEAM]
    return {one: house.team_name(one) for one in ids if roles(member, one)}


def chosen(console: Console, member: Member, given: Mapping[str, str]) -> Chosen:
    """`given` are the fields of an address or a form. A date is a day where the organisation is."""
    allowed: dict[str, Mapping[str, str]] = {
        "team": teams_of(console, member),
        "state": {str(state): words for state, words in phrases.STATES.items()},
        "kind": KINDS,
    }
    values = {name: given[name] for name, ids in allowed.items() if given.get(name) in ids}
    days = {name: day_of(given.get(name, "")) for name in ("since", "until")}
    values |= {name: day.isoformat() for name, day in days.items() if day is not None}
    zone, until = console.settings.timezone, days["until"]
    return Chosen(
        values,
        Filters(
            team=values.get("team"),
            state=values.get("state"),
            kind=values.get("kind"),
            since=_begins(days["since"], zone),
            before=_begins(until + timedelta(days=1) if until else None, zone),
        ),
    )


def day_ends(now: datetime, zone: ZoneInfo) -> datetime:
    """When the day of `now` is over in a place."""
    return _midnight(now.astimezone(zone).date() + timedelta(days=1), zone)


def _begins(day: date | None, zone: ZoneInfo) -> datetime | None:
    return _midnight(day, zone) if day is not None else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_of(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None
