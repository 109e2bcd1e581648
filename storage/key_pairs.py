"""Sealing to a reader's public key, so that whoever seals cannot open it again."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
)
from cryptography.hazmat.primitives.hpke import Suite as HpkeSuite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.blobs import (
    HEADER_BYTES,
    TAG_BYTES,
    Damaged,
    Suite,
    check_header,
    context,
    header,
)

# FIPS 203, table 3 (ML-KEM-768 encapsulation key and seed d||z) and RFC 7748 (32-byte X25519).
_MLKEM_PUBLIC, _MLKEM_SEED, _X25519 = 1184, 64, 32
PUBLIC_BYTES = _MLKEM_PUBLIC + _X25519
PRIVATE_BYTES = _MLKEM_SEED + _X25519
SEED_BYTES = 32
_HPKE = HpkeSuite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ENC_BYTES = KEM.MLKEM768_X25519.enc_length()
SEALED_EXTRA = HEADER_BYTES + _ENC_BYTES + TAG_BYTES


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Raw halves: `private` is the ML-KEM seed then the X25519 key, `public` likewise."""

    private: bytes = field(repr=False)
    public: bytes = field(repr=False)


def new_key_pair() -> KeyPair:
    """A fresh hybrid ML-KEM-768 + X25519 key pair."""
    return _pair(os.urandom(PRIVATE_BYTES))


def key_pair_from_seed(seed: bytes) -> KeyPair:
    """The one key pair that belongs to a 32-byte seed (expanded by HKDF-SHA256, RFC 5869)."""
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    info = context("key pair from seed")
    return _pair(HKDF(algorithm=SHA256(), length=PRIVATE_BYTES, salt=None, info=info).derive(seed))


def public_of(private: bytes) -> bytes:
    """The public half that belongs to `private`. Raises Damaged when it is not a private half."""
    mlkem_key, x25519_key = _private_parts(private)
    return mlkem_key.public_key().public_bytes_raw() + x25519_key.public_key().public_bytes_raw()


def seal_to(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seal to a public half (HPKE base mode, RFC 9180); only its private half opens it.

    Adds 1,138 bytes and shows the length: pad what people write. Raises Damaged when `public` is
    not a public key.
    """
    start = header(Suite.READER)
    try:
        return start + _HPKE.encrypt(plaintext, _public_key(public), info=start + info)
    except ValueError:
        raise Damaged("this public key cannot be sealed to") from None


class Opener:
    """A private half made ready once, for whoever opens much with it: getting it ready takes longer
    than opening. Raises Damaged for what is no private key."""

    def __init__(self, private: bytes) -> None:
        self._key = MLKEM768X25519PrivateKey(*_private_parts(private))

    def open(self, blob: bytes, info: bytes) -> bytes:
        """Open what `seal_to` made for this key pair and `info`. Raises Damaged or Unsupported."""
        check_header(blob, Suite.READER)
        if len(blob) < SEALED_EXTRA:
            raise Damaged("sealed bytes are cut off")
        try:
            return _HPKE.decrypt(blob[HEADER_BYTES:], self._key, info=header(Suite.READER) + info)
        # The KEM can refuse a changed encapsulation (ValueError) before the tag is looked at.
        except (InvalidTag, ValueError):
            raise Damaged("does not open with this key in this place") from None


def open_with(private: bytes, blob: bytes, info: bytes) -> bytes:
    """Open what `seal_to` made for this key pair and `info`. Raises Damaged or Unsupported."""
    check_header(blob, Suite.READER)
    return Opener(private).open(blob, info)


def _pair(private: bytes) -> KeyPair:
    return KeyPair(private=private, public=public_of(private))


def _private_parts(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(private) != PRIVATE_BYTES:
        raise Damaged("not a private key")
    return (
        MLKEM768PrivateKey.from_seed_bytes(private[:_MLKEM_SEED]),
        X25519PrivateKey.from_private_bytes(private[_MLKEM_SEED:]),
    )


@lru_cache(maxsize=256)
def _public_key(public: bytes) -> MLKEM768X25519PublicKey:
    """Parsed public keys are kept: the same few readers are sealed to over and over."""
    if len(public) != PUBLIC_BYTES:
        raise Damaged("not a public key")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
    )
