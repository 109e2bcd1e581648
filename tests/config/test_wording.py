"""A sentence that is missing, doubled or half filled stops the start, not a person."""

from __future__ import annotations

from datetime import date

import pytest

from config.wording import Wording, WordingError

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "en").mkdir()
    return tmp_path


def _write(folder, name, *entries):
    body = "\n".join(f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in entries)
    (folder / "en" / name).write_text(HEADER + body, encoding="utf-8")


def test_all_files_of_a_language_are_merged(folder):
    _write(folder, "a.po", ("talk.one", "One."))
    _write(folder, "b.po", ("talk.two", "Two."))
    wording = Wording.load(folder)
    assert (wording.text("talk.one"), wording.text("talk.two")) == ("One.", "Two.")


def test_the_same_key_twice_is_refused(folder):
    _write(folder, "a.po", ("talk.one", "One."))
    _write(folder, "b.po", ("talk.one", "Another."))
    with pytest.raises(WordingError, match=r"b\.po: talk\.one is already in another file"):
        Wording.load(folder)
    _write(folder, "b.po", ("talk.two", "Two."), ("talk.two", "Again."))
    with pytest.raises(WordingError, match=r"talk\.two: there twice"):
        Wording.load(folder)


def test_an_empty_sentence_and_open_braces_are_refused(folder):
    _write(folder, "a.po", ("talk.one", ""))
    with pytest.raises(WordingError, match=r"talk.one has no sentence"):
        Wording.load(folder)
    _write(folder, "a.po", ("talk.one", "Hello {name"))
    with pytest.raises(WordingError, match=r"talk.one"):
        Wording.load(folder)


def test_a_language_without_wording_is_refused(folder):
    with pytest.raises(WordingError, match="no wording for 'cy'"):
        Wording.load(folder, "cy")


def test_a_missing_key_or_value_is_refused_at_use(folder):
    _write(folder, "a.po", ("talk.one", "Hello {name}."))
    wording = Wording.load(folder)
    with pytest.raises(WordingError, match=r"no sentence talk\.two"):
        wording.text("talk.two")
    with pytest.raises(WordingError, match="needs the value 'name'"):
        wording.text("talk.one")


def test_what_the_program_needs_is_checked_at_the_start(folder):
    _write(folder, "a.po", ("talk.one", "Hello {name}."), ("talk.two", "{first_help}"))
    wording = Wording.load(folder)
    wording.check({"talk.one": frozenset({"name"}), "talk.two": frozenset()})
    with pytest.raises(WordingError) as caught:
        wording.check({"talk.one": frozenset(), "talk.three": frozenset()})
    assert "no sentence talk.three" in str(caught.value)
    assert "talk.one has ['name']" in str(caught.value)


def test_dates_are_said_as_people_say_them(folder):
    _write(folder, "a.po", ("talk.one", "By {day}."))
    assert Wording.load(folder).text("talk.one", day=date(2026, 11, 25)) == (
        "By Wednesday 25 November."
    )


def test_words_with_braces_in_them_are_shown_as_they_are(folder):
    _write(folder, "a.po", ("talk.one", "It goes to {place}."))
    assert Wording.load(folder).text("talk.one", place="{x} {0}") == "It goes to {x} {0}."


def test_standing_values_are_known_everywhere_and_labels_are_those_people_tap_or_type(folder):
    _write(folder, "a.po", ("talk.one", "{first_help}"), ("button.send", "Send"),
           ("answer.yes", "yes|y"))  # fmt: skip
    wording = Wording.load(folder).having({"first_help": "Call 999."})
    assert wording.text("talk.one") == "Call 999."
    assert wording.labels == {"button.send": "Send", "answer.yes": "yes|y"}
