"""A stream opens whole or not at all: nothing of it can be cut, moved or added."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sealing import (
    CHUNK_BYTES,
    Damaged,
    KeyPair,
    SealError,
    StreamReader,
    StreamWriter,
    context,
    key_pair_from_seed,
)

WORDS = "Nobody rang me back. 🕊".encode()
PLACE = context("parts", "body", "concern 1", "part 1")
READER = key_pair_from_seed(b"r" * 32)
OTHER = key_pair_from_seed(b"o" * 32)


def sealed_stream(plaintext: bytes, reader: KeyPair = READER, info: bytes = PLACE) -> bytes:
    writer = StreamWriter(reader.public, info)
    return writer.feed(plaintext) + writer.finish()


def opened_stream(sealed: bytes, reader: KeyPair = READER, info: bytes = PLACE) -> bytes:
    stream = StreamReader(reader.private, info)
    return stream.feed(sealed) + stream.finish()


SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 5_000_000]


@pytest.mark.parametrize("size", SIZES)
def test_a_stream_of_any_size_opens_whole(size):
    plaintext = os.urandom(size)
    assert opened_stream(sealed_stream(plaintext)) == plaintext


@settings(max_examples=30)
@given(st.lists(st.integers(0, 90_000), max_size=6), st.integers(1, 70_000))
def test_a_stream_does_not_care_in_what_pieces_it_comes(pieces, step):
    writer = StreamWriter(READER.public, PLACE)
    plaintext = b"".join(bytes((n % 251,)) * size for n, size in enumerate(pieces))
    sealed = b"".join([writer.feed(bytes((n % 251,)) * size) for n, size in enumerate(pieces)])
    sealed += writer.finish()
    reader = StreamReader(READER.private, PLACE)
    opened = b"".join(reader.feed(sealed[at : at + step]) for at in range(0, len(sealed), step))
    assert opened + reader.finish() == plaintext


SEALED = sealed_stream(os.urandom(3 * CHUNK_BYTES + 100))
START = len(sealed_stream(b"")) - 16
CHUNKS = [SEALED[at : at + CHUNK_BYTES + 16] for at in range(START, len(SEALED), CHUNK_BYTES + 16)]


@settings(max_examples=60)
@given(st.integers(0, len(SEALED) - 1))
def test_a_stream_cut_anywhere_is_refused(length):
    with pytest.raises(Damaged):
        opened_stream(SEALED[:length])


@settings(max_examples=60)
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_a_stream_changed_anywhere_is_refused(at, change):
    with pytest.raises(SealError):
        opened_stream(SEALED[:at] + bytes((SEALED[at] ^ change,)) + SEALED[at + 1 :])


@given(st.lists(st.integers(0, 3), max_size=6))
def test_chunks_left_out_doubled_or_moved_are_refused(order):
    moved = b"".join(CHUNKS[n] for n in order)
    if order == [0, 1, 2, 3]:
        assert len(opened_stream(SEALED[:START] + moved)) == 3 * CHUNK_BYTES + 100
    else:
        with pytest.raises(Damaged):
            opened_stream(SEALED[:START] + moved)


def test_a_stream_cut_between_chunks_is_refused():
    for kept in range(len(CHUNKS)):
        with pytest.raises(Damaged):
            opened_stream(SEALED[:START] + b"".join(CHUNKS[:kept]))


@pytest.mark.parametrize("more", [b"\0", b"\0" * 16, SEALED[-116:], SEALED[START:], SEALED])
def test_nothing_can_be_added_to_a_stream(more):
    with pytest.raises(Damaged):
        opened_stream(SEALED + more)


def test_a_chunk_of_another_stream_does_not_fit():
    other = sealed_stream(os.urandom(3 * CHUNK_BYTES + 100))
    with pytest.raises(Damaged):
        opened_stream(SEALED[:START] + CHUNKS[0] + other[START + len(CHUNKS[0]) :])
    with pytest.raises(Damaged):
        opened_stream(other[:START] + SEALED[START:])


def test_a_stream_opens_for_its_reader_and_purpose_only():
    sealed = sealed_stream(WORDS)
    with pytest.raises(Damaged):
        opened_stream(sealed, reader=OTHER)
    with pytest.raises(Damaged):
        opened_stream(sealed, info=context("something else"))
