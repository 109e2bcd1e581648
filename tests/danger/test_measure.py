"""The targets of recognising danger hold on messages that nobody looked at while tuning."""

import hashlib
import json
from pathlib import Path

import pytest

from bot.dialogue.answers import plain
from bot.dialogue.danger import Lexicon
from config import danger
from tests.danger.measure import figures, wilson


@pytest.mark.parametrize("part", ["tuning", "locked"])
def test_the_targets_are_met(part):
    size, found = figures(part, Lexicon.of(danger.load("en"), danger.weights("en")))
    assert size > 100
    missed = [figure.line() for figure in found if not figure.met]
    assert not missed


def test_the_locked_part_is_the_one_that_was_locked():
    folder = Path(__file__).parent / "labelled"
    digest = hashlib.sha256((folder / "locked.jsonl").read_bytes()).hexdigest()
    assert f"`{digest}`" in (folder / "README.md").read_text(encoding="utf-8")


def test_nothing_of_the_locked_part_was_learnt_from():
    folder = Path(__file__).parent / "labelled"
    locked, *learnt = (
        {_folded(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()}
        for name in ("locked", "tuning", "extra")
    )
    assert len(locked) == 487
    assert [len(part & locked) for part in learnt] == [0, 0]


def _folded(line: str) -> tuple[str, ...]:
    """What a message says, without case and marks."""
    said = json.loads(line)
    return tuple(plain(one) for one in said.get("texts") or [said["text"]])


def test_a_recogniser_that_sees_nothing_misses_the_targets():
    _, found = figures("tuning", Lexicon())
    assert [figure.met for figure in found] == [False, False, True, True]


def test_the_interval_is_wilsons():
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)
