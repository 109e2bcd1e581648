"""I'll take it, and Needs someone higher: the same acts from the page of a concern."""

from __future__ import annotations

import re

import pytest

from storage import concerns
from tests.console.annas_desk import MOTHER, PAGE, REFERENCE


async def row(ward):
    async with ward.store.read() as conn:
        return (await concerns.by_reference(conn, [REFERENCE]))[REFERENCE]


@pytest.fixture
async def raised(ward):
    await ward.raise_concern(MOTHER)
    return await row(ward)


async def test_whoever_takes_it_has_it_and_has_opened_it(ward, raised):
    anna = await ward.signed_in("Anna Osei")
    done = await anna.act(f"{PAGE}/take", PAGE)
    assert (done.status, done.headers["Location"]) == (303, f"{PAGE}?done=take")
    page = await anna.get(done.headers["Location"])
    assert "It is yours now." in page.text
    assert re.search(r"Who has it</dt><dd[^>]*>you</dd>", page.text)
    assert "I&#39;ll take it" not in page.text
    now = await row(ward)
    assert now.owner_id == (await ward.member("Anna Osei")).id
    assert now.owner_opened_at is not None
    assert (now.state, now.due_at) == (raised.state, raised.due_at)


async def test_a_colleague_sees_who_has_it_and_can_take_it_over(ward, raised):
    anna, cleo = await ward.signed_in("Anna Osei"), await ward.signed_in("Cleo Hart")
    await anna.act(f"{PAGE}/take", PAGE)
    page = await cleo.get(PAGE)
    assert re.search(r"Who has it</dt><dd[^>]*>Anna Osei</dd>", page.text)
    assert "Taken by Anna Osei" in page.text
    assert (await cleo.act(f"{PAGE}/take", PAGE)).status == 303
    assert (await row(ward)).owner_id == (await ward.member("Cleo Hart")).id


async def test_it_goes_one_level_up(ward, raised):
    anna = await ward.signed_in("Anna Osei")
    done = await anna.act(f"{PAGE}/higher", PAGE)
    assert (done.status, done.headers["Location"]) == (303, f"{PAGE}?done=higher")
    assert ((await row(ward)).level, (await row(ward)).due_at) == (1, raised.due_at)


@pytest.mark.parametrize("path", ["take", "higher"])
async def test_who_may_not_answer_may_not_do_this_either(ward, raised, path):
    ben, dev = await ward.signed_in("Ben Marsh"), await ward.signed_in("Dev Rao")
    for browser, status in ((ben, 403), (dev, 404)):
        csrf = re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/me")).text)[1]
        refused = await browser.post(f"{PAGE}/{path}", {"csrf": csrf})
        assert refused.status == status
    assert await row(ward) == raised


@pytest.mark.parametrize("path", ["take", "higher"])
async def test_what_has_an_outcome_is_not_taken(ward, raised, path):
    anna = await ward.signed_in("Anna Osei")
    await anna.get(PAGE)
    await ward.mark(REFERENCE, state="outcome")
    refused = await anna.act(f"{PAGE}/{path}", PAGE)
    assert refused.status == 409
    assert (await row(ward)).owner_id is None
