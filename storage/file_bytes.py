"""What a person attached, sealed piece by piece to a key pair of its own.

Whoever seals holds only the public half; the seed of the pair goes with the words it was sent
with. The end of the content is hidden in steps, and its true size is sealed beside it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field

from storage.sealing import (
    CHUNK_BYTES,
    SEED_BYTES,
    Damaged,
    KeyPair,
    StreamReader,
    StreamWriter,
    context,
    key_pair_from_seed,
    open_with,
    pad,
    seal_to,
    unpad,
)

BODY_BYTES = 256 * 1024  # sealed bytes in a row: few rows for 20 MB, and little in memory
FILLED_TO = CHUNK_BYTES  # content is filled up to a multiple, so that its length says little


@dataclass(frozen=True, slots=True)
class FileKey:
    """The seed opens a file; `public`, the only half that is stored, seals one."""

    seed: bytes = field(repr=False)
    public: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class About:
    """What is sealed beside the content: its size in bytes, and how its name ends ("pdf")."""

    size: int
    ending: str


def new_file_key() -> FileKey:
    """A fresh key for one file."""
    seed = os.urandom(SEED_BYTES)
    return FileKey(seed, key_pair_from_seed(seed).public)


class FileSealer:
    """Seals one file as its bytes come in; holds at most one row's worth of them."""

    def __init__(self, file_id: str, public: bytes) -> None:
        self._file_id = file_id
        self._public = public
        self._stream = StreamWriter(public, _content(file_id))
        self._ready = bytearray()
        self.size = 0

    def feed(self, content: bytes) -> list[bytes]:
        """Take more content; return the bodies of the rows that are full (often none)."""
        self.size += len(content)
        self._ready += self._stream.feed(content)
        full = []
        while len(self._ready) >= BODY_BYTES:
            full.append(bytes(self._ready[:BODY_BYTES]))
            del self._ready[:BODY_BYTES]
        return full

    def finish(self, ending: str) -> tuple[bytes, bytes]:
        """The last row's body, and what is sealed about the file."""
        self._ready += self._stream.feed(bytes(-self.size % FILLED_TO)) + self._stream.finish()
        about = json.dumps({"size": self.size, "ending": ending}).encode()
        return bytes(self._ready), seal_to(self._public, pad(about), _about(self._file_id))


class FileOpener:
    """Opens what `FileSealer` made. Every method, and making one, raises SealError.

    What `feed` returns is genuine, but only when `finish` has returned is it whole.
    """

    def __init__(self, file_id: str, seed: bytes, about: bytes) -> None:
        pair = _pair(seed)
        self.about = _read_about(unpad(open_with(pair.private, about, _about(file_id))))
        self._stream = StreamReader(pair.private, _content(file_id))
        self._left = self.about.size

    def feed(self, body: bytes) -> bytes:
        """The content of one more row."""
        return self._cut(self._stream.feed(body))

    def finish(self) -> bytes:
        """The last of the content. Raises Damaged when rows are missing."""
        last = self._cut(self._stream.finish())
        if self._left:
            raise Damaged("the file is shorter than was said of it")
        return last

    def _cut(self, opened: bytes) -> bytes:
        content = opened[: self._left]
        self._left -= len(content)
        return content


def _pair(seed: bytes) -> KeyPair:
    if len(seed) != SEED_BYTES:
        raise Damaged("not the key of a file")
    return key_pair_from_seed(seed)


def _read_about(raw: bytes) -> About:
    # Whoever has the public half could have sealed it, so its shape is not taken on trust.
    try:
        said = json.loads(raw)
        return About(int(said["size"]), str(said["ending"]))
    except (ValueError, KeyError, TypeError):
        raise Damaged("what was said of the file cannot be read") from None


def _content(file_id: str) -> bytes:
    return context("file_chunks", "body", file_id)


def _about(file_id: str) -> bytes:
    return context("files", "about", file_id)
