"""Working days and daytime, over weekends, bank holidays and changed clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.casework.life import promised_dates
from bot.casework.promises import Clocks
from tests.casework.cases import CALENDAR, at


@pytest.mark.parametrize(
    ("sent", "acknowledge", "answer"),
    [
        ("2026-03-02", "2026-03-05", "2026-03-09"),  # a Monday
        ("2026-03-05", "2026-03-10", "2026-03-12"),  # over a weekend
        ("2026-03-07", "2026-03-11", "2026-03-13"),  # a Saturday: the 14th is one too
        ("2026-04-02", "2026-04-09", "2026-04-09"),  # Easter: Friday 3 and Monday 6 April
        ("2026-12-24", "2026-12-31", "2026-12-31"),  # Christmas: 25, 26 (observed 28)
        ("2026-12-31", "2027-01-06", "2027-01-07"),  # New Year
    ],
)
def test_receipt_dates_are_working_days(sent, acknowledge, answer):
    dates = promised_dates(CALENDAR, at(sent))
    assert dates == (date.fromisoformat(acknowledge), date.fromisoformat(answer))


def test_late_in_the_evening_is_still_that_day():
    assert promised_dates(CALENDAR, at("2026-06-01", 23, 50)) == promised_dates(
        CALENDAR, at("2026-06-01", 0, 10)
    )


def test_a_nation_may_count_answers_in_working_days():
    scotland = Clocks(answer_days=5, answer_in_working_days=True)
    assert promised_dates(CALENDAR, at("2026-03-05"), scotland)[1] == date(2026, 3, 12)
    assert promised_dates(CALENDAR, at("2026-03-02"), Clocks(answer_days=1))[1] == date(2026, 3, 5)


@pytest.mark.parametrize(("day", "utc_hour"), [("2026-03-27", 16), ("2026-03-30", 15)])
def test_the_contact_hour_follows_the_clocks_in_march(day, utc_hour):
    moment = CALENDAR.at_contact_time(date.fromisoformat(day))
    assert (moment.hour, moment.tzinfo) == (utc_hour, UTC)


@pytest.mark.parametrize(("day", "utc_hour"), [("2026-10-23", 15), ("2026-10-26", 16)])
def test_the_contact_hour_follows_the_clocks_in_october(day, utc_hour):
    assert CALENDAR.at_contact_time(date.fromisoformat(day)).hour == utc_hour


@pytest.mark.parametrize(
    ("moment", "rings"),
    [
        (at("2026-03-02", 9), at("2026-03-02", 9)),
        (at("2026-03-02", 19, 59), at("2026-03-02", 19, 59)),
        (at("2026-03-02", 20), at("2026-03-03", 9)),
        (at("2026-03-02", 3), at("2026-03-02", 9)),
        (at("2026-03-28", 23), datetime(2026, 3, 29, 8, tzinfo=UTC)),  # the clocks go forward
        (at("2026-10-24", 23), datetime(2026, 10, 25, 9, tzinfo=UTC)),  # and back
    ],
)
def test_no_phone_rings_at_night(moment, rings):
    assert CALENDAR.by_day(moment) == rings


def test_a_date_is_kept_on_the_last_working_day_by_then():
    friday, saturday, sunday = date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 15)
    assert CALENDAR.contact_on(sunday, after=date(2026, 3, 9)) == friday
    assert CALENDAR.contact_on(saturday, after=friday) == date(2026, 3, 16)
