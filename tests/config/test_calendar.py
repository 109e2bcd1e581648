"""Bank holidays and the rules of each nation."""

from __future__ import annotations

from datetime import date

import pytest

from bot.casework.promises import Clocks
from config.calendar import bank_holidays
from config.nations import NationError, load_nation


def test_englands_bank_holidays_of_2026_are_those_on_gov_uk():
    found = {day for day in bank_holidays("england", 2026) if day.year == 2026}
    assert found - {date(2026, 12, 26)} == {
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 4),
        date(2026, 5, 25),
        date(2026, 8, 31),
        date(2026, 12, 25),
        date(2026, 12, 28),
    }


def test_the_years_before_and_after_are_known_too():
    assert {day.year for day in bank_holidays("england", 2026)} == {2025, 2026, 2027, 2028, 2029}


def test_nations_differ():
    assert date(2026, 1, 2) in bank_holidays("scotland", 2026)
    assert date(2026, 7, 13) in bank_holidays("northern-ireland", 2026)
    assert date(2026, 1, 2) not in bank_holidays("england", 2026)


def test_england_is_what_casework_holds_by_default():
    england, clocks = load_nation("england"), Clocks()
    assert england.acknowledge_working_days == clocks.acknowledge_working_days == 3
    assert england.answer_days == clocks.answer_days
    assert england.answer_in_working_days == clocks.answer_in_working_days
    assert england.explain_months == clocks.explain_months
    assert england.ways == clocks.ways


@pytest.mark.parametrize("name", ["scotland", "northern-ireland"])
def test_the_other_nations_count_answers_in_working_days(name):
    assert load_nation(name).answer_in_working_days
    assert load_nation(name).source


def test_wales_has_no_clocks_until_they_are_confirmed():
    with pytest.raises(NationError, match="not confirmed"):
        load_nation("wales")


def test_an_unknown_nation_is_refused_with_the_known_ones():
    with pytest.raises(NationError, match="england, northern-ireland, scotland, wales"):
        load_nation("mars")


def test_a_misspelt_value_is_refused(tmp_path):
    file = tmp_path / "nations.toml"
    file.write_text(
        '[x]\nsubdivision="ENG"\nways="w"\nsource="s"\nacknowledge_working_days=3\nanswer_days=7\n'
        "answer_in_working_days=false\nexplain_month=6\n"
    )
    with pytest.raises(NationError, match="explain_month"):
        load_nation("x", file)
