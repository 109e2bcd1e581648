"""Whether a line is open is told by UK clocks, on the night the clocks change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from config import hours
from config.wording import Wording

WORDING = Wording.load()
NONE = frozenset()
BOXING_DAY_OFF = frozenset({date(2026, 12, 28)})  # a Monday


def read(*windows, bank_holidays=""):
    problems = []
    found = hours.read(list(windows), bank_holidays, problems)
    assert not problems
    return found


OFFICE = {"days": "mon-fri", "from": "09:00", "until": "18:00"}
NIGHTS = (
    {"days": "mon-thu", "from": "18:00", "until": "02:00"},
    {"days": "fri", "from": "18:00", "until": "06:00", "until_day": "mon"},
)
WEEKDAYS = "(Monday to Friday, 9am to 6pm)."
EVENINGS = {"days": "mon-sun", "from": "17:00", "until": "00:00"}


def at(day, hour, minute=0, *, fold=0):
    return datetime(2026, *day, hour, minute, tzinfo=hours.UK, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at((11, 25), 8, 59), False),  # a Wednesday
        (at((11, 25), 9, 0), True),
        (at((11, 25), 17, 59), True),
        (at((11, 25), 18, 0), False),
        (at((11, 28), 12, 0), False),  # a Saturday
        (datetime(2026, 7, 1, 8, 30, tzinfo=UTC), True),  # half past nine in summer time
        (datetime(2026, 11, 25, 8, 30, tzinfo=UTC), False),
    ],
)
def test_a_line_is_open_in_its_hours_by_uk_time(moment, is_open):
    assert read(OFFICE).open_at(moment, NONE) is is_open


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at((11, 24), 1, 59), True),  # Tuesday, the night of Monday
        (at((11, 24), 2, 0), False),
        (at((11, 27), 17, 59), False),
        (at((11, 28), 12, 0), True),  # Saturday noon
        (at((11, 30), 5, 59), True),  # Monday morning
        (at((11, 30), 6, 0), False),
    ],
)
def test_a_line_may_be_open_past_midnight_and_through_a_weekend(moment, is_open):
    assert read(*NIGHTS).open_at(moment, NONE) is is_open


def test_the_night_on_which_the_clocks_go_back_has_both_of_its_hours():
    line = read({"days": "sat", "from": "23:00", "until": "02:00"})
    assert line.open_at(at((10, 25), 1, 30), NONE)
    assert line.open_at(at((10, 25), 1, 30, fold=1), NONE)
    assert not line.open_at(at((10, 25), 2, 0), NONE)


def test_the_night_on_which_the_clocks_go_forward_loses_one():
    line = read({"days": "sun", "from": "03:00", "until": "04:00"})
    assert line.next_opening(at((3, 28), 22), NONE) == datetime(2026, 3, 29, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "moment", "said"),
    [
        (read(OFFICE), at((11, 25), 10), f"Open now {WEEKDAYS}"),
        (read(OFFICE), at((11, 25), 7), f"Closed now, opens today at 9am {WEEKDAYS}"),
        (read(OFFICE), at((11, 25), 20), f"Closed now, opens tomorrow at 9am {WEEKDAYS}"),
        (read(OFFICE), at((11, 28), 20), f"Closed now, opens Monday at 9am {WEEKDAYS}"),
        (read(EVENINGS), at((11, 28), 20), "Open now (every day, 5pm to midnight)."),
        (
            read(*NIGHTS),
            at((11, 28), 20),
            "Open now (Monday to Thursday, 6pm to 2am, and Friday 6pm to Monday 6am).",
        ),
        (read(OFFICE), None, "Open Monday to Friday, 9am to 6pm."),
    ],
)
def test_hours_are_said_in_words_with_open_or_closed(line, moment, said):
    assert line.words(WORDING, moment, NONE) == said


def test_on_a_bank_holiday_nothing_is_claimed_that_no_source_says():
    monday = at((12, 28), 10)
    silent = read(OFFICE)
    assert silent.words(WORDING, monday, BOXING_DAY_OFF).startswith("May be closed today")
    assert not silent.open_at(monday, BOXING_DAY_OFF)
    sunday = silent.words(WORDING, at((12, 27), 10), BOXING_DAY_OFF)
    assert sunday.startswith("Closed now, opens Tuesday at 9am")
    shut = read(OFFICE, bank_holidays="closed").words(WORDING, monday, BOXING_DAY_OFF)
    assert shut.startswith("Closed now, opens tomorrow at 9am")
    assert read(OFFICE, bank_holidays="open").open_at(monday, BOXING_DAY_OFF)


def test_half_hours_are_said_as_people_say_them():
    assert WORDING.clock(time(9, 30)) == "9:30am"
    assert WORDING.clock(time(16)) == "4pm"


@pytest.mark.parametrize(
    "given",
    [
        "weekdays",
        [],
        [{"days": "mon-fri"}],
        [{"days": "fri-mon", "from": "09:00", "until": "17:00"}],
        [{"days": "monday", "from": "09:00", "until": "17:00"}],
        [{"days": "mon-fri", "from": "9am", "until": "17:00"}],
        [{"days": "mon-fri", "from": "09:00", "until": "17:00", "until_day": "sat"}],
        [{"days": "mon", "from": "09:00", "until": "17:00", "to": "18:00"}],
    ],
)
def test_hours_that_cannot_be_understood_are_refused(given):
    problems = []
    hours.read(given, "", problems)
    assert "hours is" in problems[0]


def test_bank_holidays_are_open_closed_or_left_out():
    problems = []
    hours.read([OFFICE], "maybe", problems)
    assert "bank_holidays" in problems[0]
