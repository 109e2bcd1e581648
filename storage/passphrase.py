"""Locking a private key under words that a person remembers, at a price that slows guessing."""

from __future__ import annotations

import os
import struct
import threading
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from storage.blobs import (
    HEADER_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    Damaged,
    Suite,
    WrongPassphrase,
    check_header,
    header,
)

_COST = struct.Struct(">IBB")
_SALT_BYTES = 16
_SALT_AT = HEADER_BYTES + _COST.size
_NONCE_AT = _SALT_AT + _SALT_BYTES
_SEALED_AT = _NONCE_AT + NONCE_BYTES
# OpenSSL shares out one number of threads to all lanes: two derivations at once in one process fail
# with MemoryError or wait for each other for ever (seen with 4.0.3). One uses all cores anyway.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one guess costs. The default is RFC 9106's second recommended choice with p=4."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def bearable(self) -> bool:
        """Whether RFC 9106 allows it and a changed byte cannot make us ask for all the memory."""
        within = self.memory_kib <= 1024 * 1024 and 1 <= self.passes <= 16
        return within and 1 <= self.lanes <= 16 and self.memory_kib >= 8 * self.lanes


def lock_with_passphrase(
    passphrase: str, secret: bytes, ad: bytes, cost: Argon2Cost | None = None
) -> bytes:
    """Seal `secret` under a passphrase (Argon2id, then AES-256-GCM); takes about half a second."""
    cost = cost or Argon2Cost()
    if not cost.bearable():
        raise ValueError("Argon2id cost outside what unlocking accepts")
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(NONCE_BYTES)
    packed = _COST.pack(cost.memory_kib, cost.passes, cost.lanes)
    start = header(Suite.PASSPHRASE) + packed + salt
    sealed = AESGCM(_stretch(passphrase, salt, cost)).encrypt(nonce, secret, start + ad)
    return start + nonce + sealed


def unlock_with_passphrase(passphrase: str, blob: bytes, ad: bytes) -> bytes:
    """Open what `lock_with_passphrase` made. Raises WrongPassphrase, Damaged or Unsupported."""
    check_header(blob, Suite.PASSPHRASE)
    if len(blob) < _SEALED_AT + TAG_BYTES:
        raise Damaged("sealed bytes are cut off")
    cost = Argon2Cost(*_COST.unpack_from(blob, HEADER_BYTES))
    if not cost.bearable():
        raise Damaged("asks for a cost that was never written")
    start, nonce = blob[:_NONCE_AT], blob[_NONCE_AT:_SEALED_AT]
    key = _stretch(passphrase, blob[_SALT_AT:_NONCE_AT], cost)
    try:
        return AESGCM(key).decrypt(nonce, blob[_SEALED_AT:], start + ad)
    except InvalidTag:
        raise WrongPassphrase("the passphrase does not open this") from None


def _stretch(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    # The same words typed on another keyboard may arrive composed differently (RFC 8265, 4.2.2).
    # A terminal may hand over bytes that are no text: they still make a passphrase.
    words = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    with _ONE_AT_A_TIME:
        return Argon2id(
            salt=salt,
            length=KEY_BYTES,
            iterations=cost.passes,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive(words)
