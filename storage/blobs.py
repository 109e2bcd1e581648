"""The common ground of everything sealed: errors, bound contexts, padding and locking under a key.

Every blob starts with a version byte and a suite byte, so that a newer format
can be told from damage.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from enum import IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = 2
STEP = 512
_PROTOCOL = b"heard/1"
_PAD_MARK = b"\x80"


class Suite(IntEnum):
    """Which construction a blob uses; the number is its second byte and is never given again."""

    KEY = 1
    READER = 2
    PASSPHRASE = 3
    STREAM = 4


class SealError(Exception):
    """Something sealed could not be opened. Trying again with the same bytes never helps."""


class Damaged(SealError):
    """Wrong key, wrong context, or bytes that were changed: which of these cannot be told apart."""


class WrongPassphrase(SealError):
    """The passphrase does not open this, or the bytes were changed."""


class Unsupported(SealError):
    """Sealed in a format that this version of Heard does not know."""


def context(*fields: str | bytes) -> bytes:
    """Join `fields` so that no two lists of fields give the same bytes.

    Used as associated data and as HPKE `info` everywhere. Start with the purpose (table and
    column), then the ids of the row, so that a blob opens in its own place only.
    """
    joined = [_PROTOCOL]
    for field in fields:
        raw = field.encode() if isinstance(field, str) else field
        joined += (len(raw).to_bytes(4, "big"), raw)
    return b"".join(joined)


def header(suite: Suite) -> bytes:
    """The first two bytes of a blob; also bound into it, so that they cannot be changed alone."""
    return bytes((VERSION, suite))


def check_header(blob: bytes, suite: Suite) -> None:
    """Raise Damaged for fewer bytes than a header, Unsupported for another version or suite."""
    if len(blob) < HEADER_BYTES:
        raise Damaged("sealed bytes are cut off")
    if blob[0] != VERSION:
        raise Unsupported(f"sealed in version {blob[0]}, this program knows version {VERSION}")
    if blob[1] != suite:
        raise Unsupported(f"sealed with suite {blob[1]} where suite {int(suite)} belongs")


def pad(content: bytes) -> bytes:
    """Fill up to the next 512 bytes (ISO/IEC 7816-4), so that a blob's length says little."""
    marked = content + _PAD_MARK
    return marked + bytes(-len(marked) % STEP)


def unpad(padded: bytes) -> bytes:
    """Undo `pad`. Raises Damaged for anything that `pad` cannot have made."""
    content = padded.rstrip(b"\0")
    fill = len(padded) - len(content)
    if not padded or len(padded) % STEP or fill >= STEP or not content.endswith(_PAD_MARK):
        raise Damaged("padding is not as it was written")
    return content[:-1]


def subkey(key: bytes, label: str) -> bytes:
    """Derive the 32-byte key of one purpose (HKDF-SHA256, RFC 5869, no salt: `key` is uniform)."""
    info = context("subkey", label)
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def tag(key: bytes, *fields: str | bytes) -> bytes:
    """A 32-byte look-up tag (HMAC-SHA256): equal for equal fields, unguessable without `key`."""
    return hmac.new(key, context(*fields), hashlib.sha256).digest()


def lock(key: bytes, plaintext: bytes, ad: bytes) -> bytes:
    """Seal under a 32-byte key with a random 96-bit nonce.

    One key may seal 2**32 blobs before nonces become likely to meet (NIST SP 800-38D, 8.3).
    Adds 30 bytes and shows the length: pad what people write.
    """
    start = header(Suite.KEY)
    nonce = os.urandom(NONCE_BYTES)
    return start + nonce + _aead(key).encrypt(nonce, plaintext, start + ad)


def unlock(key: bytes, blob: bytes, ad: bytes) -> bytes:
    """Open what `lock` made with the same key and `ad`. Raises Damaged or Unsupported."""
    check_header(blob, Suite.KEY)
    nonce, sealed = blob[HEADER_BYTES:][:NONCE_BYTES], blob[HEADER_BYTES + NONCE_BYTES :]
    if len(sealed) < TAG_BYTES:
        raise Damaged("sealed bytes are cut off")
    try:
        return _aead(key).decrypt(nonce, sealed, header(Suite.KEY) + ad)
    except InvalidTag:
        raise Damaged("does not open with this key in this place") from None


def unlock_any(keys: Sequence[bytes], blob: bytes, ad: bytes) -> bytes:
    """Open what `lock` made with one of these keys: there are two while one is being replaced.
    Raises what `unlock` raises."""
    for key in keys[:-1]:
        try:
            return unlock(key, blob, ad)
        except Damaged:
            continue
    return unlock(keys[-1], blob, ad)


def _aead(key: bytes) -> AESGCM:
    # The library also takes shorter keys, which the suite byte would then misname.
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return AESGCM(key)
