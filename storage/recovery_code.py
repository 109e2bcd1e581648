"""The recovery key as a code that two people can write down, keep for years and type again."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from storage.blobs import SealError
from storage.key_pairs import SEED_BYTES

# Douglas Crockford's base32: no I, L, O or U, because they are misread.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_CROCKFORD = str.maketrans(_RFC4648, _ALPHABET)
_FROM_CROCKFORD = str.maketrans(_ALPHABET, _RFC4648)
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CHECK_BYTES = 3
_GROUP = 4
_LENGTH = (SEED_BYTES + _CHECK_BYTES) * 8 // 5
GROUPS = _LENGTH // _GROUP
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212_.,]+")


class WrongCode(SealError):
    """The code was not typed as it was printed; `group` (from 1) looks wrong, if one does."""

    def __init__(self, why: str, group: int | None = None) -> None:
        super().__init__(why)
        self.group = group


def recovery_code(seed: bytes) -> str:
    """Write a 32-byte seed as 14 groups of 4 characters, the last ones a checksum."""
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    letters = base64.b32encode(seed + _crc24(seed)).decode().translate(_TO_CROCKFORD)
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def seed_from_code(code: str) -> bytes:
    """Read a code typed by a person: any case, any gaps, O for 0, I or L for 1.

    Raises WrongCode. One wrong character, two neighbours swapped, or one wrong group is always
    noticed, because CRC-24 finds every burst of up to 24 bits.
    """
    groups = [part for part in _SEPARATORS.split(code.upper().translate(_MISREAD)) if part]
    letters = "".join(groups)
    for at, letter in enumerate(letters):
        if letter not in _ALPHABET:
            raise _wrong(at // _GROUP + 1, "holds a character that no code has")
    if len(letters) != _LENGTH:
        raise _wrong_length(groups, len(letters))
    seed = _read(letters)
    if seed is None:
        suspects = {group for group, changed in _near(letters) if _read(changed) is not None}
        if len(suspects) == 1:
            raise _wrong(suspects.pop(), "looks wrong")
        raise WrongCode("The code has more than one mistake. Compare every group and try again.")
    return seed


def _read(letters: str) -> bytes | None:
    raw = base64.b32decode(letters.translate(_FROM_CROCKFORD))
    seed, check = raw[:SEED_BYTES], raw[SEED_BYTES:]
    return seed if _crc24(seed) == check else None


def _near(letters: str) -> Iterator[tuple[int, str]]:
    """Every code one mistake away, with the group where that mistake would be."""
    for at, was in enumerate(letters):
        group = at // _GROUP + 1
        for letter in _ALPHABET:
            if letter != was:
                yield group, letters[:at] + letter + letters[at + 1 :]
        swapped = letters[:at] + letters[at : at + 2][::-1] + letters[at + 2 :]
        if swapped != letters:
            yield group, swapped


def _crc24(content: bytes) -> bytes:
    """CRC-24 as in OpenPGP (RFC 9580, 6.1.1)."""
    register = 0xB704CE
    for byte in content:
        register ^= byte << 16
        for _ in range(8):
            register <<= 1
            if register & 0x1000000:
                register ^= 0x1864CFB
    return register.to_bytes(_CHECK_BYTES, "big")


def _wrong(group: int, what: str) -> WrongCode:
    return WrongCode(f"Group {group} of the code {what}. Compare it and try again.", group)


def _wrong_length(groups: list[str], length: int) -> WrongCode:
    if len(groups) == GROUPS:
        for number, part in enumerate(groups, start=1):
            if len(part) != _GROUP:
                return _wrong(number, f"has {len(part)} characters instead of {_GROUP}")
    return WrongCode(f"The code has {_LENGTH} characters in {GROUPS} groups; {length} were typed.")
