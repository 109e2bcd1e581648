"""A thief's search: every form in which a word, a name or a number could lie in stolen bytes."""

from __future__ import annotations

import base64
import gzip
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
GZIP = (b"\x1f\x8b\x08",)
MOST_INFLATED = 1 << 20
# Bytes. Sealed rows are noise: in four megabytes of it any four bytes stand somewhere once in a
# thousand searches, any five once in a quarter of a million. Base64 also meets the hex of ids.
LEAST_TOLD = 5
LEAST_CODED = 7


def forms_of_text(text: str) -> dict[str, bytes]:
    """A text as it could be written down, by the name of the form."""
    found = {}
    for how, spelled in {
        "": text,
        "small ": text.casefold(),
        "capital ": text.upper(),
        "reversed ": text[::-1],
    }.items():
        for code in ("utf-8", "utf-16-le", "utf-16-be"):
            found |= forms_of_bytes(f"{how}{code}", spelled.encode(code))
    found["json"] = "".join(one if one.isascii() else f"\\u{ord(one):04x}" for one in text).encode()
    return found


def forms_of_number(number: int) -> dict[str, bytes]:
    """A chat id: in digits, and as machines keep whole numbers, small or big end first."""
    found = forms_of_text(str(number)) | {"hex digits": f"{number:x}".encode()}
    for size in (6, 8):  # as SQLite and PostgreSQL keep a number above 2**32
        if number < 1 << (8 * size):
            for end in ("big", "little"):
                raw = number.to_bytes(size, end)
                found |= forms_of_bytes(f"{end} {size}", raw)
    return found | {"double": struct.pack("<d", number)}


def forms_of_bytes(name: str, raw: bytes) -> dict[str, bytes]:
    found = {
        name: raw,
        f"{name} hex": raw.hex().encode(),
        f"{name} HEX": raw.hex().upper().encode(),
    }
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + raw)
        # Only the characters that these bytes alone decide.
        sure = coded[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6]
        if len(sure) >= LEAST_CODED:
            found[f"{name} base64+{shift}"] = sure
            found[f"{name} urlsafe+{shift}"] = sure.replace(b"+", b"-").replace(b"/", b"_")
    return found


class Haystack:
    """Stolen bytes, and whatever in them can be inflated."""

    def __init__(self, pieces: list[bytes]) -> None:
        inflated = [one for piece in pieces for one in _inflated(piece)]
        self.inflated = len(inflated)
        self._all = b"\n\n".join([*pieces, *inflated])

    @classmethod
    def of_folder(cls, folder: Path, without: Path) -> Haystack:
        files = [one for one in sorted(folder.rglob("*")) if one.is_file()]
        return cls([one.read_bytes() for one in files if without not in one.parents])

    def __len__(self) -> int:
        return len(self._all)

    def finds(self, forms: dict[str, bytes]) -> list[str]:
        return [
            name for name, form in forms.items() if len(form) >= LEAST_TOLD and form in self._all
        ]


def _inflated(piece: bytes) -> Iterator[bytes]:
    for kind, bits in ((ZLIB, zlib.MAX_WBITS), (GZIP, zlib.MAX_WBITS | 16)):
        for magic in kind:
            at = piece.find(magic)
            while at >= 0:
                try:
                    opened = zlib.decompressobj(bits).decompress(piece[at:], MOST_INFLATED)
                except zlib.error:
                    opened = b""
                if len(opened) >= LEAST_TOLD:
                    yield opened
                at = piece.find(magic, at + 1)


def packed(raw: bytes) -> dict[str, bytes]:
    """The same bytes, compressed, among others."""
    around = b"once upon a time " + raw + b" there was"
    return {
        "zlib": zlib.compress(around),
        "zlib, fast": zlib.compress(around, 1),
        "zlib, best": zlib.compress(around, 9),
        "gzip": gzip.compress(around),
    }
