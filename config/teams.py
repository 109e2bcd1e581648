"""The teams that concerns can go to, read from the [[teams]] sections of the settings file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any, Final
from zoneinfo import ZoneInfo

from config import kinds
from config.fields import Found, Setting, meant, value_of

TEAM_TABLE: Final[tuple[Setting, ...]] = (
    Setting("id", kinds.TEAM_ID, None, "stays the same for ever; concerns carry it"),
    Setting("name", kinds.LINE, None, "what people and staff read"),
    Setting("digest_at", kinds.TIME, "08:30", "local time of the daily digest"),
    Setting("timezone", kinds.ZONE, None, "the team's own time zone; without it, `timezone`"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team that concerns can go to."""

    id: str
    name: str
    digest_at: time
    timezone: ZoneInfo


def read_teams(
    entries: object, file: str, zone: ZoneInfo | None, problems: list[str]
) -> Iterator[Team]:
    """Each section as a Team; what is wrong is added to `problems`."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append(f"teams (in {file}): expected one [[teams]] section for each team")
        return
    taken: set[tuple[str, str]] = set()
    for number, entry in enumerate(entries, 1):
        where = f"team {number} (in {file})"
        values = dict(_values(entry, where, zone, problems))
        for name in ("id", "name"):
            if values[name] and (name, values[name]) in taken:
                problems.append(f"{where}: {name}: another team has {values[name]!r} already")
            taken.add((name, values[name]))
        yield Team(**values)


def _values(
    entry: dict[str, Any], where: str, zone: ZoneInfo | None, problems: list[str]
) -> Iterator[tuple[str, Any]]:
    known = [setting.name for setting in TEAM_TABLE]
    problems.extend(
        f"{where}: no such setting: {name}{meant(name, known)}"
        for name in entry
        if name not in known
    )
    for setting in TEAM_TABLE:
        inherited = setting.name == "timezone" and setting.name not in entry
        default = zone.key if inherited and zone else setting.default
        found = Found(
            entry.get(setting.name, default), f"{where}: {setting.name}", setting.name in entry
        )
        yield setting.name, value_of(setting, found, problems)
