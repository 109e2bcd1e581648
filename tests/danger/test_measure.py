"""The targets of recognising danger hold on messages that nobody looked at while tuning."""

import pytest

from bot.dialogue.danger import Lexicon
from config import danger
from tests.danger.measure import figures, wilson


@pytest.mark.parametrize("part", ["tuning", "locked"])
def test_the_targets_are_met(part):
    size, found = figures(part, Lexicon.of(danger.load("en"), danger.weights("en")))
    assert size > 100
    missed = [figure.line() for figure in found if not figure.met]
    assert not missed


def test_a_recogniser_that_sees_nothing_misses_the_targets():
    _, found = figures("tuning", Lexicon())
    assert [figure.met for figure in found] == [False, False, True, True]


def test_the_interval_is_wilsons():
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)
