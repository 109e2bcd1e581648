"""Numbers of how people are heard: right, and none that leads to a small one."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.measures import FEW, NEARLY_ALL, NOTHING, Days, percentile, share, spread
from bot.casework.working_days import Calendar

DURATIONS = st.lists(st.integers(0, 400), min_size=1, max_size=200)


@given(DURATIONS)
def test_the_half_is_the_lower_median(days):
    assert percentile(Counter(days), 50) == statistics.median_low(days)


@given(DURATIONS, st.integers(1, 100))
def test_a_percentile_is_the_smallest_number_within_which_that_share_was_done(days, percent):
    found = percentile(Counter(days), percent)
    assert found == sorted(days)[math.ceil(len(days) * percent / 100) - 1]
    assert sum(one <= found for one in days) * 100 >= percent * len(days)
    assert sum(one < found for one in days) * 100 < percent * len(days)


@given(st.lists(st.integers(0, 400), min_size=10, max_size=200))
def test_nine_in_ten_lies_beside_what_statistics_says(days):
    """Statistics reckons between two neighbours; ours is one of them."""
    cut = statistics.quantiles(days, n=10, method="inclusive")[-1]
    found, order = percentile(Counter(days), 90), sorted(days)
    below = max(one for one in order if one <= cut)
    above = min(one for one in order if one >= cut)
    assert below <= found <= above


def test_of_nothing_there_is_no_percentile():
    with pytest.raises(ValueError, match="nothing"):
        percentile({}, 50)
    assert spread({}) == (NOTHING, NOTHING)


def test_few_durations_are_not_shown_and_the_ninth_of_few_neither():
    assert spread(Counter([3] * 4)) == (FEW, NOTHING)
    assert spread(Counter([3] * 9)) == ("3", NOTHING)
    assert spread(Counter([3] * 9 + [30])) == ("3", "3")


@given(st.integers(0, 300), st.integers(0, 300))
def test_no_share_tells_of_fewer_than_five_or_of_a_rest_of_fewer(part, rest):
    shown = share(part, part + rest)
    if shown.endswith("%"):
        assert part >= 5 and rest >= 5
        assert abs(int(shown[:-1]) - 100 * part / (part + rest)) <= 2.5
        assert int(shown[:-1]) % 5 == 0
    else:
        assert shown == (NOTHING if not part + rest else FEW if part < 5 else NEARLY_ALL)


@given(st.integers(0, 60), st.integers(0, 60))
def test_working_days_between_two_dates_are_those_that_promises_count(offset, count):
    holiday = date(2026, 12, 25)
    calendar = Calendar("Europe/London", frozenset({holiday}))
    first = date(2026, 11, 1) + timedelta(days=offset)
    assert Days(calendar).working(first, calendar.add_working_days(first, count)) == count


def test_a_date_before_the_first_is_no_day_at_all():
    assert (
        Days(Calendar("Europe/London", frozenset())).working(date(2026, 1, 2), date(2026, 1, 1))
        == 0
    )
