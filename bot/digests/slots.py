"""When handovers are: each team's times of day in its own zone, as moments that no change of the
clocks can double."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.model import Member
from bot.turns.house import House
from config.teams import Team

# A list that could not go out at its hour still goes the same day, but not in the night after.
STILL_USEFUL: Final = timedelta(hours=12)
_DAY: Final = timedelta(days=1)
MONDAY: Final = 0


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One handover: its moment as UTC, and the local date and time that it is known by."""

    at: datetime
    day: date
    time: str
    zone: str

    @property
    def name(self) -> str:
        """What tells it from the others of its date, also of teams in other zones."""
        return f"{self.time} {self.zone}"


def latest(teams: Iterable[Team], now: datetime) -> Slot | None:
    """The newest handover of any of these teams, or None long after it: after an outage one list
    comes, not all that were missed, and what is old news does not come at all."""
    past = [slot for slot in _around(teams, now) if slot.at <= now < slot.at + STILL_USEFUL]
    return max(past, default=None)


def first_of_the_week(teams: Iterable[Team], now: datetime) -> Slot | None:
    """The first handover of these teams on Monday, or None before it and long after it."""
    mondays = [slot for slot in _around(teams, now) if slot.day.weekday() == MONDAY]
    first = min(mondays, default=None)
    return first if first and first.at <= now < first.at + STILL_USEFUL else None


def following(teams: Iterable[Team], now: datetime) -> datetime | None:
    """When the next handover of any of these teams is."""
    return min((slot.at for slot in _around(teams, now) if slot.at > now), default=None)


def teams_of(house: House, member: Member) -> Sequence[Team]:
    """The teams at whose handovers a member gets a list: theirs, or the organisation's first."""
    theirs = {one.team for one in member.memberships}
    return [team for team in house.teams if team.id in theirs] or house.teams[:1]


def _around(teams: Iterable[Team], now: datetime) -> Iterator[Slot]:
    for team in teams:
        zone = ZoneInfo(str(team.timezone))
        today = now.astimezone(zone).date()
        for day in (today - _DAY, today, today + _DAY):
            for hour in team.handover:
                yield _slot(day, hour, zone)


def _slot(day: date, hour: time, zone: ZoneInfo) -> Slot:
    """Of an hour that the clocks repeat, the first; of one that they leave out, the one after."""
    at = datetime.combine(day, hour, zone).astimezone(UTC)
    return Slot(at, day, f"{hour:%H:%M}", zone.key)
