"""Letters looked at while they are written, refused where they tell a carer too much, and shown in
the language of whoever reads them."""

from __future__ import annotations

import json
import secrets

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from storage import conversations
from storage.conversations import ConversationChange
from storage.schema import answer_drafts, audit, outbox
from tests.console.annas_desk import MOTHER, PAGE, WHOLE, bubbles, hidden, post
from tests.console.conftest import opened_ward

HARD = WHOLE | {"done": "The MDT met. We changed his medication."}


async def rows(ward) -> list[int]:
    async with ward.store.read() as conn:
        counted = [select(func.count()).select_from(one) for one in (audit, outbox, answer_drafts)]
        return [(await conn.execute(one)).scalar_one() for one in counted]


async def check(browser, kind="answer", **fields: str):
    page = await browser.get(f"{PAGE}/{kind}")
    return await browser.post(f"{PAGE}/{kind}/check", {"csrf": page.csrf} | fields)


async def test_words_are_looked_at_and_nothing_is_kept_or_logged(ward, anna, log):
    csrf = (await anna.get(f"{PAGE}/answer")).csrf
    before = await rows(ward)
    log.truncate(0)
    answer = await anna.post(f"{PAGE}/answer/check", HARD | {"csrf": csrf})
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    (one,) = json.loads(answer.text)
    assert one == {
        "field": "done",
        "words": "MDT",
        "advice": "Plainer: the team that plans your care.",
        "stops": False,
    }
    assert await rows(ward) == before
    for line in log.getvalue().splitlines():
        assert "MDT" not in line


async def test_to_a_carer_what_tells_too_much_is_found_as_well(anna):
    found = json.loads((await check(anna, **HARD, to_carer="yes")).text)
    assert [(one["words"], one["stops"]) for one in found] == [
        *(("MDT", False), ("his medication", True))
    ]


async def test_the_preview_finds_what_the_check_finds(anna):
    found = json.loads((await check(anna, **HARD)).text)
    page = await post(anna, "answer", "preview", **HARD)
    assert all(one["advice"] in page.text for one in found)


async def test_only_those_who_may_answer_can_ask_and_only_with_the_token(ward, anna):
    ben, dev = await ward.signed_in("Ben Marsh"), await ward.signed_in("Dev Rao")
    for browser, status in ((ben, 403), (dev, 404)):
        csrf = (await browser.get("/me")).csrf
        asked = await browser.post(f"{PAGE}/answer/check", HARD | {"csrf": csrf})
        assert asked.status == status
    assert (await anna.post(f"{PAGE}/answer/check", HARD | {"csrf": "x"})).status == 403


@pytest.fixture
async def carers_anna(ward):
    """Anna, with a concern of a father whose son does not know of it."""
    said = (("consent", "unaware"), ("kept-from", "Dave Palmer"))
    await ward.raise_concern("My son Daniel Okoro waits.", who="child", said=said)
    browser = await ward.signed_in("Anna Osei")
    await browser.get(PAGE)
    return browser


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("I spoke with Daniel.", "“Daniel”: The carer wrote this name."),
        ("I spoke with Dave Palmer.", "“Dave Palmer”: The carer wrote this name."),
        ("We changed his medication.", "“his medication”: Nobody has recorded"),
        ("His number is 943 476 5919.", "“943 476 5919”: It looks like an NHS number."),
        ("Ring 0191 498 0123.", "write it under “How to come back to you”"),
    ],
)
async def test_what_tells_of_the_person_does_not_go_to_a_carer(ward, carers_anna, words, why):
    before = await rows(ward)
    page = await post(carers_anna, "answer", "send", **WHOLE | {"done": words}, apart="yes")
    assert page.status == 422
    assert '<p class="why" id="done-why">' in page.text
    assert str(escape(why)) in page.text
    assert (await rows(ward))[1] == before[1]


async def test_an_ordinary_letter_goes_to_a_carer(carers_anna):
    words = WHOLE | {"back": "Ask for Anna Osei, or ring 0191 498 0123."}
    preview = await post(carers_anna, "answer", "preview", **words, apart="yes")
    assert preview.status == 200
    sent = await carers_anna.post(f"{PAGE}/answer", hidden(preview) | {"do": "send"})
    assert sent.status == 303


async def test_with_recorded_agreement_nothing_of_it_is_refused(ward):
    await ward.raise_concern("My son Daniel waits.", who="child", said=(("consent", "yes"),))
    anna = await ward.signed_in("Anna Osei")
    await anna.get(PAGE)
    words = WHOLE | {"done": "I spoke with Daniel about his medication."}
    assert (await post(anna, "answer", "preview", **words)).status == 200


async def test_the_preview_is_in_the_language_of_the_person_and_word_for_word_what_goes(
    built_once, tmp_path
):
    async with opened_ward(built_once, tmp_path, "en cy") as ward:
        await ward.raise_concern(MOTHER, person=await welsh_speaker(ward))
        anna = await ward.signed_in("Anna Osei")
        await anna.get(PAGE)
        preview = await post(anna, "outcome", "preview", result="not-changed", **WHOLE)
        assert 'lang="cy">Cymraeg</bdi>' in preview.text
        assert "Did this answer" not in preview.text
        await anna.post(f"{PAGE}/outcome", hidden(preview) | {"do": "send"})
        assert sorted(bubbles(preview)) == sorted(await ward.queued_texts())


async def welsh_speaker(ward) -> str:
    person = secrets.token_hex(16)
    chat = ConversationChange(
        id=person, chat_id=secrets.randbelow(2**40), version=0, talk=b"{}",
        own=b'{"language": "cy"}', unreachable=False, due_at=None, due_kind=None, new_key=True,
        add_parts=(), drop_parts=False,
    )  # fmt: skip
    async with ward.store.write() as conn:
        await conversations.save(conn, ward.keys, [chat], ward.clock.now())
    return person
