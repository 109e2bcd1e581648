"""Measures: of what each may read, by team and never by person, small numbers hidden."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import insert, select

from bot.casework.access import Duty, may_do
from bot.desk.export_tables import cell
from storage import audit, counts, schema
from storage.audit import Line
from tests.console.conftest import NOW

DAY = timedelta(days=1)


def tables(page) -> dict[str, dict[str, list[str]]]:
    found = {}
    for title, body in re.findall(
        r"<caption>(.*?), last \d+ days</caption>.*?<tbody>(.*?)</tbody>", page.text, re.DOTALL
    ):
        rows = re.findall(r'<th scope="row" dir="auto">(.*?)</th>(.*?)</tr>', body, re.DOTALL)
        found[title] = {
            unescape(name): [unescape(one) for one in re.findall(r"<td>(.*?)</td>", cells)]
            for name, cells in rows
        }
    return found


async def raised(ward, count: int, *, first: int = 0, columns=None, **more) -> list[str]:
    ids = []
    for n in range(first, first + count):
        reference = await ward.raise_concern("Words.", reference=f"H-{n:04d}-{n:04d}", **more)
        ids.append(await ward.mark(reference, **(columns or {"missed": 0})))
    return ids


async def seen(ward, name: str, path: str = "/measures"):
    return await (await ward.signed_in(name)).get(path)


async def test_it_shows_how_people_were_heard(ward):
    answered = {
        "acknowledged_at": NOW + DAY,
        "answered_at": NOW + 5 * DAY,
        "result": "changed",
        "answered_me": True,
    }
    ids = await raised(ward, 12, columns=answered)
    await raised(ward, 6, first=20, columns={"result": "not-changed", "answered_me": False})
    await raised(ward, 6, first=40, columns={"reopened": 1, "undelivered": True})
    async with ward.store.write() as conn:
        lines = [Line(NOW, None, "promise-kept", one, "answer:2026-12-01") for one in ids]
        lines += [Line(NOW, None, "promise-broken", one, "answer:2026-12-01") for one in ids[:6]]
        await audit.note_many(conn, lines)
    page = await seen(ward, "Cleo Hart")
    assert page.status == 200
    found = tables(page)
    assert found["Heard back"] == {"Willow Ward": ["25", "75%"], "All of these": ["25", "75%"]}
    assert found["Days to acknowledge"]["Willow Ward"] == ["1", "1"]
    assert found["Days to a first answer"]["Willow Ward"] == ["5", "5"]
    assert found["Promises"]["Willow Ward"] == ["10", "5", "65%"]
    assert found["What came of them"]["Willow Ward"] == ["65%", "<5", "35%"]
    assert found["That answered me"]["Willow Ward"] == ["20", "65%"]
    assert found["Opened again, or out of reach"]["Willow Ward"] == ["5", "5"]
    assert found["Who spoke"]["Willow Ward"] == ["nearly all", "<5"]
    assert "concerns that you may read" in page.text


async def test_working_days_are_counted_where_the_promise_is_in_working_days(ward):
    """Sent on a Wednesday and acknowledged on the next Monday."""
    await raised(ward, 6, columns={"acknowledged_at": NOW + 5 * DAY, "answered_at": NOW + 5 * DAY})
    found = tables(await seen(ward, "Cleo Hart"))
    assert found["Days to acknowledge"]["Willow Ward"] == ["3", "none"]
    assert found["Days to a first answer"]["Willow Ward"] == ["5", "none"]


async def test_who_is_kept_from_concerns_sees_nothing_of_them(ward):
    """Left out at sending, or a key that slipped through: the page of a ward without concerns."""
    empty = (await seen(ward, "Cleo Hart")).text
    await raised(ward, 6, kept_from=("Cleo Hart",), columns={"reopened": 1, "result": "changed"})
    slipped = await raised(ward, 7, first=20, columns={"undelivered": True})
    async with ward.store.write() as conn:
        values = [{"concern_id": one, "staff_id": ward.ids["Cleo Hart"]} for one in slipped]
        await conn.execute(insert(schema.exclusions), values)
        lines = [Line(NOW, None, "promise-kept", one, "answer:2026-12-01") for one in slipped]
        await audit.note_many(conn, lines)
    strip = re.compile(r'name="csrf" value="[^"]*"')
    assert strip.sub("", (await seen(ward, "Cleo Hart")).text) == strip.sub("", empty)
    assert tables(await seen(ward, "Anna Osei"))["Heard back"]["Willow Ward"][0] == "15"
    assert "Willow" not in (await seen(ward, "Cleo Hart", "/measures.csv")).text


async def test_small_numbers_are_hidden_and_teams_stand_by_name(ward):
    await raised(ward, 3, columns={"result": "changed"})
    await raised(ward, 8, first=20, team="birch", columns={"result": "changed"})
    found = tables(await seen(ward, "Ines Bell"))["Heard back"]
    assert list(found) == ["Birch Community Team", "Willow Ward", "All of these"]
    assert found["Willow Ward"] == ["<5", "<5"]
    assert found["Birch Community Team"][0] == "<5"  # or the sum would give the other away
    assert found["All of these"][0] == "10"


async def test_the_time_can_be_chosen_and_what_is_none_is_not(ward):
    await raised(ward, 6, columns={"sent_at": NOW - 60 * DAY})
    browser = await ward.signed_in("Anna Osei")
    for days, there in ((30, False), (90, True), (365, True), (7, True), ("x", True)):
        page = await browser.get(f"/measures?days={days}")
        assert ("Willow Ward" in page.text) is there
    assert "Last 7 days" not in page.text


async def test_where_people_stop_is_of_ones_own_teams(ward):
    day = NOW.date()
    happened = {
        ("willow", "place", "shown"): 40,
        ("willow", "place", "stopped"): 10,
        ("birch", "place", "shown"): 100,
        ("", "place", "shown"): 500,
    }
    async with ward.store.write() as conn:
        await counts.add(conn, day, happened)
    for name, shown in (("Cleo Hart", "40"), ("Dev Rao", "100"), ("Ines Bell", "140")):
        found = tables(await seen(ward, name))["Where people stop"]
        assert [cells[0] for cells in found.values()] == [shown]


async def test_the_file_holds_the_figures_of_the_page(ward):
    await raised(ward, 8, columns={"result": "changed"})
    page = tables(await seen(ward, "Cleo Hart", "/measures?days=30"))
    answer = await seen(ward, "Cleo Hart", "/measures.csv?days=30")
    assert answer.status == 200
    headers = {name.lower(): value for name, value in answer.headers.items()}
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert "measures-30-days.csv" in headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = [one for one in rows if one["measure"] == "Heard back" and one["row"] == "Willow Ward"]
    assert [one["value"] for one in found] == page["Heard back"]["Willow Ward"]
    assert {one["days"] for one in rows} == {"30"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text):
    assert cell(text) == f"'{text}"


async def test_only_those_whose_roles_allow_it_see_them(ward):
    for path in ("/measures", "/measures.csv"):
        for name in ("Anna Osei", "Ben Marsh", "Cleo Hart", "Dev Rao", "Ines Bell"):
            allowed = may_do(await ward.member(name), Duty.SEE_MEASURES)
            browser = await ward.signed_in(name)
            assert (await browser.get(path)).status == (200 if allowed else 403)
            home = await browser.get("/concerns")
            assert ('href="/measures"' in home.text) is allowed


async def test_nobody_is_named(ward):
    await raised(ward, 6, columns={"owner_id": ward.ids["Anna Osei"]})
    page = await seen(ward, "Ines Bell")
    for name in ward.ids:
        assert name not in page.text.partition("<main")[2]
    async with ward.store.read() as conn:
        references = (await conn.execute(select(schema.concerns.c.reference))).scalars()
        assert not any(one in page.text for one in references)
