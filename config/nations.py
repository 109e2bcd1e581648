"""What differs between the nations of the UK: clocks, and the ways round us."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("nations.toml")
_CLOCKS: Final = ("acknowledge_working_days", "answer_days", "answer_in_working_days")


class NationError(Exception):
    """The settings name a nation whose rules are not known or not confirmed. Not for retrying:
    the text says what to change."""


@dataclass(frozen=True, slots=True)
class Nation:
    """One nation's rules, each with its source in nations.toml."""

    subdivision: str
    ways: str  # the wording key that names the ways round us
    source: str
    acknowledge_working_days: int
    answer_days: int
    answer_in_working_days: bool
    explain_months: int | None = None  # None: no rule
    raise_within_months: int | None = None  # None: not known


def load_nation(name: str, file: Path = FILE) -> Nation:
    """The rules of a nation. Raises NationError if it is unknown or has no confirmed clocks."""
    values = _section(name, file)
    missing = [clock for clock in _CLOCKS if clock not in values]
    if missing:
        raise NationError(
            f"The clocks of {name} are not confirmed ({', '.join(missing)}). Find the rule and its "
            f"source, then add them to {file.name}."
        )
    unknown = values.keys() - {one.name for one in fields(Nation)}
    if unknown:
        raise NationError(f"{file.name}: {name} has unknown values: {', '.join(sorted(unknown))}.")
    return Nation(**values)


def subdivision_of(name: str, file: Path = FILE) -> str:
    """The code under which the `holidays` package knows a nation. Raises NationError."""
    return str(_section(name, file)["subdivision"])


def _section(name: str, file: Path) -> dict[str, Any]:
    nations = tomllib.loads(file.read_text(encoding="utf-8"))
    if name not in nations:
        raise NationError(f"No such nation: {name!r}. Choose one of: {', '.join(sorted(nations))}.")
    section: dict[str, Any] = nations[name]
    return section
