"""Numbers of few people stay hidden, from whoever can add and take away too."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.small_numbers import FEWEST, Hidden, alone, guarded

COUNTS = st.dictionaries(
    st.sampled_from("abcde"), st.integers(min_value=0, max_value=12), min_size=1
)


def possible(counts, shown) -> dict[str, set[int]]:
    """By trying everything: what each hidden number may be, for one who knows the sum."""
    total = sum(counts.values())
    hidden = [name for name in counts if not isinstance(shown[name], int)]
    ranges = [
        range(FEWEST) if shown[name] is Hidden.FEW else range(FEWEST, total + 1) for name in hidden
    ]
    rest = total - sum(value for value in shown.values() if isinstance(value, int))
    found: dict[str, set[int]] = {name: set() for name in hidden}
    for values in product(*ranges):
        if sum(values) == rest:
            for name, value in zip(hidden, values, strict=True):
                found[name].add(value)
    return found


@given(COUNTS)
def test_a_small_number_may_still_be_any_small_number(counts):
    shown = guarded(counts)
    if shown is None:
        assert any(count < FEWEST for count in counts.values())
        return
    for name, values in possible(counts, shown).items():
        if shown[name] is Hidden.FEW:
            assert values == set(range(FEWEST))


@given(COUNTS)
def test_no_word_is_false_and_every_name_is_there(counts):
    for shown in (guarded(counts), alone(counts)):
        if shown is not None:
            assert shown.keys() == counts.keys()
            for name, count in counts.items():
                assert (shown[name] is Hidden.FEW) == (count < FEWEST)
                assert not isinstance(shown[name], int) or shown[name] == count


def test_the_sum_gives_no_single_small_number_away():
    assert guarded({"a": 20, "b": 9, "c": 2}) == {
        "a": 20,
        "b": Hidden.BESIDE,
        "c": Hidden.FEW,
    }


def test_small_numbers_that_hide_each_other_need_no_other():
    shown = guarded({"a": 20, "b": 9, "c": 2, "d": 3, "e": 1})
    assert shown == {"a": 20, "b": 9, "c": Hidden.FEW, "d": Hidden.FEW, "e": Hidden.FEW}


@pytest.mark.parametrize("counts", [{"a": 3}, {"a": 4, "b": 4}, {"a": 0, "b": 0}, {"a": 5, "b": 1}])
def test_what_cannot_be_hidden_is_not_shown_at_all(counts):
    assert guarded(counts) is None


def test_large_numbers_are_shown_as_they_are():
    assert guarded({"a": 5, "b": 17}) == {"a": 5, "b": 17}
