"""A pause: the person hears why, and by when; it has an end, and loses nobody's words."""

from __future__ import annotations

import pytest

from tests.console.annas_desk import PAGE, WHOLE, bubbles, hidden, post, state

PAUSE = {"first_name": "Anna", "role": "Ward manager", "why": "We wait for the night report."}
UNTIL = {"day": "2", "month": "12", "year": "2026"}


async def acknowledged(anna):
    await anna.act(f"{PAGE}/acknowledge", PAGE)


async def test_a_pause_tells_the_person_why_and_until_when(ward, anna):
    await acknowledged(anna)
    assert f'href="{PAGE}/pause"' in (await anna.get(PAGE)).text
    preview = await post(anna, "pause", "preview", **PAUSE, **UNTIL)
    shown = bubbles(preview)[1]
    assert "We wait for the night report.\n\nAnna, Ward manager" in shown
    assert "You will hear from us again by Wednesday 2 December." in shown
    sent = await anna.post(f"{PAGE}/pause", hidden(preview) | {"do": "send"})
    assert sent.headers["Location"] == f"{PAGE}?done=pause"
    assert await state(ward) == "paused"
    assert shown in await ward.queued_texts()
    assert f'href="{PAGE}/pause"' not in (await anna.get(PAGE)).text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"why": "  "}, "Write why it has to wait."),
        ({"first_name": ""}, "Write your first name."),
        ({"day": ""}, "Enter a real date"),
        ({"day": "24", "month": "12"}, "at most 28 days away"),
        ({"day": "5"}, "Choose a working day"),
    ],
)
async def test_a_pause_needs_a_reason_and_a_date_within_four_weeks(ward, anna, fields, problem):
    await acknowledged(anna)
    page = await post(anna, "pause", "send", **{**PAUSE, **UNTIL, **fields})
    assert page.status == 422
    assert problem in page.text
    assert await state(ward) == "acknowledged"


async def test_a_concern_that_nobody_has_acknowledged_cannot_be_paused(ward, anna):
    assert f'href="{PAGE}/pause"' not in (await anna.get(PAGE)).text
    preview = await post(anna, "pause", "preview", **PAUSE, **UNTIL)
    assert "can no longer be sent" in preview.text


async def test_a_half_written_answer_outlives_a_pause(ward, anna):
    await acknowledged(anna)
    await post(anna, "answer", "save", **WHOLE)
    preview = await post(anna, "pause", "preview", **PAUSE, **UNTIL)
    await anna.post(f"{PAGE}/pause", hidden(preview) | {"do": "send"})
    assert await state(ward) == "paused"
    again = (await anna.get(f"{PAGE}/answer")).text.rpartition("<form")[2]
    for words in (WHOLE["done"], WHOLE["next"]):
        assert words in again
    assert PAUSE["why"] not in again
