"""You said, we did: written from an outcome, looked at, confirmed, published, withdrawn."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.casework.model import Result, State
from storage import published
from storage.schema import audit
from tests.console.annas_desk import PAGE, hidden

WORDS = "The door by my room bangs all night and nobody comes to close it."
LINE = {"said": "Nights were too loud to sleep.", "did": "Doors close softly now."}
FORM = f"{PAGE}/publish"


@pytest.fixture
async def cleo(ward):
    await ward.raise_concern(WORDS)
    await ward.mark(PAGE.rpartition("/")[2], state=State.OUTCOME, result=Result.CHANGED)
    browser = await ward.signed_in("Cleo Hart")
    await browser.get(PAGE)
    return browser


async def lines(ward):
    async with ward.store.read() as conn:
        return await published.newest(conn, 9)


async def publishes(browser, **line: str):
    page = await browser.get(FORM)
    page = await browser.post(FORM, hidden(page) | {"do": "preview"} | LINE | line)
    return await browser.post(FORM, hidden(page) | {"do": "publish", "apart": "yes"})


async def test_a_line_is_published_after_it_was_looked_at_and_confirmed(ward, cleo):
    done = await publishes(cleo)
    assert (done.status, done.headers["Location"]) == (303, f"{PAGE}?done=published")
    (line,) = await lines(ward)
    assert (line.team, line.said, line.did) == ("willow", LINE["said"], LINE["did"])
    assert LINE["said"] in (await cleo.get(PAGE)).text
    (shown,) = ward.desk.house.changes.of(["willow"])
    assert (shown.place, shown.said) == ("Willow Ward", LINE["said"])


async def test_without_the_confirmation_nothing_is_published(ward, cleo):
    page = await cleo.post(FORM, hidden(await cleo.get(FORM)) | {"do": "publish"} | LINE)
    assert page.status == 422
    assert "Say that nobody can be recognised" in page.text
    assert await lines(ward) == []


async def test_names_references_and_long_lines_are_refused_and_the_words_are_kept(ward, cleo):
    for did in ("Anna spoke with them.", "See QK7M-4TXA.", "x" * 201):
        page = await cleo.post(
            FORM, hidden(await cleo.get(FORM)) | {"do": "preview"} | LINE | {"did": did}
        )
        assert page.status == 422
        assert did in page.text
    assert await lines(ward) == []


async def test_the_persons_own_words_are_pointed_out(cleo):
    said = "The door by my room bangs all night."
    page = await cleo.post(
        FORM, hidden(await cleo.get(FORM)) | {"do": "preview"} | LINE | {"said": said}
    )
    assert page.status == 200
    assert "the door by my room bangs all night" in page.text
    assert "These words stand in what the person wrote." in page.text


async def test_what_is_written_is_text_on_every_page(ward, cleo):
    await publishes(cleo, said="<b>Loud</b> & bright.")
    for path in ("/changes", PAGE):
        page = (await cleo.get(path)).text
        assert "<b>Loud" not in page
        assert "&lt;b&gt;Loud" in page


async def test_without_an_outcome_there_is_no_form(ward, cleo):
    await ward.mark(PAGE.rpartition("/")[2], state=State.LOOKING, result=None)
    assert (await cleo.get(FORM)).status == 404
    assert "Write a public line" not in (await cleo.get(PAGE)).text


@pytest.mark.parametrize(("name", "status"), [("Anna Osei", 403), ("Ben Marsh", 403)])
async def test_who_may_not_publish(ward, cleo, name, status):
    browser = await ward.signed_in(name)
    assert (await browser.get(FORM)).status == status
    assert (await browser.act(FORM, "/concerns", do="publish", apart="yes")).status == status
    assert "Write a public line" not in (await browser.get(PAGE)).text


async def test_other_teams_and_the_recused_find_nothing(ward, cleo):
    assert (await (await ward.signed_in("Dev Rao")).get(FORM)).status == 404
    await ward.raise_concern("Cleo did it.", reference="H-AAAA-BBBB", kept_from=("Cleo Hart",))
    await ward.mark("H-AAAA-BBBB", state=State.OUTCOME, result=Result.CHANGED)
    assert (await cleo.get("/concerns/H-AAAA-BBBB/publish")).status == 404


async def test_a_line_can_be_withdrawn_by_whoever_answers_for_the_team(ward, cleo):
    await publishes(cleo)
    (line,) = await lines(ward)
    path = f"/changes/{line.id}/withdraw"
    for name in ("Anna Osei", "Dev Rao"):
        browser = await ward.signed_in(name)
        assert "Withdraw it" not in (await browser.get("/changes")).text
        assert (await browser.act(path, "/changes")).status == 403
    assert (await cleo.act("/changes/none/withdraw", "/changes")).status == 404
    done = await cleo.act(path, "/changes")
    assert done.headers["Location"] == "/changes?done=withdrawn"
    assert await lines(ward) == []
    assert ward.desk.house.changes.of(["willow"]) == ()
    async with ward.store.read() as conn:
        rows = (await conn.execute(select(audit.c.action, audit.c.detail))).all()
    assert ("unpublished", f"line:{line.id}") in rows
    assert ("published", f"line:{line.id}") in rows


async def test_the_list_of_lines_names_no_concern(ward, cleo):
    await publishes(cleo)
    page = await (await ward.signed_in("Dev Rao")).get("/changes")
    assert LINE["said"] in page.text
    assert "QK7M" not in page.text
