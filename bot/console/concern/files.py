"""Files that people sent: listened to or looked at in the page, or saved, never run.

Every kind has a fixed type of content, whatever the file says of itself, and browsers are told not
to guess. Nothing of it is whole in memory, and nothing of it is on any disk unsealed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from bot.console.gate import Visit
from bot.turns.attachments import Attachment
from storage.sealing import SealError

TYPES: Final[Mapping[str, str]] = {
    "photo": "image/jpeg",
    "voice": "audio/ogg",
    "video_note": "video/mp4",
    "video": "video/mp4",
    "animation": "video/mp4",
}
ANYTHING: Final = "application/octet-stream"
SHOWN: Final[Mapping[str, str]] = {
    kind: content.partition("/")[0] for kind, content in TYPES.items()
}
"""How a page shows each kind: image, audio or video; others are only links."""

RANGE: Final = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")


async def file_page(visit: Visit) -> Response:
    """One file of a concern. For those left out, it is no different from none."""
    part_id = str(visit.request.path_params["part"])
    desk, private = visit.console.desk, visit.session.private
    found = await desk.open_file(visit.member, private, visit.reference, part_id)
    if found is None:
        raise HTTPException(404)
    first, last = _wanted(visit.request.headers.get("range", ""), found.file.about.size)
    whole = last - first + 1 == found.file.about.size
    pieces = _told(visit, part_id, _cut(found.file.pieces, first, last))
    headers = _headers(found, first, last)
    content = TYPES.get(found.kind, ANYTHING)
    return StreamingResponse(pieces, 200 if whole else 206, headers, content)


def _headers(found: Attachment, first: int, last: int) -> dict[str, str]:
    size = found.file.about.size
    headers = {
        "content-disposition": f'attachment; filename="{found.name}"',
        "content-length": str(last - first + 1),
        "accept-ranges": "bytes",
    }
    if last - first + 1 != size:
        headers["content-range"] = f"bytes {first}-{last}/{size}"
    return headers


def _wanted(asked: str, size: int) -> tuple[int, int]:
    """The first and last byte. Players ask for stretches, and some play nothing without; whoever
    asks for what we do not serve gets all of it (RFC 9110, 14.2)."""
    found = RANGE.fullmatch(asked)
    first = int(found[1]) if found else 0
    last = min(int(found[2]) if found and found[2] else size - 1, size - 1)
    return (first, last) if first <= last else (0, size - 1)


async def _cut(pieces: AsyncIterator[bytes], first: int, last: int) -> AsyncIterator[bytes]:
    at = 0
    async for piece in pieces:
        wanted = piece[max(0, first - at) : max(0, last + 1 - at)]
        at += len(piece)
        if wanted:
            yield wanted
        if at > last >= 0:
            return


async def _told(visit: Visit, part_id: str, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Damage in the middle breaks the answer off, so that half a file is not taken for a whole."""
    try:
        async for piece in pieces:
            yield piece
    except SealError:
        await visit.console.desk.file_damaged(part_id)
        raise
