"""The files behind the ids: real bytes, which a bot finds with getFile and downloads."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from starlette.responses import Response, StreamingResponse

from bot.sandbox.faults import Fault
from bot.sandbox.refusals import bad_request

Json = dict[str, Any]

MOST_BYTES = 20 * 1024 * 1024
"""What a bot can download (Bot API, ``getFile``)."""

PIECE_BYTES = 64 * 1024
SAMPLE = Path(__file__).with_name("static") / "sample.jpg"
"""What a photo shows when nobody picked one."""

FOLDERS = {
    "photo": ("photos", "jpg"), "voice": ("voice", "oga"), "audio": ("music", "mp3"),
    "video": ("videos", "mp4"), "video_note": ("video_notes", "mp4"),
    "animation": ("animations", "mp4"), "document": ("documents", ""),
    "sticker": ("stickers", "webp"),
}  # fmt: skip
"""Where Telegram keeps each kind, and how a name ends unless the file had a name of its own."""

HALVES = frozenset({"cut", "short", "stall"})
"""Faults that give half of a file."""

ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})\Z")


@dataclass(slots=True)
class StoredFile:
    """One file; ``path`` is what getFile tells."""

    file_id: str
    file_unique_id: str
    path: str
    content: bytes = field(repr=False)


class Files:
    """All files that people sent, by id."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.by_id: dict[str, StoredFile] = {}

    def keep(self, kind: str, content: bytes, name: str = "") -> Json:
        """Store a file; the fields by which messages name it."""
        folder, ending = FOLDERS[kind]
        named = ENDING.search(name)
        ending = named[1] if named else ending
        path = f"{folder}/file_{len(self.by_id)}" + (f".{ending}" if ending else "")
        number = self.random.getrandbits
        file = StoredFile(f"BQAC{number(240):060x}", f"AgAD{number(44):011x}", path, content)
        self.by_id[file.file_id] = file
        return {
            "file_id": file.file_id,
            "file_unique_id": file.file_unique_id,
            "file_size": len(content),
        }

    def made_up(self, size: int) -> bytes:
        """So many bytes that mean nothing."""
        return self.random.randbytes(size)

    def find(self, file_id: str) -> Json:
        """What getFile answers. Raises a 400 for a file that is not there, or too big for a bot."""
        file = self.by_id.get(file_id)
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(file.content) > MOST_BYTES:
            raise bad_request("file is too big")
        return {
            "file_id": file.file_id,
            "file_unique_id": file.file_unique_id,
            "file_size": len(file.content),
            "file_path": file.path,
        }

    def at(self, path: str) -> StoredFile | None:
        """The file that is downloaded from this path."""
        return next((file for file in self.by_id.values() if file.path == path), None)

    def to_json(self) -> list[Json]:
        """What a later ``load`` needs."""
        return [
            {
                "file_id": file.file_id,
                "file_unique_id": file.file_unique_id,
                "path": file.path,
                "content": file.content.hex(),
            }
            for file in self.by_id.values()
        ]

    def load(self, saved: list[Json]) -> None:
        """Put back what ``to_json`` gave."""
        for entry in saved:
            content = bytes.fromhex(entry["content"])
            self.by_id[entry["file_id"]] = StoredFile(**(entry | {"content": content}))


def download(
    file: StoredFile, fault: Fault | None, stalled: Awaitable[None] | None = None
) -> Response:
    """The bytes: half of them when there is a fault, after which the answer may be ``stalled``."""
    size = len(file.content)
    sent = size // 2 if fault is not None else size
    told = sent if fault is not None and fault.kind == "short" else size
    headers = {"Content-Length": str(told)}
    pieces = _pieces(file.content, sent, stalled)
    return StreamingResponse(pieces, 200, headers, "application/octet-stream")


async def _pieces(
    content: bytes, until: int, stalled: Awaitable[None] | None
) -> AsyncIterator[bytes]:
    for start in range(0, until, PIECE_BYTES):
        yield content[start : min(start + PIECE_BYTES, until)]
    if stalled is not None:
        await stalled
