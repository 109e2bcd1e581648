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
    Setting("handover", kinds.TIMES, "08:30", "local times at which staff get their list"),
    Setting("timezone", kinds.ZONE, None, "the team's own time zone; without it, `timezone`"),
)
# Before there were several: one time of day. It still works, in place of `handover`.
DIGEST_AT: Final = Setting("digest_at", kinds.TIME, None, "one time of day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team that concerns can go to."""

    id: str
    name: str
    handover: tuple[time, ...]  # in the order of the day
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
    known = [*(setting.name for setting in TEAM_TABLE), DIGEST_AT.name]
    problems.extend(
        f"{where}: no such setting: {name}{meant(name, known)}"
        for name in entry
        if name not in known
    )
    for setting in TEAM_TABLE:
        if setting.name == "handover" and DIGEST_AT.name in entry:
            yield setting.name, _one_time(entry, where, problems)
            continue
        inherited = setting.name == "timezone" and setting.name not in entry
        default = zone.key if inherited and zone else setting.default
        given = _listed(entry.get(setting.name, default))
        found = Found(given, f"{where}: {setting.name}", setting.name in entry)
        yield setting.name, value_of(setting, found, problems)


def _one_time(entry: dict[str, Any], where: str, problems: list[str]) -> tuple[time, ...] | None:
    if "handover" in entry:
        problems.append(f"{where}: {DIGEST_AT.name}: give this or handover, not both")
    found = Found(entry[DIGEST_AT.name], f"{where}: {DIGEST_AT.name}", typed=True)
    value = value_of(DIGEST_AT, found, problems)
    return None if value is None else (value,)


def _listed(given: object) -> object:
    """A list of words as one line, since kinds read text; anything else as it is."""
    if isinstance(given, list) and given and all(isinstance(one, str) for one in given):
        return ", ".join(given)
    return given
