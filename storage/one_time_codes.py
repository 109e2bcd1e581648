"""Codes that work once: those that a phone shows (TOTP, RFC 6238) and those on paper for the day
the phone is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from storage.blobs import context

SECRET_BYTES: Final = 20  # RFC 4226, section 4, R6
DIGITS: Final = 6
STEP_SECONDS: Final = 30  # RFC 6238, section 5.2; phones know no other
WINDOW: Final = 1  # steps that a phone's clock may be off, either way
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that looks like a digit
_GROUPS: Final = 3
_LETTERS: Final = 4
_HASH_BYTES: Final = 16


def new_secret(random: Callable[[int], bytes] = os.urandom) -> bytes:
    """What the phone and Heard share."""
    return random(SECRET_BYTES)


def step_of(secret: bytes, code: str, at: float, after: int) -> int | None:
    """The time step whose code this is, or None. `at`: seconds since 1970, of the real clock.

    Steps up to `after` are used and count no more, so that a code works once (RFC 6238, 5.2).
    """
    given, now = "".join(code.split()).encode(), int(at) // STEP_SECONDS
    found = None
    for step in range(now - WINDOW, now + WINDOW + 1):
        same = hmac.compare_digest(_totp(secret).generate(step * STEP_SECONDS), given)
        if same and step > after:
            found = step
    return found


def address(secret: bytes, account: str, issuer: str) -> str:
    """What the picture for the phone says (otpauth://)."""
    # A colon parts issuer and account in it.
    return _totp(secret).get_provisioning_uri(account.replace(":", " "), issuer.replace(":", " "))


def spelled_out(secret: bytes) -> str:
    """The secret for whoever types it: groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 58 bits each, to be kept on paper."""
    return tuple("-".join(_group() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES))


def recovery_hash(staff_id: str, code: str) -> bytes:
    """What is kept of a recovery code; how it was typed does not matter."""
    plain = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    return hashlib.sha256(context("recovery code", staff_id, plain)).digest()[:_HASH_BYTES]


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))


def _totp(secret: bytes) -> TOTP:
    # SHA-1 because the common apps for phones know no other; as an HMAC it is sound (RFC 6238).
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
