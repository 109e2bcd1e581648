"""What concerns are about: coded by staff, counted of what each may read, small numbers hidden."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import insert, select

from bot.desk.themes import Opened
from storage.schema import audit, exclusions, parts
from tests.console.annas_desk import PAGE, REFERENCE

HURT = "Hurt, scared or not safe"
HEARD = "Not listened to, or judged"


async def raised(ward, count: int, topic: str = HURT, *, first: int = 0, **more) -> list[str]:
    return [
        await ward.raise_concern(
            f"Words {n}.", reference=f"H-{n:04d}-{n:04d}", said=(("topic", topic),), **more
        )
        for n in range(first, first + count)
    ]


def tables(page) -> dict[str, dict[str, str]]:
    found = {}
    for title, body in re.findall(
        r"<caption>(.*?)</caption>.*?<tbody>(.*?)</tbody>", page.text, re.DOTALL
    ):
        rows = re.findall(r'<th scope="row" dir="auto">(.*?)</th><td>(.*?)</td>', body)
        found[unescape(title)] = {unescape(name): unescape(text) for name, text in rows}
    return found


def pictures(page) -> dict[str, list[str]]:
    """The marks of each picture, in the order of its shapes."""
    found = {}
    for title, body in re.findall(
        r'<svg class="chart" role="img".*?<title[^>]*>(.*?): the same.*?</title>(.*?)</svg>',
        page.text,
        re.DOTALL,
    ):
        marks = re.findall(r'<text class="mark[^"]*"[^>]*>(.*?)</text>', body)
        found[unescape(title)] = [unescape(one) for one in marks]
    return found


async def test_pictures_and_tables_show_the_same_numbers(ward):
    await raised(ward, 9)
    await raised(ward, 12, HEARD, first=20)
    page = await (await ward.signed_in("Cleo Hart")).get("/themes")
    assert page.status == 200
    told = tables(page)["What people tapped"]
    assert (told[HEARD], told[HURT]) == ("12", "not shown")
    signs = {"fewer than 5": "<5", "not shown": "\u2013"}
    shown = pictures(page)
    assert list(shown) == ["What people tapped", "By team"]  # no picture where all is hidden
    for title, marks in shown.items():
        assert marks == [signs.get(text, text) for text in tables(page)[title].values()]
    assert "style=" not in page.text
    assert "<script" not in page.text


async def test_small_numbers_are_words_and_the_sum_gives_none_away(ward):
    await raised(ward, 9)
    await raised(ward, 7, first=20, team="birch")
    await raised(ward, 2, HEARD, first=40)
    await raised(ward, 3, "Help stopped, late or missing", first=60)
    browser = await ward.signed_in("Ines Bell")
    page = await browser.get("/themes")
    assert "Concerns counted: <strong>21</strong>" in page.text
    told = tables(page)["What people tapped"]
    assert told[HEARD] == "fewer than 5"
    assert told[HURT] == "16"  # three small ones hide each other
    assert set(tables(page)["By team"].values()) == {"14", "7"}


async def test_too_few_show_nothing_at_all(ward):
    await raised(ward, 4)
    page = await (await ward.signed_in("Cleo Hart")).get("/themes")
    assert "Concerns counted: <strong>fewer than 5</strong>" in page.text
    assert tables(page) == {}
    assert HURT not in page.text


async def test_whoever_is_left_out_finds_nothing_of_it(ward):
    await raised(ward, 10)
    cleo = await ward.signed_in("Cleo Hart")
    before = await cleo.get("/themes")
    await raised(ward, 11, HEARD, first=50, kept_from=("Cleo Hart",))
    assert (await cleo.get("/themes")).text == before.text
    everything = await (await ward.signed_in("Anna Osei")).get("/themes")
    assert tables(everything)["What people tapped"][HEARD] == "11"


async def test_whoever_steps_out_later_has_it_in_no_number_although_it_was_opened(ward):
    await raised(ward, 8)
    cleo = await ward.signed_in("Cleo Hart")
    assert tables(await cleo.get("/themes"))["By team"] == {"Willow Ward": "8"}
    last = await ward.mark("H-0007-0007", level=0)
    async with ward.store.write() as conn:
        out = {"concern_id": last, "staff_id": ward.ids["Cleo Hart"]}
        await conn.execute(insert(exclusions).values(out))
    assert tables(await cleo.get("/themes"))["By team"] == {"Willow Ward": "7"}


async def test_what_is_older_than_a_year_does_not_count(ward):
    await raised(ward, 6)
    await ward.mark("H-0000-0000", sent_at=ward.clock.now() - timedelta(days=400))
    page = await (await ward.signed_in("Cleo Hart")).get("/themes")
    assert "Concerns counted: <strong>5</strong>" in page.text


async def test_readers_may_not_see_it(ward):
    browser = await ward.signed_in("Ben Marsh")
    assert (await browser.get("/themes")).status == 403
    assert 'href="/themes"' not in (await browser.get("/concerns")).text


async def test_staff_code_it_and_what_the_person_tapped_stays(ward):
    await ward.raise_concern("It was loud.", said=(("topic", HURT),))
    anna = await ward.signed_in("Anna Osei")
    before = await anna.get(PAGE)
    assert "Staff have not coded it yet." in before.text
    fields = {"theme-practice": "yes", "theme-training": "yes", "theme-nonsense": "yes"}
    done = await anna.act(f"{PAGE}/code", PAGE, **fields)
    assert (done.status, done.headers["Location"]) == (303, f"{PAGE}?done=coded")
    page = await anna.get(PAGE)
    assert f'tapped: <strong dir="auto">{HURT}</strong>' in page.text
    assert "<li>Training</li>" in page.text
    await anna.act(f"{PAGE}/code", PAGE, **{"theme-team": "yes"})
    later = await anna.get(PAGE)
    assert "<li>Training</li>" not in later.text
    assert "Care that neglects or controls; Training." in later.text
    assert "It was said what this is about by you" in later.text
    assert '["team"]' not in later.text


async def test_codes_are_sealed_and_audited(ward):
    await ward.raise_concern("It was loud.", said=(("topic", HURT),))
    anna = await ward.signed_in("Anna Osei")
    await anna.get(PAGE)
    await anna.act(f"{PAGE}/code", PAGE, **{"theme-misconduct": "yes"})
    async with ward.store.read() as conn:
        bodies = (await conn.execute(select(parts.c.body).where(parts.c.kind == "coded"))).scalars()
        lines = (await conn.execute(select(audit).where(audit.c.action == "coded"))).all()
    assert [b"misconduct" in one for one in bodies] == [False]
    assert [(one.staff_id, one.detail) for one in lines] == [(ward.ids["Anna Osei"], "")]


async def test_what_was_coded_is_counted_at_once(ward):
    await raised(ward, 6)
    cleo = await ward.signed_in("Cleo Hart")
    await cleo.get("/themes")
    for n in range(5):
        page = f"/concerns/H-{n:04d}-{n:04d}"
        await cleo.get(page)
        await cleo.act(f"{page}/code", page, **{"theme-training": "yes"})
    told = tables(await cleo.get("/themes"))
    assert told["What contributed, as staff coded it"]["Training"] == "5"
    assert set(told["Sources of harm, as staff coded them"].values()) == {"fewer than 5"}


@pytest.mark.parametrize(("name", "status"), [("Ben Marsh", 403), ("Dev Rao", 404)])
async def test_who_may_not_code(ward, name, status):
    await ward.raise_concern("It was loud.")
    browser = await ward.signed_in(name)
    assert (await browser.act(f"{PAGE}/code", "/concerns")).status == status


async def test_it_is_to_be_opened_first(ward):
    await ward.raise_concern("It was loud.")
    anna = await ward.signed_in("Anna Osei")
    refused = await anna.act(f"{PAGE}/code", "/concerns", **{"theme-team": "yes"})
    assert refused.status == 409
    assert REFERENCE in refused.text


async def test_what_a_session_opened_goes_with_it(ward):
    console = ward.console()
    await ward.server.stop()
    await ward.open_doors(console)
    await raised(ward, 6)
    cleo = await ward.signed_in("Cleo Hart")
    await cleo.get("/themes")
    session = console.sessions.find(cleo.token)
    known = session.memory["themes"]
    assert isinstance(known, Opened)
    assert len(known._known) == 6
    await cleo.act("/sign-out", "/themes")
    assert session.memory == {}
