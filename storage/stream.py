"""Sealing what is too big for memory, in chunks of which none can be cut, moved or added.

This is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015): each chunk's nonce says its place and
whether it is the last. It reads and writes nothing itself: bytes are fed in, bytes come out.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.blobs import (
    HEADER_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    Damaged,
    Suite,
    check_header,
    context,
    header,
)
from storage.key_pairs import SEALED_EXTRA, open_with, seal_to

CHUNK_BYTES = 64 * 1024
_COUNTER_BYTES = 4
_PREFIX_BYTES = NONCE_BYTES - _COUNTER_BYTES - 1
_SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
_START_BYTES = HEADER_BYTES + SEALED_EXTRA + KEY_BYTES + _PREFIX_BYTES


class StreamWriter:
    """Seals a stream under a fresh key, itself sealed to `public`; `info` says what it is for.

    Send on all that `feed` returns, in order, then what `finish` returns. At most 256 TiB.
    """

    def __init__(self, public: bytes, info: bytes) -> None:
        key = os.urandom(KEY_BYTES)
        sealed_key = seal_to(public, key, context("stream key", info))
        prefix = os.urandom(_PREFIX_BYTES)
        start = header(Suite.STREAM) + sealed_key + prefix
        self._chunks = _Chunks(key, prefix, start)
        self._ready = bytearray(start)
        self._waiting = bytearray()

    def feed(self, plaintext: bytes) -> bytes:
        """Take more plaintext; return the sealed bytes that are ready (often none)."""
        self._waiting += plaintext
        # A full chunk waits until more comes: it may be the last one.
        while len(self._waiting) > CHUNK_BYTES:
            self._ready += self._chunks.seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return self._take()

    def finish(self) -> bytes:
        """Return the rest, with the mark that this is the end."""
        self._ready += self._chunks.seal(bytes(self._waiting), last=True)
        self._waiting.clear()
        return self._take()

    def _take(self) -> bytes:
        ready = bytes(self._ready)
        self._ready.clear()
        return ready


class StreamReader:
    """Opens what `StreamWriter` made.

    What `feed` returns is genuine, but only when `finish` returns is it also whole: keep nothing of
    a stream whose `finish` was not reached. Every method raises Damaged or Unsupported.
    """

    def __init__(self, private: bytes, info: bytes) -> None:
        self._private = private
        self._info = info
        self._chunks: _Chunks | None = None
        self._waiting = bytearray()

    def feed(self, sealed: bytes) -> bytes:
        """Take more sealed bytes; return the plaintext that is ready (often none)."""
        self._waiting += sealed
        if self._chunks is None:
            if len(self._waiting) < _START_BYTES:
                return b""
            self._chunks = self._begin()
        opened = bytearray()
        while len(self._waiting) > _SEALED_CHUNK:
            opened += self._chunks.open(bytes(self._waiting[:_SEALED_CHUNK]), last=False)
            del self._waiting[:_SEALED_CHUNK]
        return bytes(opened)

    def finish(self) -> bytes:
        """Return the last plaintext. Raises Damaged when the end is missing."""
        if self._chunks is None:
            raise Damaged("the stream is cut off")
        opened = self._chunks.open(bytes(self._waiting), last=True)
        self._waiting.clear()
        return opened

    def _begin(self) -> _Chunks:
        start = bytes(self._waiting[:_START_BYTES])
        del self._waiting[:_START_BYTES]
        check_header(start, Suite.STREAM)
        sealed_key, prefix = start[HEADER_BYTES:-_PREFIX_BYTES], start[-_PREFIX_BYTES:]
        key = open_with(self._private, sealed_key, context("stream key", self._info))
        return _Chunks(key, prefix, start)


class _Chunks:
    """One stream's key and the place it has reached."""

    def __init__(self, key: bytes, prefix: bytes, start: bytes) -> None:
        self._aead = AESGCM(key)
        self._prefix = prefix
        self._start = start
        self._count = 0

    def seal(self, plaintext: bytes, *, last: bool) -> bytes:
        return self._aead.encrypt(self._nonce(last), plaintext, self._start)

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        if len(sealed) < TAG_BYTES:
            raise Damaged("the stream is cut off")
        try:
            return self._aead.decrypt(self._nonce(last), sealed, self._start)
        except InvalidTag:
            raise Damaged("the stream was changed, cut or put in another order") from None

    def _nonce(self, last: bool) -> bytes:
        count = self._count.to_bytes(_COUNTER_BYTES, "big")
        self._count += 1
        return self._prefix + count + (b"\1" if last else b"\0")
