"""How one setting is described, found and read: shared by the settings and the teams in them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from config.kinds import Kind

PREFIX: Final = "HEARD_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the README's table: the name in TOML, how it is read, and what it is for."""

    name: str
    kind: Kind
    default: str | None  # None = must be given
    what: str
    secret: bool = False  # never shown; may also come from the file that HEARD_<NAME>_FILE names

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


@dataclass(frozen=True, slots=True)
class Found:
    """A value as it was written, and where; `where` is what an error starts with."""

    value: object
    where: str
    typed: bool = False  # from TOML, where a number is a number


def meant(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def value_of(setting: Setting, found: Found, problems: list[str]) -> Any:
    """What was found, as its kind; None once a problem was added."""
    wrong = f"{found.where}: expected {setting.kind.expected}"
    if found.value is None:
        problems.append(f"{found.where}: missing; {wrong.partition(': ')[2]}")
        return None
    shown = "" if setting.secret else f", got {found.value!r}"
    if found.typed and type(found.value) not in setting.kind.types:
        problems.append(wrong + shown)
        return None
    try:
        return setting.kind.parse(str(found.value))
    except ValueError:
        problems.append(wrong + shown)
        return None
