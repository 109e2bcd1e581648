"""From what concerns are about to the charts of the page, with small numbers hidden.

Three wholes are shown by one division each, and never one division within another: the difference
of two such tables would give small numbers away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.small_numbers import FEWEST, alone, guarded
from bot.console.overview.charts import Chart, Row, bars, columns
from bot.desk.themes import About
from config.themes import Kind, Theme

MONTHS: Final = 12
NOTHING: Final = "Nothing tapped: own words alone"
OTHER: Final = "Worded in another way at the time"


@dataclass(frozen=True, slots=True)
class Names:
    """What is needed to name what is counted. `topics` are the words on the buttons."""

    topics: Sequence[str]
    themes: Sequence[Theme]
    teams: Mapping[str, str]
    zone: ZoneInfo


def since(now: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the first month that is shown: this month and the eleven before it."""
    return datetime.combine(_months(now.astimezone(zone).date())[0], datetime.min.time(), zone)


def charts(found: Sequence[About], names: Names, now: datetime) -> list[Chart]:
    """Every chart of the page; none when so few were sent that their number itself is small."""
    if len(found) < FEWEST:
        return []
    return [
        bars("topics", "What people tapped", "What it is about", _topics(found, names)),
        bars("teams", "By team", "Team", _teams(found, names)),
        columns("months", "By month sent", "Month", _sent(found, names, now)),
        bars("harms", _HARMS, "Source of harm", _coded(found, names, Kind.HARM)),
        bars("factors", _FACTORS, "What contributed", _coded(found, names, Kind.FACTOR)),
    ]


_HARMS: Final = "Sources of harm, as staff coded them"
_FACTORS: Final = "What contributed, as staff coded it"


def _topics(found: Sequence[About], names: Names) -> list[Row] | None:
    counts = Counter(_topic(one.topic, names.topics) for one in found)
    order = [*names.topics, NOTHING, *([OTHER] if counts[OTHER] else [])]
    return _guarded({name: counts[name] for name in order})


def _topic(said: str, topics: Sequence[str]) -> str:
    if not said:
        return NOTHING
    return said if said in topics else OTHER


def _teams(found: Sequence[About], names: Names) -> list[Row] | None:
    counts = Counter(names.teams.get(one.team, one.team) for one in found)
    return _guarded(dict(sorted(counts.items())))


def _sent(found: Sequence[About], names: Names, now: datetime) -> list[Row] | None:
    months = _months(now.astimezone(names.zone).date())
    counts = Counter(one.sent_at.astimezone(names.zone).date().replace(day=1) for one in found)
    rows = _guarded({f"{month:%B %Y}": counts[month] for month in months})
    if rows is None:
        return None
    return [
        Row(row.label, row.shown, f"{month:%b}"[:3])
        for row, month in zip(rows, months, strict=True)
    ]


def _coded(found: Sequence[About], names: Names, kind: Kind) -> list[Row]:
    """A concern counts in every theme that it was coded with, so these add up to nothing."""
    counts = Counter(id_ for one in found for id_ in one.coded or ())
    shown = alone({theme.id: counts[theme.id] for theme in names.themes if theme.kind is kind})
    by_id = {theme.id: theme.name for theme in names.themes}
    return [Row(by_id[id_], count) for id_, count in shown.items()]


def _guarded(counts: Mapping[str, int]) -> list[Row] | None:
    shown = guarded(counts)
    return None if shown is None else [Row(name, count) for name, count in shown.items()]


def _months(today: date) -> list[date]:
    """The first days of the months, the oldest first."""
    month = today.replace(day=1)
    found = [month]
    for _ in range(MONTHS - 1):
        month = (
            month.replace(year=month.year - 1, month=12)
            if month.month == 1
            else (month.replace(month=month.month - 1))
        )
        found.insert(0, month)
    return found
