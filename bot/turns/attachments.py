"""A file that a person sent, as staff see it: what it is called and where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.turns.files import PART, FilePart
from storage import files
from storage.concerns import OpenPart
from storage.engine import Conn
from storage.files import FileState, OpenFile

NAMES: Final[Mapping[str, str]] = {
    "photo": "Photo",
    "voice": "Voice message",
    "video_note": "Video message",
    "video": "Video",
    "animation": "Short film",
    "document": "Document",
    "audio": "Sound file",
}
OTHER: Final = "File"
_ENDING: Final = re.compile(r"[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kept file, opened. `name` is neutral: what the person called it is not kept."""

    kind: str
    name: str
    file: OpenFile


def part_of(part: OpenPart) -> FilePart | None:
    """The file that a part of a concern is, or None for words and for what we did not write."""
    if part.kind != PART:
        return None
    try:
        return FilePart.of(part.words)
    except ValueError:
        return None


def called(kind: str) -> str:
    """What staff read for a file of this kind."""
    return NAMES.get(kind, OTHER)


def named(part: OpenPart, kind: str, ending: str) -> str:
    """What the file is called when it is saved: its kind and its place in the concern."""
    end = f".{ending}" if _ENDING.fullmatch(ending) else ""
    return f"{kind.replace('_', '-') if kind in NAMES else 'file'}-{part.seq}{end}"


async def states(conn: Conn, parts: Sequence[OpenPart]) -> dict[str, FileState]:
    """Where the file of each part is, by the part's id."""
    found = {part.id: file.file_id for part in parts if (file := part_of(part)) is not None}
    known = await files.states(conn, found.values())
    return {part: known[file] for part, file in found.items() if file in known}
