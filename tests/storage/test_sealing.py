"""What is sealed opens in its own place only, whole only, and for its reader only."""

from __future__ import annotations

import os
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import (
    STEP,
    Argon2Cost,
    Damaged,
    KeyPair,
    SealError,
    StreamReader,
    StreamWriter,
    Unsupported,
    WrongPassphrase,
    context,
    key_pair_from_seed,
    lock,
    lock_with_passphrase,
    new_key_pair,
    open_with,
    pad,
    public_of,
    seal_to,
    seed_from_code,
    subkey,
    tag,
    unlock,
    unlock_with_passphrase,
    unpad,
)

CHEAP = Argon2Cost(memory_kib=64, passes=1, lanes=1)
KEY = bytes(range(32))
WORDS = "Nobody rang me back. 🕊".encode()
PLACE = context("parts", "body", "concern 1", "part 1")
READER = key_pair_from_seed(b"r" * 32)
OTHER = key_pair_from_seed(b"o" * 32)


def every_flip(blob: bytes):
    for at in range(len(blob)):
        for bit in (0x01, 0x80):
            yield at, blob[:at] + bytes((blob[at] ^ bit,)) + blob[at + 1 :]


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_two_different_places_never_share_a_context(one, other):
    assert (context(*one) == context(*other)) == (one == other)


# Padding


@given(st.binary(max_size=2000))
def test_padding_is_undone_exactly(content):
    assert unpad(pad(content)) == content


@given(st.integers(0, 5000))
def test_padding_shows_length_in_steps_only(length):
    assert len(pad(b"x" * length)) == (length // STEP + 1) * STEP


@pytest.mark.parametrize(
    "never_padded",
    [
        b"",
        bytes(STEP),
        b"\x80",
        b"x" * STEP,
        b"x" * 511 + b"\x81",
        pad(b"x")[:-1],
        pad(b"x") + b"\0",
        pad(b"x") + bytes(STEP),
        b"\x80" + bytes(2 * STEP - 1),
    ],
)
def test_what_padding_never_makes_is_refused(never_padded):
    with pytest.raises(Damaged):
        unpad(never_padded)


# Under a key


@pytest.mark.parametrize("plaintext", [b"", WORDS, os.urandom(3_000_000)])
def test_a_locked_blob_opens_with_its_key_in_its_place(plaintext):
    assert unlock(KEY, lock(KEY, plaintext, PLACE), PLACE) == plaintext


def test_no_changed_bit_of_a_locked_blob_goes_unnoticed():
    for _, changed in every_flip(lock(KEY, WORDS, PLACE)):
        with pytest.raises(SealError):
            unlock(KEY, changed, PLACE)


def test_no_part_of_a_locked_blob_can_be_cut_off_or_added():
    blob = lock(KEY, WORDS, PLACE)
    for shorter in (blob[:length] for length in range(len(blob))):
        with pytest.raises(Damaged):
            unlock(KEY, shorter, PLACE)
    with pytest.raises(Damaged):
        unlock(KEY, blob + b"\0", PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        context("parts", "body", "concern 2", "part 1"),
        context("parts", "body", "concern 1", "part 2"),
        context("parts", "kind", "concern 1", "part 1"),
        context("drafts", "body", "concern 1", "part 1"),
        b"",
    ],
)
def test_a_blob_moved_to_another_row_field_or_table_does_not_open(elsewhere):
    with pytest.raises(Damaged):
        unlock(KEY, lock(KEY, WORDS, PLACE), elsewhere)
    with pytest.raises(Damaged):
        open_with(READER.private, seal_to(READER.public, WORDS, PLACE), elsewhere)


def test_the_wrong_key_opens_nothing():
    with pytest.raises(Damaged):
        unlock(bytes(32), lock(KEY, WORDS, PLACE), PLACE)


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(ValueError):
        lock(bytes(length), WORDS, PLACE)


def test_the_same_words_never_look_the_same_twice():
    assert lock(KEY, WORDS, PLACE) != lock(KEY, WORDS, PLACE)
    assert seal_to(READER.public, WORDS, PLACE) != seal_to(READER.public, WORDS, PLACE)


def test_a_later_format_is_told_from_damage():
    blob = lock(KEY, WORDS, PLACE)
    with pytest.raises(Unsupported, match="version 2"):
        unlock(KEY, b"\2" + blob[1:], PLACE)
    with pytest.raises(Unsupported, match="suite 9"):
        unlock(KEY, b"\1\x09" + blob[2:], PLACE)


def test_a_blob_of_one_suite_is_not_taken_for_another():
    with pytest.raises(Unsupported):
        open_with(READER.private, lock(KEY, bytes(2000), PLACE), PLACE)
    with pytest.raises(Unsupported):
        unlock(KEY, seal_to(READER.public, WORDS, PLACE), PLACE)


def test_each_label_gives_another_key_and_each_field_another_tag():
    assert len({subkey(KEY, "a"), subkey(KEY, "b"), subkey(bytes(32), "a"), KEY}) == 4
    assert len({tag(KEY, "a", "b"), tag(KEY, "ab"), tag(KEY, "a"), tag(bytes(32), "a")}) == 4
    assert tag(KEY, "a", "b") == tag(KEY, b"a", b"b")


# To a reader


@pytest.mark.parametrize("plaintext", [b"", WORDS, os.urandom(1_000_000)])
def test_only_the_reader_opens_what_was_sealed_to_them(plaintext):
    blob = seal_to(READER.public, plaintext, PLACE)
    assert open_with(READER.private, blob, PLACE) == plaintext
    with pytest.raises(Damaged):
        open_with(OTHER.private, blob, PLACE)


