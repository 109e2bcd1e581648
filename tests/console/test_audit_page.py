"""The record page: who did what to the concerns that one may read, and to no others."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.vouching import Vouching
from storage import audit, concerns
from storage.schema import audit as lines
from tests.console.annas_desk import MOTHER


async def id_of(ward, reference):
    async with ward.store.read() as conn:
        return (await concerns.by_reference(conn, [reference]))[reference].id


async def noted(ward, reference, *deeds):
    concern = await id_of(ward, reference)
    async with ward.store.write() as conn:
        for who, deed, detail in deeds:
            staff_id = ward.ids.get(who)
            await audit.note(conn, ward.clock.now(), staff_id, deed, concern, detail)


@pytest.fixture
async def two(ward):
    """One concern that Cleo may read, and one that she is kept from."""
    await ward.raise_concern(MOTHER)
    await ward.raise_concern("about Cleo", reference="CLEO-KEPT", kept_from=["Cleo Hart"])
    await noted(
        ward,
        "QK7M-4TXA",
        (None, "promise-made", "answer:2026-12-02"),
        ("Anna Osei", "opened", ""),
        ("Anna Osei", "passed", f"to:{ward.ids['Ines Bell']}"),
    )
    await noted(ward, "CLEO-KEPT", ("Anna Osei", "recused", ""))


async def test_a_lead_reads_what_was_done_by_whom(ward, two):
    cleo = await ward.signed_in("Cleo Hart")
    page = await cleo.get("/audit")
    assert page.status == 200
    assert "Promised an answer by 2 December 2026." in page.text
    assert "Passed it on: Ines Bell." in page.text
    assert page.text.index("Passed it on") < page.text.index("Opened it")  # the newest first


async def test_whoever_is_left_out_sees_no_line_of_it(ward, two):
    cleo = await ward.signed_in("Cleo Hart")
    page = (await cleo.get("/audit")).text
    assert "CLEO-KEPT" not in page
    assert "Stepped back" not in page
    ines = await ward.signed_in("Ines Bell")
    assert "CLEO-KEPT" in (await ines.get("/audit")).text


@pytest.mark.parametrize("name", ["Anna Osei", "Ben Marsh"])
async def test_others_may_not_and_are_not_led_there(ward, two, name):
    browser = await ward.signed_in(name)
    assert (await browser.get("/audit")).status == 403
    assert 'href="/audit"' not in (await browser.get("/concerns")).text


async def test_older_lines_are_on_further_pages(ward, two):
    await noted(ward, "QK7M-4TXA", *[("Anna Osei", "opened", "")] * 60)
    cleo = await ward.signed_in("Cleo Hart")
    page = await cleo.get("/audit")
    assert page.text.count('class="who"') == 50
    assert 'href="/audit?page=2"' in page.text  # and no number of a line
    page = await cleo.get("/audit?page=2")
    assert "Promised an answer" in page.text
    assert 'rel="next"' not in page.text


async def test_the_page_says_whether_the_record_is_whole(ward, two):
    cleo, vouching = await ward.signed_in("Cleo Hart"), Vouching(ward.store, ward.keys, ward.clock)
    assert "Nothing is signed yet" in (await cleo.get("/audit")).text
    await vouching.look()
    assert "The record is whole and signed" in (await cleo.get("/audit")).text
    async with ward.store.write() as conn:
        await conn.execute(update(lines).where(lines.c.id == 5).values(hash=b"other"))
    await vouching.look()
    assert "somebody changed it" in (await cleo.get("/audit")).text
