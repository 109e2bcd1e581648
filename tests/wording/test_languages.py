"""Several languages at once: complete or refused, each person in theirs, help of this minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.turns.languages import Languages
from config import contacts, po
from config.wording import Wording, WordingError

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"X-Heard-Own-Name: {name}\\n"\n{more}\n'
)
NEEDED = {"talk.one": frozenset({"name"}), "talk.two": frozenset()}
BOOK = contacts.Contacts("england", ())


def write(folder, language, *, name="Cymraeg", more="", **sentences):
    entries = "\n".join(
        f'msgid "{key.replace("__", ".").replace("_", "-")}"\nmsgstr "{text}"\n'
        for key, text in sentences.items()
    )
    file = folder / f"{language}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER.format(name=name, more=more) + entries, encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "en", name="English", talk__one="Hello {name}.", talk__two="Two.",
          button__send="Send", answer__yes="yes|y")  # fmt: skip
    write(tmp_path, "cy", talk__one="Helo {name}.", talk__two="Dau.",
          button__send="Anfon", answer__yes="ie")  # fmt: skip
    return tmp_path


@pytest.fixture
def languages(folder):
    return Languages.load(("en", "cy"), BOOK, NEEDED, folder)


def test_each_person_is_spoken_to_in_their_language_and_the_first_is_the_default(languages):
    assert languages.wording("cy").text("talk.two") == "Dau."
    assert languages.wording("").text("talk.two") == "Two."
    assert languages.wording("pl").text("talk.two") == "Two."
    assert languages.names == (("en", "English"), ("cy", "Cymraeg"))


def test_typed_answers_of_the_first_language_count_in_every_other(languages):
    assert languages.labels("cy") == {"button.send": "Anfon", "answer.yes": "ie|yes|y"}
    assert languages.labels("en") == {"button.send": "Send", "answer.yes": "yes|y"}


def test_what_nobody_knows_the_reader_of_is_said_in_each_language_once(folder):
    write(folder, "en-easy", name="Easy English", talk__one="Hi {name}.", talk__two="2.")
    languages = Languages.load(("en", "en-easy", "cy"), BOOK, NEEDED, folder)
    assert languages.in_each("talk.two") == "Two.\n\nDau."
    easy = Languages.load(("en-easy", "en", "cy"), BOOK, NEEDED, folder)
    assert easy.in_each("talk.two") == "2.\n\nDau."


def test_a_start_with_faults_names_every_one_of_every_language(folder):
    write(folder, "cy", talk__one="Helo.")
    write(folder, "ur", name="", talk__one="{name}", talk__two="2")
    with pytest.raises(WordingError) as refused:
        Languages.load(("en", "cy", "ur", "pl"), BOOK, NEEDED, folder)
    assert str(refused.value).splitlines() == [
        "cy: talk.one has [], but is given ['name'].",
        "cy: there is no sentence talk.two.",
        "ur: no header line X-Heard-Own-Name.",
        "There is no wording for 'pl'.",
    ]


def test_a_sentence_whose_english_changed_is_not_shown_until_someone_has_looked(folder):
    file = folder / "cy.po"
    file.write_text(file.read_text().replace('msgid "talk.two"', '#, fuzzy\nmsgid "talk.two"'))
    with pytest.raises(WordingError, match=r"cy\.po: talk\.two is marked fuzzy"):
        Wording.load(folder, "cy")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("X-Heard-Checked: soon", "X-Heard-Checked is yes or no"),
        ("X-Heard-Direction: up", "X-Heard-Direction is ltr or rtl"),
        ("X-Heard-Locale: xx_XX", "not a locale that Babel knows"),
        ("X-Heard-Colour: red", "no header line X-Heard-colour"),
    ],
)
def test_header_lines_that_mean_nothing_are_refused(folder, line, fault):
    write(folder, "cy", more=f'"{line}\\n"\n', talk__one="{name}", talk__two="2")
    with pytest.raises(WordingError, match=fault):
        Wording.load(folder, "cy")


def test_a_language_may_be_one_file_or_a_folder_or_both_and_no_key_may_be_in_two(folder):
    write(folder / "cy", "more", talk__three="Tri.")
    assert Wording.load(folder, "cy").text("talk.three") == "Tri."
    assert po.shipped(folder) == ["cy", "en"]
    write(folder / "cy", "most", talk__two="Dau.")
    with pytest.raises(WordingError, match=r"most\.po: talk\.two is already in another file"):
        Wording.load(folder, "cy")


def test_dates_days_and_hours_are_said_as_each_language_says_them():
    day = date(2026, 11, 25)
    assert Wording("cy", {"a": "{d}"}).text("a", d=day) == "Dydd Mercher 25 Tachwedd"
    assert Wording("ur", {"a": "{d}"}).text("a", d=day) == "بدھ 25 نومبر"
    assert Wording("en-easy", {"a": "{d}"}).text("a", d=day) == "Wednesday 25 November"
    written = Wording("cy", {}, manner=po.Manner(hour="H:mm", time="H:mm"))
    assert written.clock(time(9)) == "9:00"
    assert written.weekday(day) == "Dydd Mercher"


def test_help_is_that_of_the_minute_and_for_a_child_children_come_first():
    languages = Languages.of([Wording.load()], contacts.load())
    night = datetime(2026, 11, 25, 1, tzinfo=UTC)
    day = datetime(2026, 11, 25, 12, tzinfo=UTC)
    carers = [
        next(line for line in languages.wording("", at).text("help.block").splitlines()
             if "Carers UK" in line)
        for at in (night, day, night)
    ]  # fmt: skip
    assert ["Closed now" in line for line in carers] == [True, False, True]
    child = languages.wording("", day, child=True).standing["first_help"].splitlines()
    assert "Childline" in child[1]
    assert "Childline" not in languages.wording("", day).standing["first_help"]


def test_help_is_worded_once_a_minute_however_many_ask():
    languages = Languages.of([Wording.load()], contacts.load())
    asked = [languages.wording("", datetime(2026, 11, 25, 1, 0, s, tzinfo=UTC)) for s in (0, 59)]
    assert asked[0] is asked[1]
    assert languages.wording("", datetime(2026, 11, 25, 1, 1, tzinfo=UTC)) is not asked[0]


def test_where_no_moment_is_known_nothing_is_said_of_what_is_open():
    text = Languages.of([Wording.load()], contacts.load()).first.text("help.block")
    assert "Monday to Friday" in text
    assert "now" not in text.partition("Carers UK")[2].splitlines()[0]
