"""Writing to the person: checked, kept half-written, shown as the phone shows it, sent."""

from __future__ import annotations

import re

import pytest

from bot.console import writing
from bot.console.sessions import IDLE_SECONDS
from storage import concerns
from tests.console.annas_desk import (
    COMPOSED,
    MOTHER,
    PAGE,
    REFERENCE,
    WHOLE,
    bubbles,
    hidden,
    post,
    said,
    state,
)


async def test_an_outcome_goes_from_form_to_preview_to_the_person(ward, anna):
    preview = await post(anna, "outcome", "preview", result="changed", **WHOLE)
    assert preview.status == 200
    notice, words = bubbles(preview)
    assert COMPOSED in words
    assert "mother" not in notice
    assert await state(ward) == "sent"
    sent = await anna.post(f"{PAGE}/outcome", hidden(preview) | {"do": "send"})
    assert sent.headers["Location"] == f"{PAGE}?done=outcome"
    assert await state(ward) == "outcome"
    told = "Outcome told to the person: something has changed, by Anna Osei"
    assert (told, COMPOSED) in await said(ward)
    page = await anna.get(sent.headers["Location"])
    assert "The outcome is on its way to the person." in page.text
    assert "not sent yet" not in page.text


async def test_the_preview_is_word_for_word_what_is_queued(ward, anna):
    preview = await post(anna, "outcome", "preview", result="not-changed", **WHOLE)
    await anna.post(f"{PAGE}/outcome", hidden(preview) | {"do": "send"})
    assert sorted(bubbles(preview)) == sorted(await ward.queued_texts())


async def test_an_answer_leaves_the_concern_open(ward, anna):
    preview = await post(anna, "answer", "preview", **WHOLE)
    await anna.post(f"{PAGE}/answer", hidden(preview) | {"do": "send"})
    assert await state(ward) in {"sent", "acknowledged", "looking"}
    assert ("Answer to the person, by Anna Osei", COMPOSED) in await said(ward)


@pytest.mark.parametrize("missing", ["first_name", "role", "thanks", "done", "next", "back"])
async def test_what_an_answer_lacks_is_named_at_the_top_and_at_its_box(anna, missing):
    page = await post(anna, "answer", "send", **{**WHOLE, missing: "  "})
    assert page.status == 422
    assert "<title>Error: Write an answer" in page.text
    assert f'<a href="#{missing}">' in page.text
    assert f'id="{missing}-why"' in page.text
    assert f'aria-describedby="{missing}-hint {missing}-why"' in page.text
    assert "I am sorry. Nobody should be shouted at." in page.text


async def test_sorry_may_be_left_out(anna):
    assert (await post(anna, "answer", "preview", **{**WHOLE, "sorry": ""})).status == 200


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "Choose what came of it"),
        ({"result": "whatever"}, "Choose what came of it"),
        ({"result": "will-change"}, "Enter a real date"),
        ({"result": "will-change", "day": "31", "month": "2", "year": "2027"}, "Enter a real date"),
        ({"result": "will-change", "day": "x", "month": "2", "year": "2027"}, "Enter a real date"),
        ({"result": "will-change", "day": "25", "month": "11", "year": "2026"}, "after today"),
        ({"result": "will-change", "day": "25", "month": "12", "year": "2028"}, "366 days away"),
        ({"result": "will-change", "day": "1", "month": "1", "year": "0"}, "Enter a real date"),
        ({"result": "will-change", "day": "29", "month": "11", "year": "2026"}, "a working day"),
    ],
)
async def test_an_outcome_says_what_came_of_it_and_by_a_date_that_can_be_kept(
    anna, fields, problem
):
    page = await post(anna, "outcome", "send", **WHOLE, **fields)
    assert page.status == 422
    assert problem in page.text


