"""What a phone gets: text, rows of buttons, and callback data that Telegram takes."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bot.casework.model import TellPerson
from bot.dialogue.effects import Button, Tell
from bot.turns import rendering
from config.wording import Wording, WordingError

CONCERN = "a" * 32
WORDING = Wording(
    "en",
    {
        "hello": "Hello {name}.",
        "on": "On {day}.",
        "push.answer": "An answer: {words}",
        "push.ways": "Other ways.",
        "push.notice": "News.",
        "button.yes": "Yes",
        "button.read-it": "Read it",
        "button.answered-yes": "Yes, it did",
        "button.answered-no": "Not really",
        "button.reopen": "Open it again",
    },
)


def got(body):
    read = json.loads(body)
    assert read.keys() == {"text", "rows"}
    return read["text"], read["rows"]


def test_a_line_is_worded_with_its_values():
    assert got(rendering.tell_body(Tell("hello", {"name": "Ann"}), WORDING)) == ("Hello Ann.", [])
    told = Tell("on", {"day": date(2026, 11, 25)})
    assert got(rendering.tell_body(told, WORDING))[0] == "On Wednesday 25 November."


def test_a_persons_braces_stay_as_they_are():
    told = TellPerson("push.answer", {"words": "{name} {0} {{"})
    assert got(rendering.news_body([told], CONCERN, WORDING))[0] == "An answer: {name} {0} {{"


def test_a_button_carries_its_step_or_its_concern():
    rows = (
        (Button("button.yes", "yes"), Button("Rowan {Ward}", "rowan", literal=True)),
        (Button("button.yes", "add", about=CONCERN),),
    )
    _, shown = got(rendering.tell_body(Tell("push.ways", rows=rows, step=12), WORDING))
    assert shown == [
        [{"label": "Yes", "data": "p:12:yes"}, {"label": "Rowan {Ward}", "data": "p:12:rowan"}],
        [{"label": "Yes", "data": f"a:{CONCERN}:add"}],
    ]
    assert all(len(one["data"].encode()) <= 64 for row in shown for one in row)


def test_news_in_one_message_has_the_buttons_of_each():
    tells = [TellPerson("push.answer", {"words": "Done."}, "answered"), TellPerson("push.ways")]
    text, rows = got(rendering.news_body(tells, CONCERN, WORDING))
    assert text == "An answer: Done.\n\nOther ways."
    assert rows == [
        [{"label": "Yes, it did", "data": f"a:{CONCERN}:yes"}],
        [{"label": "Not really", "data": f"a:{CONCERN}:not-really"}],
    ]


def test_a_notice_holds_nothing_but_where_to_tap():
    text, rows = got(rendering.notice_body(WORDING, "push.notice", "b" * 32))
    assert (text, rows) == ("News.", [[{"label": "Read it", "data": "n:" + "b" * 32}]])


def test_a_link_is_an_address_and_no_callback():
    _, rows = got(rendering.link_body("x", "Open", "https://heard.example/concerns"))
    assert rows == [[{"label": "Open", "url": "https://heard.example/concerns"}]]


def test_news_that_fits_is_one_message_and_else_one_each():
    def split(size):
        tells = [TellPerson("push.answer", {"words": "x" * size}), TellPerson("push.ways")]
        return [len(some) for some in rendering.in_messages(tells, WORDING)]

    around = len("An answer: \n\nOther ways.")
    assert split(4096 - around) == [2]
    assert split(4097 - around) == [1, 1]
    assert rendering.in_messages([], WORDING) == []


@pytest.mark.parametrize(("words", "length"), [("abc", 3), ("\u00e9", 1), ("\U0001f600", 2)])
def test_length_is_counted_as_telegram_counts(words, length):
    assert rendering.length(words) == length


def test_words_are_too_long_with_the_sentence_round_them():
    def long(words):
        return rendering.too_long(TellPerson("push.answer", {"words": words}), WORDING)

    room = 4096 - len("An answer: ")
    assert not long("x" * room)
    assert long("x" * (room + 1))
    assert not long("\U0001f600" * (room // 2))
    assert long("\U0001f600" * (room // 2 + 1))


def test_a_missing_sentence_is_an_error_and_not_a_half_said_message():
    with pytest.raises(WordingError):
        rendering.tell_body(Tell("nobody.wrote-this"), WORDING)
    with pytest.raises(WordingError):
        rendering.tell_body(Tell("hello"), WORDING)
