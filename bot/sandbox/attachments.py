"""Messages other than words, as Telegram would describe them to the bot."""

from __future__ import annotations

import base64
from typing import Any

from bot.sandbox.files import SAMPLE, Files
from bot.sandbox.refusals import NotPossibleError

Json = dict[str, Any]

FILES: dict[str, Json] = {
    "sticker": {
        "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False,
        "emoji": "🙂", "set_name": "Everyday",
    },
    "voice": {"duration": 4, "mime_type": "audio/ogg", "file_size": 14_210},
    "audio": {
        "duration": 63, "mime_type": "audio/mpeg", "file_size": 912_345, "file_name": "song.mp3",
    },
    "video": {
        "width": 1280, "height": 720, "duration": 6, "mime_type": "video/mp4",
        "file_size": 2_104_555,
    },
    "video_note": {"length": 384, "duration": 5, "file_size": 412_007},
    "animation": {"width": 320, "height": 240, "duration": 2, "mime_type": "video/mp4"},
    "document": {
        "file_name": "letter.pdf", "mime_type": "application/pdf", "file_size": 84_123,
    },
}  # fmt: skip

SMALLER_PHOTOS = ((90, 67, 1_412), (320, 240, 18_733))
PHOTO_SIZE = (1280, 960)
CAPTIONED = frozenset({"photo", "voice", "audio", "video", "animation", "document"})
KINDS = frozenset(FILES) | {"photo", "location", "contact", "dice", "poll"}
USUAL_BYTES = 60_000


def attachment(files: Files, kind: str, asked: Json) -> Json:
    """The content fields of such a message, its file stored. Raises NotPossibleError for an unknown
    kind, ValueError for content that is not base64.
    """
    if kind not in KINDS:
        raise NotPossibleError(f"an attachment is one of {', '.join(sorted(KINDS))}")
    body: Json = {kind: _content(files, kind, asked)}
    if kind == "animation":
        body["document"] = body[kind]
    if asked.get("caption") and kind in CAPTIONED:
        body["caption"] = asked["caption"]
    return body


def _content(files: Files, kind: str, asked: Json) -> Json | list[Json]:
    match kind:
        case "photo":
            return _photo(files, asked)
        case "location":
            return {"latitude": 51.5033, "longitude": -0.1196}
        case "contact":
            # 07700 900000 to 900999 are kept for fiction by Ofcom.
            return {"phone_number": "+447700900123", "first_name": "Sam"}
        case "dice":
            return {"emoji": "🎲", "value": files.random.randint(1, 6)}
        case "poll":
            return _poll(files)
    shown = dict(FILES[kind])
    if "file_name" in shown:
        shown["file_name"] = str(asked.get("name") or shown["file_name"])
    usual = int(shown.get("file_size", USUAL_BYTES))
    name = str(shown.get("file_name", ""))
    return shown | files.keep(kind, _bytes(files, asked, usual), name)


def _photo(files: Files, asked: Json) -> list[Json]:
    """Telegram makes smaller copies; the last is the picture itself."""
    sizes = [
        files.keep("photo", files.made_up(size)) | {"width": width, "height": height}
        for width, height, size in SMALLER_PHOTOS
    ]
    picked = "content" in asked or "size" in asked
    whole = _bytes(files, asked, USUAL_BYTES) if picked else SAMPLE.read_bytes()
    width, height = PHOTO_SIZE
    return [*sizes, files.keep("photo", whole) | {"width": width, "height": height}]


def _bytes(files: Files, asked: Json, usual: int) -> bytes:
    if "content" in asked:
        return base64.b64decode(asked["content"], validate=True)
    return files.made_up(int(asked.get("size", usual)))


def _poll(files: Files) -> Json:
    options = [
        {"persistent_id": str(number), "text": words, "voter_count": 0}
        for number, words in enumerate(("Yes", "No"))
    ]
    return {
        "id": str(files.random.getrandbits(60)),
        "question": "Tea?",
        "options": options,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