async def test_a_promised_change_carries_its_date(ward, anna):
    fields = {"result": "will-change", "day": "9", "month": "12", "year": ""}
    preview = await post(anna, "outcome", "preview", **WHOLE, **fields)
    await anna.post(f"{PAGE}/outcome", hidden(preview) | {"do": "send"})
    async with ward.store.read() as conn:
        row = (await concerns.by_reference(conn, [REFERENCE]))[REFERENCE]
    assert str(row.promised_on) == "2026-12-09"


async def test_what_is_too_long_for_one_message_is_not_sent(ward, anna):
    page = await post(anna, "answer", "send", **{**WHOLE, "done": "\N{SPEAKER} word " * 500})
    assert page.status == 422
    assert "too long for one message" in page.text


async def test_the_whole_message_is_measured_with_the_sentences_round_it(ward, anna):
    """The words alone fit to the last character; with "Did this answer you?" they do not."""
    words = {**WHOLE, "done": ""}
    room = 4096 - len(writing.composed("outcome", words)) - 2
    for do in ("preview", "send"):
        page = await post(anna, "outcome", do, result="changed", **{**words, "done": "x" * room})
        assert page.status == 422
        assert "too long for one message" in page.text
    assert await state(ward) == "sent"


async def test_hard_words_are_pointed_out_and_stop_nothing(anna):
    page = await post(anna, "answer", "preview", **{**WHOLE, "done": "The MDT met."})
    assert page.status == 200
    assert '<q dir="auto">MDT</q>' in page.text


async def test_nothing_is_sent_that_was_not_previewed_as_the_concern_is_now(ward, anna):
    blind = await anna.act(f"{PAGE}/answer", PAGE, do="send", **WHOLE)
    assert "Something has happened to this concern" in blind.text
    preview = await post(anna, "answer", "preview", **WHOLE)
    cleo = await ward.signed_in("Cleo Hart")
    await cleo.act(f"{PAGE}/acknowledge", PAGE)
    late = await anna.post(f"{PAGE}/answer", hidden(preview) | {"do": "send"})
    assert "Something has happened to this concern" in late.text
    assert len(await said(ward)) == 1
    sent = await anna.post(f"{PAGE}/answer", hidden(late) | {"do": "send"})
    assert sent.status == 303


async def test_a_saved_answer_is_there_again_after_a_restart(ward, anna):
    saved = await post(anna, "answer", "save", **{**WHOLE, "done": "Half a sent\nence"})
    assert saved.headers["Location"] == f"{PAGE}?done=saved"
    page = await anna.get(PAGE)
    assert "not sent yet" in page.text
    assert f'<a href="{PAGE}/answer">Go on writing</a>' in page.text
    await ward.restart()
    assert (await anna.get(PAGE)).status == 303
    again = await ward.signed_in("Anna Osei")
    page = await again.get(f"{PAGE}/answer")
    assert "Half a sent\nence</textarea>" in page.text
    assert 'value="Ward manager"' in page.text


async def test_nobody_else_finds_a_half_written_answer(ward, anna):
    await post(anna, "answer", "save", **{**WHOLE, "done": "for my eyes"})
    cleo = await ward.signed_in("Cleo Hart")
    assert "not sent yet" not in (await cleo.get(PAGE)).text
    assert "for my eyes" not in (await cleo.get(f"{PAGE}/answer")).text


@pytest.mark.parametrize("do", ["save", "preview", "send"])
async def test_words_posted_after_the_session_ended_are_kept_and_never_sent(ward, anna, do):
    page = await anna.get(f"{PAGE}/answer")
    ward.seconds.now += IDLE_SECONDS
    late = await anna.post(f"{PAGE}/answer", hidden(page) | WHOLE | {"do": do})
    assert "What you wrote is saved, not sent." in late.text
    assert WHOLE["done"] not in late.text
    fields = {"csrf": late.csrf, "name": "Anna Osei", "passphrase": "quiet-otter-anna-lantern"}
    answer = await anna.post("/sign-in", fields | {"next": late.field("next")})
    assert answer.headers["Location"] == f"{PAGE}/answer"
    assert WHOLE["done"] in (await anna.get(f"{PAGE}/answer")).text
    assert len(await said(ward)) == 1


