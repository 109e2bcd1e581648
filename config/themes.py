"""What staff can say that a concern is about: sources of harm, and what contributed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from config.topics import HARMS, TopicsError

FILE: Final = Path(__file__).parent / "themes.toml"


class Kind(StrEnum):
    HARM = "harm"
    FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class Theme:
    id: str
    name: str
    kind: Kind
    source: str


def load(file: Path = FILE) -> tuple[Theme, ...]:
    """The themes in the order in which staff see them.

    Raises TopicsError for a file that is not whole: an id twice, a name or source that is missing,
    or not as many sources of harm as the topics count.
    """
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["theme"]
        themes = tuple(
            Theme(str(one["id"]), str(one["name"]), Kind(one["kind"]), str(one["source"]))
            for one in entries
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise TopicsError(f"{file.name}: {error}") from error
    ids = [one.id for one in themes]
    if len(set(ids)) != len(ids):
        raise TopicsError(f"{file.name}: an id stands there twice.")
    if not all(one.id and one.name.strip() and one.source.strip() for one in themes):
        raise TopicsError(f"{file.name}: an id, a name or a source is missing.")
    if sum(one.kind is Kind.HARM for one in themes) != len(HARMS):
        raise TopicsError(f"{file.name}: topics.toml counts {len(HARMS)} sources of harm.")
    return themes
