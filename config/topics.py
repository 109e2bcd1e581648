"""What the topics that people tap stand for in the research on avoidable harm."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "topics.toml"
HARMS: Final = range(1, 8)  # the seven sources of harm that topics.toml names


class TopicsError(Exception):
    """The topics file is wrong: our own fault. Trying again changes nothing."""


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    harms: tuple[int, ...]


def load(file: Path = FILE) -> tuple[Topic, ...]:
    """The topics in the order of their buttons. Raises TopicsError for a harm that is not one."""
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["topic"]
        topics = tuple(Topic(str(entry["id"]), tuple(entry["harms"])) for entry in entries)
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise TopicsError(f"{file.name}: {error}") from error
    for topic in topics:
        if any(harm not in HARMS for harm in topic.harms):
            raise TopicsError(f"{file.name}: {topic.id} names a source of harm that is not there.")
    return topics
