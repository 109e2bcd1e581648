"""One concern that only it makes any number other than nothing, and a lead who is left out of it:
every page of hers is the same, to the letter, as if nobody had ever sent it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.console.concern.pages import REFUSALS
from storage import concern_links, concerns, published
from storage.concerns import NewPart
from storage.published import Published
from tests.console.conftest import NOW
from tests.console.matrix import PEOPLE, file_in, hire, send, staffed

CLEO, ANNA = "Cleo Hart", "Anna Osei"
SECRET, WORD = "ZQZQ-ZQZQ", "xylophone"
HERS = [f"H-{n:04d}-{n:04d}" for n in range(8)]
STRANGE = "Help stopped, late or missing"
TABS = ("now", "urgent", "mine", "new", "overdue", "us", "them", "closed")
TAKE = {"format": "csv", "reason": "inspection", "notes": "yes"}


@pytest.fixture
async def leads(ward):
    """A ward of eight plain concerns, Cleo signed in, and Anna, who reads everything here."""
    await staffed(ward)
    for reference in HERS:
        await send(ward, reference, "willow")
    return await ward.signed_in(CLEO)


async def apart(ward) -> str:
    """The concern: urgent, overdue, opened again, with a copy owed, coded, with a file, and one of
    Cleo's related to it; opened and worked on by Anna. Returns its id."""
    await send(ward, SECRET, "willow", (CLEO,), words=f"The {WORD} was Cleo's.")
    late = NOW - timedelta(days=3)
    concern = await ward.mark(
        SECRET, in_danger=True, due_at=late, missed=2, level=1, result="not-changed", reopened=3,
        undelivered=True, owner_id=ward.ids[ANNA],
    )  # fmt: skip
    async with ward.store.write() as conn:
        near = (await concerns.by_reference(conn, [HERS[0]]))[HERS[0]].id
        await concern_links.relate(conn, concern, near, ward.ids[ANNA], NOW)
        topic = NewPart("e" * 32, concern, "topic", None, NOW, STRANGE.encode())
        coded = NewPart("d" * 32, concern, "coded", ward.ids[ANNA], NOW, b'["communication"]')
        await concerns.add_parts(conn, [topic, coded])
    await file_in(ward, SECRET)
    anna = await ward.signed_in(ANNA)
    assert (await anna.get(f"/concerns/{SECRET}")).status == 200
    noted = await anna.act(f"/concerns/{SECRET}/note", f"/concerns/{SECRET}", note="For us.")
    assert noted.status == 303
    return concern


def plain(answer) -> tuple[int, str]:
    """The page without what is new at each visit."""
    text = re.sub(r'name="csrf" value="[^"]*"', "", answer.text)
    return answer.status, re.sub(r"asked=[0-9a-f]+", "", text)


async def looked(browser, words: str):
    answer = await browser.act("/concerns/search", "/concerns/search", words=words)
    return await browser.get(answer.headers["Location"])


async def same(ward, browser, path: str) -> None:
    """`path` before and after; and it is not the same for Anna or an independent colleague."""
    before = plain(await browser.get(path))
    await apart(ward)
    after = plain(await browser.get(path))
    assert after == before
    assert before[0] == 200
    assert SECRET not in after[1]


@pytest.mark.parametrize("tab", TABS)
async def test_the_lists_and_their_counts_know_nothing_of_it(ward, leads, tab):
    await same(ward, leads, f"/concerns?show={tab}")


async def test_those_lists_do_show_it_to_a_colleague(ward, leads):
    await apart(ward)
    page = await (await ward.signed_in(ANNA)).get("/concerns")
    assert SECRET in page.text


@pytest.mark.parametrize("words", [WORD, SECRET, "ZQZQ"])
async def test_no_search_finds_it_nor_counts_it_among_what_was_gone_through(ward, leads, words):
    await apart(ward)
    page = await looked(leads, words)
    assert "Nothing found" in page.text
    assert WORD not in page.text.replace(f'value="{words}"', "")
    assert f"{len(HERS) + 1}" not in re.findall(r"\b\d+\b", page.text.partition("<main")[2])
    found = await looked(await ward.signed_in(ANNA), words)
    assert f"/concerns/{SECRET}" in found.text


@pytest.mark.parametrize("path", ["/themes", "/measures", "/measures?days=365", "/measures.csv"])
async def test_charts_tables_and_measures_count_as_if_it_were_not_there(ward, leads, path):
    await same(ward, leads, path)


@pytest.mark.parametrize("path", ["/themes", "/measures.csv"])
async def test_those_numbers_do_move_for_a_colleague(ward, leads, path):
    anna = await ward.signed_in(ANNA)
    before = plain(await anna.get(path))
    for n in range(6):
        await send(ward, f"Y-{n:04d}-{n:04d}", "willow", (CLEO,))
    assert plain(await anna.get(path)) != before


async def test_the_record_has_no_line_about_it(ward, leads):
    await same(ward, leads, "/audit")
    told = await (await ward.signed_in("Ines Bell")).get("/audit")
    assert SECRET in told.text


