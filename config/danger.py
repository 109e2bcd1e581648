"""The words by which danger is recognised, one file a language, read and checked as plain values.

They are data so that people who have been there can review them without reading code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

FOLDER: Final = Path(__file__).parent / "danger"
PARTS: Final = ("spelling", "emoji", "keys", "groups", "mask", "keep", "deny", "report")
PARTS_OF_DANGER: Final = ("past", "now", "danger", "perhaps", "before", "recent")
LONGEST: Final = 120  # characters of one line; more cannot be reviewed

Lists: TypeAlias = Mapping[str, Mapping[str, tuple[str, ...]]]


class DangerListsError(Exception):
    """A list is wrong: our own fault. Trying again changes nothing. Each line is one fault."""


def load(language: str, folder: Path = FOLDER) -> Lists:
    """Part → family → lines, or nothing for a language that has no list.

    Raises DangerListsError naming every fault.
    """
    file = folder / f"{language}.toml"
    try:
        parts = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return MappingProxyType({})
    except tomllib.TOMLDecodeError as error:
        raise DangerListsError(f"{file.name}: {error}") from error
    problems = [problem for name, part in parts.items() for problem in _problems(name, part)]
    problems += [f"{part}: is missing." for part in PARTS_OF_DANGER if part not in parts]
    if problems:
        raise DangerListsError("\n".join(f"{file.name}: {problem}" for problem in problems))
    return MappingProxyType(
        {
            name: MappingProxyType({family: tuple(lines) for family, lines in part.items()})
            for name, part in parts.items()
        }
    )


def weights(language: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """The classifier's numbers as tests/danger/train.py wrote them, or nothing without a file."""
    file = folder / f"{language}.weights.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return MappingProxyType({})
    except tomllib.TOMLDecodeError as error:
        raise DangerListsError(f"{file.name}: {error}") from error
    missing = {"weights", "bias", "least", "doubt"} - set(data)
    if missing:
        raise DangerListsError(f"{file.name}: {', '.join(sorted(missing))} is missing.")
    return MappingProxyType({name: "".join(str(data[name]).split()) for name in data})


def _problems(name: str, part: Any) -> list[str]:
    if name not in PARTS + PARTS_OF_DANGER or not isinstance(part, dict):
        return [f"{name}: there is no such part."]
    problems = []
    for family, lines in part.items():
        where = f"{name}.{family}"
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            problems.append(f"{where}: must be a list of lines.")
            continue
        problems += [f"{where}: {line!r} is too long." for line in lines if len(line) > LONGEST]
        problems += [f"{where}: a line is empty." for line in lines if not line.strip()]
        twice = sorted({line for line in lines if lines.count(line) > 1})
        problems += [f"{where}: {line!r} is there twice." for line in twice]
    return problems
