"""A wrong number can cost a life, so the contacts are checked in every way we can."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config import contacts, kinds
from config.contacts import ContactsError
from config.wording import Wording

ROOT = Path(__file__).parents[2]
DATA = {".po", ".toml", ".txt", ".md", ".html", ".js", ".json", ".css", ".svg", ".csv", ".tsv"}
NIGHT = datetime(2026, 11, 25, 1, tzinfo=UTC)  # a Wednesday, one in the morning
DAY = datetime(2026, 11, 25, 12, tzinfo=UTC)
GOOD = """
[[contact]]
id = "shout"
name = "Shout"
text_to = "85258"
text_word = "SHOUT"
hours = "always"
audience = "anyone"
source = "a page"
checked = 2026-08-31
first = true
carer = true
"""
CALL = """
[[contact]]
id = "line"
name = "A line"
number = "{number}"
shown = "{shown}"
hours = "always"
audience = "anyone"
source = "a page"
checked = {checked}
"""


def _load(tmp_path, *, number="116123", shown="116 123", checked="2026-08-31", name="A line"):
    entry = CALL.format(number=number, shown=shown, checked=checked).replace("A line", name)
    (tmp_path / "england.toml").write_text(GOOD + entry)
    return contacts.load("england", tmp_path)


def test_the_numbers_are_the_right_ones():
    numbers = {one.id: one.number or one.text_to for one in contacts.load().all}
    assert numbers["emergency"] == "999"
    assert numbers["nhs-111"] == "111"
    assert numbers["samaritans"] == "116123"
    assert numbers["shout"] == "85258"


def test_the_old_samaritans_number_is_refused(tmp_path):
    with pytest.raises(ContactsError, match="116 123"):
        _load(tmp_path, number="08457909090", shown="08457 90 90 90")


def test_a_number_that_shows_one_thing_and_dials_another_is_refused(tmp_path):
    with pytest.raises(ContactsError, match="shows '116 123' but dials '116124'"):
        _load(tmp_path, number="116124")


def test_helplines_partnership_and_supportline_round_the_clock_are_refused(tmp_path):
    with pytest.raises(ContactsError, match="for organisations"):
        _load(tmp_path, number="03003307777", shown="0300 330 7777")
    with pytest.raises(ContactsError, match="not open day and night"):
        _load(tmp_path, number="01708765200", shown="01708 765200", name="SupportLine")


def test_a_check_without_a_day_is_refused(tmp_path):
    with pytest.raises(ContactsError, match="checked must be a day"):
        _load(tmp_path, checked='"recently"')


def test_unknown_nations_and_fields_are_refused(tmp_path):
    with pytest.raises(ContactsError, match="no crisis contacts for 'atlantis'"):
        contacts.load("atlantis", tmp_path)
    (tmp_path / "england.toml").write_text(GOOD + 'phone = "999"\n')
    with pytest.raises(ContactsError, match="no field 'phone'"):
        contacts.load("england", tmp_path)


def test_the_first_way_without_a_voice_is_open_day_and_night(tmp_path):
    weekdays = '[{ days = "mon-fri", from = "09:00", until = "17:00" }]'
    (tmp_path / "england.toml").write_text(GOOD.replace('"always"', weekdays))
    with pytest.raises(ContactsError, match="day and night"):
        contacts.load("england", tmp_path)


def test_contacts_not_looked_at_for_ninety_days_are_named():
    book = contacts.load()
    checked = min(one.checked for one in book.all)
    assert book.stale(checked + timedelta(days=90)) == ()
    assert book.stale(date(2027, 1, 1)) == book.all


@pytest.mark.parametrize("nation", kinds.NATIONS)
def test_every_contact_of_every_nation_has_its_line_with_its_own_number_in_it(nation):
    wording = Wording.load()
    book = contacts.load(nation)
    assert wording.problems(book.required()) == []
    for one in book.all:
        line = one.line(wording)
        assert (one.shown or one.text_to) in line
        assert one.text_word in line
    lines = book.standing(wording)["help_lines"].splitlines()
    assert len(lines) == len(book.all)
    assert "999" in lines[0]


@pytest.mark.parametrize("nation", kinds.NATIONS)
def test_the_short_form_has_danger_first_a_way_without_a_voice_and_nothing_that_closes(nation):
    wording = Wording.load()
    book = contacts.load(nation)
    lines = book.standing(wording)["first_help"].splitlines()
    local = "0808 808 8000" if nation == "northern-ireland" else "111"
    for number, line in zip(("999", local, "85258", "116 123"), lines, strict=True):
        assert number in line
    assert all(one.always for one in book.all if one.first)


@pytest.mark.parametrize("nation", kinds.NATIONS)
def test_children_get_their_lines_right_after_999_in_both_forms(nation):
    wording = Wording.load()
    shown = contacts.load(nation).standing(wording, NIGHT, child=True)
    for lines in (shown["help_lines"].splitlines(), shown["first_help"].splitlines()):
        assert "999" in lines[0]
        assert "Childline" in lines[1]
        assert "under 35" in lines[2]
    grown = contacts.load(nation).standing(wording, NIGHT)
    assert "Childline" in grown["help_lines"]
    assert "Childline" not in grown["first_help"]


@pytest.mark.parametrize("nation", kinds.NATIONS)
def test_carers_are_offered_their_own_line(nation):
    shown = contacts.load(nation).standing(Wording.load(), DAY)
    assert shown["carer_help"].startswith("Carers UK, for carers: call 0808 808 7777. Open now")


def test_lines_that_close_say_so_by_uk_time_and_those_that_do_not_say_nothing():
    wording, book = Wording.load(), contacts.load("scotland")
    night = book.standing(wording, NIGHT)["help_lines"].splitlines()
    day = book.standing(wording, DAY)["help_lines"].splitlines()
    told = {one.id: (night[at], day[at]) for at, one in enumerate(book.all)}
    assert "Open now" in told["breathing-space"][0]
    assert "Closed now, opens today at 6pm" in told["breathing-space"][1]
    assert "Closed now, opens today at 9am" in told["carers-uk"][0]
    assert "Open now" in told["carers-uk"][1]
    assert told["samaritans"][0] == told["samaritans"][1]


def test_no_data_words_or_page_of_ours_holds_the_old_samaritans_number():
    looked_at = [
        file
        for folder in ("bot", "config", "deploy", "docs", "storage", "tests")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in DATA and "node_modules" not in file.parts
    ]
    assert len(looked_at) > 50
    old = re.compile(r"0\W*8\W*4\W*5\W*7\W*9\W*0")
    for file in [*looked_at, *ROOT.glob("*.md")]:
        assert not old.search(file.read_text(encoding="utf-8")), file
