"""Messages other than words, as Telegram would describe them to the bot. The files behind the ids
do not exist.
"""

from __future__ import annotations

from random import Random
from typing import Any

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

PHOTO_SIZES = ((90, 67, 1_412), (320, 240, 18_733), (1280, 960, 141_902))
CAPTIONED = frozenset({"photo", "voice", "audio", "video", "animation", "document"})
KINDS = frozenset(FILES) | {"photo", "location", "contact", "dice", "poll"}


def attachment(kind: str, caption: str | None, random: Random) -> Json:
    """The content fields of such a message. Raises NotPossibleError for an unknown kind."""
    if kind not in KINDS:
        raise NotPossibleError(f"an attachment is one of {', '.join(sorted(KINDS))}")
    body: Json = {kind: _content(kind, random)}
    if kind == "animation":
        body["document"] = body[kind]
    if caption and kind in CAPTIONED:
        body["caption"] = caption
    return body


def _content(kind: str, random: Random) -> Json | list[Json]:
    match kind:
        case "photo":
            return [
                _file_ids(random) | {"width": width, "height": height, "file_size": size}
                for width, height, size in PHOTO_SIZES
            ]
        case "location":
            return {"latitude": 51.5033, "longitude": -0.1196}
        case "contact":
            # 07700 900000 to 900999 are kept for fiction by Ofcom.
            return {"phone_number": "+447700900123", "first_name": "Sam"}
        case "dice":
            return {"emoji": "🎲", "value": random.randint(1, 6)}
        case "poll":
            return _poll(random)
    return _file_ids(random) | FILES[kind]


def _poll(random: Random) -> Json:
    options = [
        {"persistent_id": str(number), "text": words, "voter_count": 0}
        for number, words in enumerate(("Yes", "No"))
    ]
    return {
        "id": str(random.getrandbits(60)),
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


def _file_ids(random: Random) -> Json:
    return {
        "file_id": f"BQAC{random.getrandbits(240):060x}",
        "file_unique_id": f"AgAD{random.getrandbits(44):011x}",
    }
