"""Writing to a carer: what is recorded of the person's agreement stands beside every form, and
nothing goes without it before somebody has read their words again."""

from __future__ import annotations

import pytest
from markupsafe import escape

from bot.console.concern.standing import CONFIRM
from tests.console.annas_desk import MOTHER, PAGE, WHOLE, hidden, post, state

BOX = str(escape(CONFIRM))
DATE = {"day": "9", "month": "12", "year": "2026"}
FORMS = {
    "answer": WHOLE,
    "outcome": WHOLE | {"result": "changed"},
    "pause": {"first_name": "Anna", "role": "Ward manager", "why": "I wait for the rota."} | DATE,
}


@pytest.fixture
async def anna(ward):
    """Anna, with a concern of a mother whose son does not know of it."""
    await ward.raise_concern(MOTHER, who="child", said=(("consent", "unaware"),))
    browser = await ward.signed_in("Anna Osei")
    await browser.get(PAGE)
    await browser.act(f"{PAGE}/acknowledge", PAGE)
    return browser


async def test_the_page_says_who_it_is_for_and_what_is_recorded(anna):
    page = await anna.get(PAGE)
    assert "For their child" in page.text
    assert "The carer says: the person does not know about this. Do not tell the carer" in page.text


@pytest.mark.parametrize("kind", FORMS)
async def test_without_agreement_nothing_goes_before_the_box_is_ticked(ward, anna, kind):
    before, queued = await state(ward), len(await ward.queued_texts())
    form = await anna.get(f"{PAGE}/{kind}")
    assert BOX in form.text
    assert "does not know about this. Do not tell" in form.text
    for do in ("preview", "send"):
        page = await post(anna, kind, do, **FORMS[kind])
        assert page.status == 422
        assert "tick the box" in page.text
    forged = await post(anna, kind, "send", **FORMS[kind], apart="no")
    assert forged.status == 422
    assert (await state(ward), len(await ward.queued_texts())) == (before, queued)


@pytest.mark.parametrize("kind", FORMS)
async def test_with_the_box_ticked_it_is_shown_and_sent(ward, anna, kind):
    preview = await post(anna, kind, "preview", **FORMS[kind], apart="yes")
    assert preview.status == 200
    assert hidden(preview)["apart"] == "yes"
    assert "does not know about this. Do not tell" in preview.text
    sent = await anna.post(f"{PAGE}/{kind}", hidden(preview) | {"do": "send"})
    assert sent.status == 303


async def test_whoever_changes_their_words_ticks_it_again(anna):
    preview = await post(anna, "answer", "preview", **WHOLE, apart="yes")
    again = await anna.post(f"{PAGE}/answer", hidden(preview) | {"do": "edit"})
    assert "checked" not in again.text
    assert "apart" not in hidden(again)


@pytest.mark.parametrize(
    ("who", "said"), [("me", ()), ("someone", (("consent", "unaware"), ("consent", "yes")))]
)
async def test_for_oneself_or_with_recorded_agreement_there_is_no_box(ward, who, said):
    await ward.raise_concern(MOTHER, who=who, said=said)
    anna = await ward.signed_in("Anna Osei")
    await anna.get(PAGE)
    assert BOX not in (await anna.get(f"{PAGE}/answer")).text
    assert (await post(anna, "answer", "preview", **WHOLE)).status == 200


async def test_a_carers_own_words_about_agreement_are_shown_and_count_as_no(ward):
    words = "She would be angry <b>"
    await ward.raise_concern(MOTHER, who="my mum", said=(("consent", words),))
    anna = await ward.signed_in("Anna Osei")
    page = await anna.get(PAGE)
    assert "The carer says: “She would be angry &lt;b&gt;”" in page.text
    assert (await post(anna, "answer", "preview", **WHOLE)).status == 422


async def test_a_carers_own_worry_stands_apart_and_danger_answers_are_worded(ward):
    said = (
        ("in-danger", "yes"),
        ("danger-details", "My son, at home."),
        ("own-worry", "I cannot sleep."),
        ("write-to", "easy-words"),
    )
    await ward.raise_concern(MOTHER, who="child", said=said)
    page = (await (await ward.signed_in("Anna Osei")).get(PAGE)).text
    for label, words in (
        ("Asked if someone is in danger right now, the person said", "Yes, in danger now"),
        ("Who is in danger, where, and a number, as the person wrote it", "My son, at home."),
        ("A worry of the carer&#39;s own (not the person&#39;s)", "I cannot sleep."),
        ("How to write to the person, as they said it", "In easy words"),
    ):
        assert label in page
        assert words in page.partition(label)[2]