async def test_it_is_neither_counted_nor_taken_out_with_the_others(ward, leads):
    await same(ward, leads, "/take-out")
    for shape in ("csv", "json", "lfpse"):
        file = await leads.act("/take-out", "/take-out", **(TAKE | {"format": shape}))
        assert file.status == 200
        assert HERS[0] in file.text
        assert SECRET not in file.text
        assert WORD not in file.text


async def test_a_concern_that_is_linked_to_it_shows_no_link(ward, leads):
    page = f"/concerns/{HERS[0]}"
    await leads.get(page)
    await same(ward, leads, page)
    assert SECRET in (await (await ward.signed_in(ANNA)).get(page)).text


async def test_linking_to_it_is_refused_as_linking_to_nothing_is(ward, leads):
    await apart(ward)
    page = f"/concerns/{HERS[1]}"
    answers = [
        await leads.act(f"{page}/link", page, do="relate", other=other)
        for other in (SECRET, "ZZZZ-ZZZZ")
    ]
    assert [one.status for one in answers] == [409, 409]
    assert all(REFUSALS["no-such"] in one.text for one in answers)


@pytest.mark.parametrize("path", ["/people", "/people/access", "/changes", "/me"])
async def test_pages_about_people_and_lines_say_nothing_of_it(ward, leads, path):
    await same(ward, leads, path)


async def test_a_line_published_from_it_leads_back_to_nothing(ward, leads):
    concern = await apart(ward)
    line = Published("b" * 32, "willow", "A said", "A did", NOW, ward.ids[ANNA], concern)
    async with ward.store.write() as conn:
        await published.add(conn, line)
    page = await leads.get("/changes")
    assert "A did" in page.text
    assert SECRET not in page.text
    assert concern not in page.text


async def test_a_new_colleague_whom_the_lead_lets_in_gets_no_key_to_it(ward, leads):
    concern = await apart(ward)
    await hire(ward, "Nia Webb", (("willow", "answerer"),))
    form = {"team": "willow", "to": ward.ids["Nia Webb"]}
    given = await leads.act("/people/access", "/people/access", **form)
    assert given.status == 200
    async with ward.store.read() as conn:
        assert ward.ids["Nia Webb"] not in (await concerns.readers(conn, [concern]))[concern]
    nia = await ward.signed_in("Nia Webb")
    assert (await nia.get(f"/concerns/{SECRET}")).status == 404
    assert (await nia.get(f"/concerns/{HERS[0]}")).status == 200


async def stepped_back(ward, browser) -> None:
    """Cleo read it, searched it and counted it; then she steps back."""
    await send(ward, SECRET, "willow", words=f"The {WORD} was Cleo's.")
    page = f"/concerns/{SECRET}"
    await browser.get(page)
    assert SECRET in (await looked(browser, WORD)).text
    assert (await browser.get("/themes")).status == 200
    done = await browser.act(f"{page}/step-back", f"{page}/step-back", sure="yes", reason="")
    assert done.status == 303


@pytest.mark.parametrize("path", ["/concerns", "/themes", "/measures", "/take-out", "/me"])
async def test_after_stepping_back_the_same_session_shows_what_it_showed_before(ward, leads, path):
    before = plain(await leads.get(path))
    await stepped_back(ward, leads)
    assert plain(await leads.get(path)) == before


async def test_what_a_session_had_read_for_its_search_is_gone_after_stepping_back(ward, leads):
    await stepped_back(ward, leads)
    for words in (WORD, SECRET):
        assert "Nothing found" in (await looked(leads, words)).text
    assert (await leads.get(f"/concerns/{SECRET}")).status == 404
    assert SECRET not in (await leads.get("/audit")).text


async def test_a_search_that_was_open_in_another_window_shows_it_no_more(ward, leads):
    await send(ward, SECRET, "willow", words=f"The {WORD} was Cleo's.")
    asked = await leads.act("/concerns/search", "/concerns/search", words=WORD)
    where = asked.headers["Location"]
    assert SECRET in (await leads.get(where)).text
    page = f"/concerns/{SECRET}"
    await leads.act(f"{page}/step-back", f"{page}/step-back", sure="yes", reason="")
    assert SECRET not in (await leads.get(where)).text


async def test_whoever_leaves_has_no_session_left_that_could_show_anything(ward, leads):
    await send(ward, SECRET, "willow", words=f"The {WORD} was here.")
    anna = await ward.signed_in(ANNA)
    assert SECRET in (await looked(anna, WORD)).text
    leave = f"/people/{ward.ids[ANNA]}/leave"
    assert (await leads.act(leave, leave, sure="yes")).status == 303
    for path in ("/concerns", "/themes", "/measures", "/concerns/search", f"/concerns/{SECRET}"):
        assert (await anna.get(path)).status == 303
    assert (await ward.browser().sign_in(ANNA)).status == 401
    assert ANNA in {name for _, name, _ in PEOPLE.values()}