async def test_words_after_the_end_still_need_the_sessions_own_token(ward, anna):
    ward.seconds.now += IDLE_SECONDS
    late = await anna.post(f"{PAGE}/answer", {**WHOLE, "csrf": "guessed", "do": "save"})
    assert late.status == 403
    again = await ward.signed_in("Anna Osei")
    assert WHOLE["done"] not in (await again.get(f"{PAGE}/answer")).text


async def test_words_posted_to_a_restarted_console_are_given_back(ward, anna):
    page = await anna.get(f"{PAGE}/answer")
    await ward.restart()
    late = await anna.post(f"{PAGE}/answer", hidden(page) | WHOLE | {"do": "send"})
    assert late.status == 401
    assert "Your words are not saved" in late.text
    assert WHOLE["done"] in late.text
    assert f'href="/sign-in?next={PAGE}/answer"' in late.text


async def test_after_signing_out_nothing_is_kept(ward, anna):
    page = await anna.get(f"{PAGE}/answer")
    token = anna.token
    await anna.act("/sign-out", "/concerns")
    anna.http.cookie_jar.update_cookies({"heard": token})
    late = await anna.post(f"{PAGE}/answer", hidden(page) | WHOLE | {"do": "save"})
    assert late.status == 401
    again = await ward.signed_in("Anna Osei")
    assert WHOLE["done"] not in (await again.get(f"{PAGE}/answer")).text


async def test_words_come_back_when_nothing_can_be_saved(ward, anna):
    page = await anna.get(f"{PAGE}/answer")
    await ward.store.close()
    answer = await anna.post(f"{PAGE}/answer", hidden(page) | WHOLE | {"do": "send"})
    assert answer.status == 503
    assert WHOLE["done"] in answer.text
    assert "nothing was sent or saved" in answer.text


async def test_a_draft_sealed_to_older_keys_keeps_nobody_from_the_concern(ward, anna):
    await post(anna, "answer", "save", **WHOLE)
    await ward.give_new_keys("Anna Osei", REFERENCE)
    again = await ward.signed_in("Anna Osei")
    page = await again.get(PAGE)
    assert page.status == 200
    assert "not sent yet" not in page.text


HOSTILE = '"><script>alert(1)</script> {{ 7*7 }} </textarea><b>'


async def test_hostile_answers_are_shown_as_words_everywhere(ward, anna):
    fields = dict.fromkeys(WHOLE, HOSTILE)
    form = await post(anna, "outcome", "send", **fields)
    preview = await post(anna, "outcome", "preview", result="changed", **fields)
    await anna.post(f"{PAGE}/outcome", hidden(preview) | {"do": "send"})
    for page in (form, preview, await anna.get(PAGE)):
        assert "<script>" not in page.text
        assert "<b>" not in page.text
        assert "49" not in re.sub(r'value="[^"]*"', "", page.text)
        assert "alert(1)" in page.text


async def test_no_words_and_no_names_reach_the_log(ward, anna, log):
    await ward.signed_in("Cleo Hart")
    page = await anna.get(f"{PAGE}/outcome")
    preview = await post(anna, "outcome", "preview", result="changed", **WHOLE)
    await anna.post(f"{PAGE}/outcome", hidden(preview) | {"do": "send"})
    await ward.store.close()
    await anna.post(f"{PAGE}/outcome", hidden(page) | WHOLE | {"do": "save"})
    assert f"signed-in staff={ward.ids['Cleo Hart']}" in log.getvalue()
    assert "answer-not-saved error=StoreUnavailable" in log.getvalue()
    for secret in (*WHOLE.values(), MOTHER, "Anna", "Cleo", "quiet-otter"):
        assert secret not in log.getvalue()


def test_a_draft_from_an_older_form_gives_what_it_has():
    assert writing.unpacked(b'{"done": "x", "gone": "y"}')["done"] == "x"
    assert set(writing.unpacked(None)) == set(writing.NAMES)
