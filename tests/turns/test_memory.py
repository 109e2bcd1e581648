"""What is remembered of a chat comes back as it was, and strange bytes are told from it."""

from __future__ import annotations

import json

import pytest

from bot.dialogue.model import Talk
from bot.turns.memory import Memory, UnreadableMemoryError, own_bytes, recall, talk_bytes

FULL = Memory(
    Talk(
        at="check",
        step=7,
        parts=3,
        topic="hurt",
        place="rowan",
        kept_from=("a" * 32, "b" * 32),
        kept_from_words="the man\nwith \u201cquotes\u201d \U0001f600",
        about="c" * 32,
        trail=("saved", "kept"),
    ),
    ("d" * 32, "e" * 32),
)


@pytest.mark.parametrize("memory", [Memory(), FULL])
def test_what_is_kept_comes_back_as_it_was(memory):
    assert recall(talk_bytes(memory), own_bytes(memory)) == memory


def test_nothing_kept_is_a_fresh_start():
    assert recall(b"", b"") == Memory()


def test_each_half_stands_alone():
    """A restore brings back what a person owns, and no talk."""
    assert recall(b"", own_bytes(FULL)) == Memory(Talk(), FULL.concerns)
    assert recall(talk_bytes(FULL), b"") == Memory(FULL.talk)


def test_what_another_version_kept_besides_is_left_out():
    talk = json.loads(talk_bytes(FULL)) | {"mood": "fine"}
    assert recall(json.dumps(talk).encode(), own_bytes(FULL)) == FULL


def test_concerns_stay_in_the_order_of_sending():
    assert Memory().owning("first").owning("second").concerns == ("first", "second")


@pytest.mark.parametrize("bad", [b"{", b"[]", b"7", b"\xff\xfe", b'{"trail": 5}'])
def test_bytes_that_we_did_not_write_are_refused_without_their_words(bad):
    with pytest.raises(UnreadableMemoryError) as error:
        recall(bad, b"")
    assert bad.decode(errors="replace") not in str(error.value)


@pytest.mark.parametrize("bad", [b"[]", b'{"concerns": 5}', b"\xff"])
def test_what_a_person_owns_is_checked_as_well(bad):
    with pytest.raises(UnreadableMemoryError):
        recall(b"", bad)
