"""The one door to all cryptography: bytes in, bytes out, no files and no database.

Nothing else calls a primitive, so this list is all that a reviewer has to follow.
"""

from __future__ import annotations

from storage.blobs import (
    KEY_BYTES,
    STEP,
    Damaged,
    SealError,
    Unsupported,
    WrongPassphrase,
    context,
    lock,
    pad,
    subkey,
    tag,
    unlock,
    unlock_any,
    unpad,
)
from storage.key_pairs import (
    PRIVATE_BYTES,
    PUBLIC_BYTES,
    SEED_BYTES,
    KeyPair,
    Opener,
    key_pair_from_seed,
    new_key_pair,
    open_with,
    public_of,
    seal_to,
)
from storage.passphrase import Argon2Cost, lock_with_passphrase, unlock_with_passphrase
from storage.recovery_code import WrongCode, recovery_code, seed_from_code
from storage.stream import CHUNK_BYTES, StreamReader, StreamWriter

__all__ = [
    "CHUNK_BYTES",
    "KEY_BYTES",
    "PRIVATE_BYTES",
    "PUBLIC_BYTES",
    "SEED_BYTES",
    "STEP",
    "Argon2Cost",
    "Damaged",
    "KeyPair",
    "Opener",
    "SealError",
    "StreamReader",
    "StreamWriter",
    "Unsupported",
    "WrongCode",
    "WrongPassphrase",
    "context",
    "key_pair_from_seed",
    "lock",
    "lock_with_passphrase",
    "new_key_pair",
    "open_with",
    "pad",
    "public_of",
    "recovery_code",
    "seal_to",
    "seed_from_code",
    "subkey",
    "tag",
    "unlock",
    "unlock_any",
    "unlock_with_passphrase",
    "unpad",
]
