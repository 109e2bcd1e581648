"""A wrong number can cost a life, so the contacts are checked in every way we can."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from config import contacts
from config.contacts import ContactsError
from config.wording import Wording

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
    (tmp_path / "england.toml").write_text(GOOD.replace('"always"', '"weekdays"'))
    with pytest.raises(ContactsError, match="day and night"):
        contacts.load("england", tmp_path)


def test_contacts_not_looked_at_for_ninety_days_are_named():
    book = contacts.load()
    checked = min(one.checked for one in book.all)
    assert book.stale(checked + timedelta(days=90)) == ()
    assert book.stale(date(2027, 1, 1)) == book.all


def test_every_contact_has_its_line_with_its_own_number_in_it():
    wording = Wording.load()
    book = contacts.load()
    for one in book.all:
        line = one.line(wording)
        assert (one.shown or one.text_to) in line
        assert one.text_word in line
    lines = book.standing(wording)["help_lines"].splitlines()
    assert len(lines) == len(book.all)
    assert "999" in lines[0]


def test_the_short_form_has_danger_first_and_a_way_without_a_voice():
    wording = Wording.load()
    lines = contacts.load().standing(wording)["first_help"].splitlines()
    assert ["999" in lines[0], "111" in lines[1], "85258" in lines[2], "116 123" in lines[3]] == [
        True, True, True, True]  # fmt: skip
