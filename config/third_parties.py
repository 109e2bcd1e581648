"""The words that would tell a carer of somebody else's care."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "third_parties.toml"


class ThirdPartiesError(Exception):
    """The file of these words is wrong: our own fault. Trying again changes nothing."""


@dataclass(frozen=True, slots=True)
class CareWords:
    """`belongings` and `shared` tell something beside whose they are; `kin`: who that may be."""

    conditions: tuple[str, ...]
    medicines: tuple[str, ...]
    law: tuple[str, ...]
    belongings: tuple[str, ...]
    shared: tuple[str, ...]
    kin: tuple[str, ...]
    nobody: tuple[str, ...]


@cache
def load(file: Path = FILE) -> CareWords:
    """Raises ThirdPartiesError for a file that is not as it should be."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        return CareWords(**{name: tuple(map(str, found[name])) for name in CareWords.__slots__})
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise ThirdPartiesError(f"{file.name}: {error}") from error
