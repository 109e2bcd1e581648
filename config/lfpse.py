"""The columns of the table for LFPSE, from a file that people can check and correct."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("lfpse.toml")
# What Heard can put into a column.
KNOWN: Final = frozenset(
    {
        "reference",
        "sent_on",
        "reporter",
        "anonymous",
        "service",
        "team",
        "in_danger",
        "harm.physical",
        "harm.psychological",
        "candour",
        "safeguarding",
    }
)


class LfpseError(ValueError):
    """The file is not as it must be; the text says where. Nothing can be taken out until then."""


@dataclass(frozen=True, slots=True)
class Column:
    """`origin` is what Heard puts there, None for a column that stays blank; `codes` what it is
    written as. Without codes it is written as it is."""

    name: str
    origin: str | None
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    version: str
    source: str
    checked: date
    columns: tuple[Column, ...]

    @property
    def title(self) -> str:
        return f"{self.version}, checked {self.checked.isoformat()}"


def load(file: Path = FILE) -> Table:
    """Raises LfpseError."""
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        columns = tuple(
            Column(str(one["name"]), one.get("from"), dict(one.get("codes", {})))
            for one in said["fields"]
        )
        table = Table(str(said["version"]), str(said["source"]), said["checked"], columns)
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise LfpseError(f"{file.name} cannot be read: {type(error).__name__} {error}") from None
    unknown = {one.origin for one in columns if one.origin} - KNOWN
    if unknown:
        raise LfpseError(f"{file.name}: Heard knows nothing called {min(unknown)}")
    if not isinstance(table.checked, date):
        raise LfpseError(f"{file.name}: `checked` is no date")
    return table
