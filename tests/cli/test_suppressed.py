"""No small number is printed, and none can be had from what is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.admin.suppressed import HIDDEN, LEAST, safe

PARTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=1)


def test_small_numbers_and_noughts_are_hidden_and_others_rounded():
    shown, total = safe({"elm": 12, "oak": 4, "ash": 1, "yew": 0, "fir": 13})
    assert shown == {"elm": "10", "oak": HIDDEN, "ash": HIDDEN, "yew": HIDDEN, "fir": "15"}
    assert total == "30"


def test_one_hidden_number_takes_the_smallest_other_with_it():
    assert safe({"elm": 3, "oak": 30, "ash": 9}) == (
        {"elm": HIDDEN, "oak": "30", "ash": HIDDEN},
        "40",
    )


def test_hidden_numbers_that_are_few_together_take_another_with_them():
    shown, _ = safe({"elm": 1, "oak": 2, "ash": 9, "yew": 20})
    assert shown == {"elm": HIDDEN, "oak": HIDDEN, "ash": HIDDEN, "yew": "20"}


def test_a_nought_alone_hides_nobody_else():
    assert safe({"elm": 0, "oak": 30, "ash": 9}) == (
        {"elm": HIDDEN, "oak": "30", "ash": "10"},
        "40",
    )


def test_a_total_that_is_small_is_hidden():
    assert safe({"elm": 2, "oak": 2}) == ({"elm": HIDDEN, "oak": HIDDEN}, HIDDEN)
    assert safe({"elm": 4}) == ({"elm": HIDDEN}, HIDDEN)


@settings(deadline=None)
@given(PARTS)
def test_nothing_under_five_is_ever_printed(parts):
    shown, total = safe(parts)
    for name, n in parts.items():
        assert (
            shown[name] == HIDDEN if n < LEAST else shown[name] in {HIDDEN, str(5 * round(n / 5))}
        )
    assert (total == HIDDEN) == (sum(parts.values()) < LEAST)


@settings(deadline=None)
@given(PARTS)
def test_even_with_exact_numbers_no_small_one_could_be_worked_out(parts):
    """As if the totals and everything printed were known to the last one."""
    shown, total = safe(parts)
    hidden = [n for name, n in parts.items() if shown[name] == HIDDEN]
    if total == HIDDEN or not any(0 < n < LEAST for n in hidden):
        return
    real = [n for n in hidden if n]
    everything_is_hidden = len(hidden) == len(parts)
    assert (len(real) >= 2 and sum(real) >= LEAST) or everything_is_hidden


@settings(deadline=None)
@given(PARTS)
def test_who_is_left_over_does_not_depend_on_the_order(parts):
    assert safe(dict(reversed(parts.items())))[0] == safe(parts)[0]
