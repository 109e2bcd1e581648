"""Asking the person a question, and offering to talk, from the concern's page."""

from __future__ import annotations

import pytest

from tests.console.annas_desk import PAGE, REFERENCE, WHOLE, bubbles, hidden, post, state

ASKED = {"first_name": "Anna", "role": "Ward manager", "ask": "Which night was it?"}


async def asks(anna):
    preview = await post(anna, "question", "preview", **ASKED)
    return preview, await anna.post(f"{PAGE}/question", hidden(preview) | {"do": "send"})


async def test_a_question_is_shown_as_the_phone_will_and_sent(ward, anna):
    assert f'href="{PAGE}/question"' in (await anna.get(PAGE)).text
    preview, sent = await asks(anna)
    shown = bubbles(preview)[1]
    assert "Which night was it?\n\nAnna, Ward manager" in shown
    assert "You can skip this." in shown
    assert ">Answer</li>" in preview.text
    assert ">Skip</li>" in preview.text
    assert sent.headers["Location"] == f"{PAGE}?done=question"
    assert shown in await ward.queued_texts()
    assert await state(ward) == "sent"
    page = await anna.get(f"{PAGE}?done=question")
    assert "Question to the person, by you" in page.text
    assert "Your question is on its way" in page.text


async def test_a_second_question_waits_for_the_first_reply(ward, anna):
    await asks(anna)
    assert f'href="{PAGE}/question"' not in (await anna.get(PAGE)).text
    _, again = await asks(anna)
    assert "can no longer be sent" in (await post(anna, "question", "preview", **ASKED)).text
    assert again.status == 409
    assert "A question to the person is still open." in again.text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"ask": " "}, "Write your question."),
        ({"role": ""}, "Write your role"),
        ({"ask": "x" * 4000}, "too long for one message"),
    ],
)
async def test_a_question_needs_words_that_fit_and_somebody_who_asks(anna, fields, problem):
    page = await post(anna, "question", "send", **{**ASKED, **fields})
    assert page.status == 422
    assert problem in page.text


async def test_hard_words_in_a_question_are_shown(anna):
    hard = {**ASKED, "ask": "Did the MDT liaise with you?"}
    preview = await post(anna, "question", "preview", **hard)
    assert "This could be plainer" in preview.text
    assert "talk to" in preview.text


async def test_a_half_written_answer_outlives_a_question(anna):
    await post(anna, "answer", "save", **WHOLE)
    await asks(anna)
    again = (await anna.get(f"{PAGE}/answer")).text.rpartition("<form")[2]
    assert WHOLE["done"] in again
    assert ASKED["ask"] not in again


async def test_a_reader_cannot_ask(ward, anna):
    ben = await ward.signed_in("Ben Marsh")
    await ben.get(PAGE)
    assert (await ben.get(f"{PAGE}/question")).status == 403
    assert (await ben.act(f"{PAGE}/question", PAGE, do="send", **ASKED)).status == 403


async def test_nobody_is_asked_who_asked_to_be_forgotten(ward, anna):
    await ward.mark(REFERENCE, forgotten=True)
    assert f'href="{PAGE}/question"' not in (await anna.get(PAGE)).text


async def test_acknowledging_may_offer_to_talk(ward, anna):
    assert 'name="offer" value="talk"' in (await anna.get(PAGE)).text
    done = await anna.act(f"{PAGE}/acknowledge", PAGE, offer="talk")
    assert done.headers["Location"] == f"{PAGE}?done=acknowledge-offered"
    (words,) = [one for one in await ward.queued_texts() if "opened your concern" in one]
    assert "Staff would like to talk with you" in words
    page = await anna.get(PAGE)
    assert "Acknowledged by you, with an offer to talk" in page.text


async def test_a_plain_acknowledgement_offers_nothing(ward, anna):
    done = await anna.act(f"{PAGE}/acknowledge", PAGE)
    assert done.headers["Location"] == f"{PAGE}?done=acknowledge"
    assert not any("talk with you" in one for one in await ward.queued_texts())