def test_no_changed_byte_of_what_was_sealed_to_a_reader_goes_unnoticed():
    blob = seal_to(READER.public, WORDS, PLACE)
    for _, changed in every_flip(blob):
        with pytest.raises(SealError):
            open_with(READER.private, changed, PLACE)


def test_nothing_sealed_to_a_reader_can_be_cut_or_added_to():
    blob = seal_to(READER.public, WORDS, PLACE)
    for length in (0, 1, 2, 33, 1100, len(blob) - 17, len(blob) - 16, len(blob) - 1):
        with pytest.raises(Damaged):
            open_with(READER.private, blob[:length], PLACE)
    with pytest.raises(Damaged):
        open_with(READER.private, blob + b"\0", PLACE)


def test_half_of_one_blob_does_not_open_with_half_of_another():
    one, other = (seal_to(READER.public, WORDS, PLACE) for _ in range(2))
    with pytest.raises(Damaged):
        open_with(READER.private, one[:1122] + other[1122:], PLACE)


@pytest.mark.parametrize(
    "not_a_key",
    [
        b"",
        READER.public[:-1],
        READER.public + b"\0",
        b"\xff" * 1216,
        READER.public[:1184] + bytes(32),
    ],
    ids=["empty", "short", "long", "out of range", "weak point"],
)
def test_a_damaged_public_key_is_never_sealed_to(not_a_key):
    with pytest.raises(Damaged):
        seal_to(not_a_key, WORDS, PLACE)


def test_a_private_half_knows_its_public_half():
    pair = new_key_pair()
    assert public_of(pair.private) == pair.public
    assert new_key_pair() != pair
    with pytest.raises(Damaged):
        public_of(pair.private[:-1])


def test_a_seed_always_gives_the_same_pair():
    assert key_pair_from_seed(b"r" * 32) == READER != OTHER
    with pytest.raises(ValueError):
        key_pair_from_seed(b"short")


# Under a passphrase


def test_a_passphrase_opens_its_secret_and_no_other_place():
    blob = lock_with_passphrase("a quiet river", WORDS, PLACE, CHEAP)
    assert unlock_with_passphrase("a quiet river", blob, PLACE) == WORDS
    for wrong in ("a quiet rivers", "A quiet river", " a quiet river", ""):
        with pytest.raises(WrongPassphrase):
            unlock_with_passphrase(wrong, blob, PLACE)
    with pytest.raises(WrongPassphrase):
        unlock_with_passphrase("a quiet river", blob, context("staff", "another"))


def test_the_real_cost_is_the_default_and_is_written_in_the_blob():
    blob = lock_with_passphrase("a quiet river", WORDS, PLACE)
    assert blob[2:8] == (64 * 1024).to_bytes(4, "big") + bytes((3, 4))
    assert unlock_with_passphrase("a quiet river", blob, PLACE) == WORDS


def test_the_same_letters_from_another_keyboard_open_it():
    blob = lock_with_passphrase("caf\u00e9", WORDS, PLACE, CHEAP)
    assert unlock_with_passphrase("cafe\u0301", blob, PLACE) == WORDS


def test_a_passphrase_that_is_no_text_still_works():
    blob = lock_with_passphrase("caf\udce9", WORDS, PLACE, CHEAP)
    assert unlock_with_passphrase("caf\udce9", blob, PLACE) == WORDS


def test_no_changed_bit_of_a_passphrase_blob_goes_unnoticed():
    for _, changed in every_flip(lock_with_passphrase("a quiet river", b"s", PLACE, CHEAP)):
        with pytest.raises(SealError):
            unlock_with_passphrase("a quiet river", changed, PLACE)


def test_a_changed_cost_cannot_ask_for_all_memory():
    blob = lock_with_passphrase("a quiet river", b"s", PLACE, CHEAP)
    with pytest.raises(Damaged, match="cost"):
        unlock_with_passphrase("a quiet river", blob[:2] + b"\xff\xff\xff\xff" + blob[6:], PLACE)
    with pytest.raises(ValueError):
        lock_with_passphrase("a", b"s", PLACE, Argon2Cost(memory_kib=8, passes=1, lanes=2))


def test_no_error_or_repr_shows_a_key_or_a_word():
    secret = b"SECRETWORDS-0123456789ABCDEFGHIJ"
    pair = KeyPair(private=secret * 3, public=secret)
    assert "SECRET" not in repr(pair)
    stream = StreamWriter(READER.public, PLACE).feed(secret)
    attempts = [
        lambda: unlock(secret, lock(KEY, WORDS, PLACE), PLACE),
        lambda: unlock(secret[:31], lock(KEY, WORDS, PLACE), PLACE),
        lambda: unpad(secret),
        lambda: seal_to(secret, secret, PLACE),
        lambda: open_with(secret, seal_to(READER.public, secret, PLACE), PLACE),
        lambda: open_with(secret * 3, seal_to(READER.public, secret, PLACE), PLACE),
        lambda: unlock_with_passphrase(
            secret.decode(), lock_with_passphrase("x", secret, PLACE, CHEAP), PLACE
        ),
        lambda: seed_from_code(secret.decode()),
        lambda: StreamReader(secret * 3, PLACE).feed(stream),
    ]
    for attempt in attempts:
        with pytest.raises((SealError, ValueError)) as refused:
            attempt()
        shown = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
        assert "SECRETWORDS" not in shown
        assert secret.hex() not in shown
        assert refused.value.__cause__ is None
