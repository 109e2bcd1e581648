"""The key that signs the audit's heads: whoever rewrites the database alone cannot sign for it."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.durable_files import write_new
from storage.secrets import AUDIT, read_keys

PUBLIC_BYTES: Final = 32
_SEED_BYTES: Final = 32
_GROUP: Final = 4
_SIGNER_LETTERS: Final = 8  # 40 bits tell our own few keys apart; signatures are what is trusted
_RFC4648: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD: Final = str.maketrans(_RFC4648, _CROCKFORD)


@dataclass(frozen=True, slots=True)
class AuditKey:
    """An Ed25519 key (RFC 8032). Printing it shows no key."""

    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def sign(self, said: bytes) -> bytes:
        return self._private.sign(said)


def load(folder: Path) -> AuditKey | None:
    """The key in a folder of secrets; None when there is none yet. Raises SecretsError for one that
    is damaged."""
    found = every(folder)
    return found[0] if found else None


def every(folder: Path) -> list[AuditKey]:
    """The keys in a folder of secrets, the one that signs first: two while it is being replaced."""
    path = folder / AUDIT
    if not path.exists():
        return []
    seeds = read_keys(path, _SEED_BYTES)
    return [AuditKey(Ed25519PrivateKey.from_private_bytes(seed)) for seed in seeds]


def make(folder: Path) -> AuditKey:
    """A new key, on disk before this returns. Raises FileExistsError rather than replace one."""
    seed = os.urandom(_SEED_BYTES)
    write_new(folder / AUDIT, seed)
    return AuditKey(Ed25519PrivateKey.from_private_bytes(seed))


def signed_by(public: bytes, signature: bytes, said: bytes) -> bool:
    """Whether the owner of this public half signed exactly this."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, said)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """A public half as people compare it."""
    return in_groups(hashlib.sha256(public).digest())[: _SIGNER_LETTERS + 1]


def in_groups(raw: bytes) -> str:
    """Bytes in Crockford's base32, in groups of four."""
    letters = base64.b32encode(raw).decode().rstrip("=").translate(_TO_CROCKFORD)
    return in_fours(letters)


def in_fours(letters: str) -> str:
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))
