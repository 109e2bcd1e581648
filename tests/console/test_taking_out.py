"""Taking concerns out: a reason each time, only what one may read, and nothing of who it was."""

from __future__ import annotations

import csv
import json
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.desk import exporting
from storage import audit, concerns
from storage.concerns import NewPart, add_parts
from tests.console.annas_desk import MOTHER

ONE = "/concerns/QK7M-4TXA/take-out"
ASKED = {"reason": "inspection"}


async def id_of(ward, reference):
    async with ward.store.read() as conn:
        return (await concerns.by_reference(conn, [reference]))[reference].id


async def deeds(ward, reference="QK7M-4TXA"):
    concern = await id_of(ward, reference)
    async with ward.store.read() as conn:
        return [one for one in await audit.of_concern(conn, concern) if one.action == "exported"]


async def raw(browser, path, on, **fields):
    """The bytes of a file, and its headers."""
    page = await browser.get(on)
    fields = {"csrf": page.csrf, **fields}
    async with browser.http.post(browser.url + path, data=fields, allow_redirects=False) as answer:
        return answer.status, await answer.read(), answer.headers


@pytest.fixture
async def cleo(ward):
    await ward.raise_concern(MOTHER, said=(("added", "=HYPERLINK(1)"),))
    concern = await id_of(ward, "QK7M-4TXA")
    note = NewPart("e" * 32, concern, "staff-note", ward.ids["Anna Osei"], ward.clock.now(), b"nb!")
    async with ward.store.write() as conn:
        await add_parts(conn, [note])
    return await ward.signed_in("Cleo Hart")


async def test_a_concern_is_taken_out_as_a_table(ward, cleo):
    status, body, headers = await raw(cleo, ONE, ONE, format="csv", **ASKED)
    assert status == 200
    assert headers["content-disposition"] == 'attachment; filename="QK7M-4TXA.csv"'
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(body.decode("utf-8-sig").splitlines()))
    assert MOTHER in [row["text"] for row in rows]
    assert "'=HYPERLINK(1)" in [row["text"] for row in rows]
    assert b"nb!" not in body
    [line] = await deeds(ward)
    assert line.detail == "reason:inspection format:csv"
    assert line.staff_id == ward.ids["Cleo Hart"]


async def test_staffs_notes_come_only_when_chosen(ward, cleo):
    _, body, _ = await raw(cleo, ONE, ONE, format="json", notes="yes", **ASKED)
    [entry] = json.loads(body)
    assert "nb!" in [part["text"] for part in entry["parts"]]
    assert (await deeds(ward))[0].detail.endswith(" staff-notes")


async def test_paper_can_be_read_back(ward, cleo):
    await ward.raise_concern("Zażółć 日本 & <b>x</b>", reference="PAPER-1")
    where = "/concerns/PAPER-1/take-out"
    status, body, headers = await raw(cleo, where, where, format="pdf", **ASKED)
    assert (status, headers["content-type"]) == (200, "application/pdf")
    [page] = PdfReader(BytesIO(body)).pages
    text = page.extract_text()
    assert [round(float(one)) for one in page.mediabox[2:]] == [595, 842]  # A4
    assert "PAPER-1" in text and "& <b>x</b>" in text
    assert "not in this paper's font" in text.replace("\n", " ")
    assert "For an inspection" in text


async def test_without_a_reason_nothing_leaves(ward, cleo):
    for fields, said in (
        ({"format": "csv"}, "Choose what it is for."),
        ({"format": "csv", "reason": "other", "why": " "}, "Say in a few words"),
        ({"format": "exe", **ASKED}, "Choose how it is written."),
    ):
        status, body, _ = await raw(cleo, ONE, ONE, **fields)
        assert (status, said in body.decode()) == (422, True)
    assert await deeds(ward) == []


async def test_another_reason_is_kept_sealed_with_the_concern(ward, cleo):
    _, body, _ = await raw(cleo, ONE, ONE, format="csv", reason="other", why="for the coroner")
    assert b"coroner" not in body
    assert (await deeds(ward))[0].detail == "reason:other format:csv"
    assert "for the coroner" in (await cleo.get("/concerns/QK7M-4TXA")).text


@pytest.mark.parametrize(("name", "status"), [("Anna Osei", 403), ("Ben Marsh", 403)])
async def test_whoever_answers_for_no_others_may_not(ward, cleo, name, status):
    browser = await ward.signed_in(name)
    csrf = (await browser.get("/concerns/QK7M-4TXA")).csrf
    fields = {"csrf": csrf, "format": "csv", **ASKED}
    for path in (ONE, "/take-out"):
        assert (await browser.get(path)).status == status
        assert (await browser.post(path, fields)).status == status
    assert "take-out" not in (await browser.get("/concerns/QK7M-4TXA")).text
    assert await deeds(ward) == []


async def test_what_one_is_kept_from_is_never_taken_out(ward, cleo):
    await ward.raise_concern("about Cleo", reference="CLEO-KEPT", kept_from=["Cleo Hart"])
    await ward.raise_concern("elsewhere", reference="BIRCH-1", team="birch")
    csrf = (await cleo.get(ONE)).csrf
    for one in ("CLEO-KEPT", "BIRCH-1", "NOTHING"):
        path = f"/concerns/{one}/take-out"
        assert (await cleo.get(path)).status == 404
        assert (await cleo.post(path, {"csrf": csrf, "format": "csv", **ASKED})).status == 404
    assert "1 concern</strong>" in (await cleo.get("/take-out")).text
    _, body, _ = await raw(cleo, "/take-out", "/take-out", format="json", **ASKED)
    assert [one["reference"] for one in json.loads(body)] == ["QK7M-4TXA"]
    assert await deeds(ward, "CLEO-KEPT") == []


async def test_many_are_taken_out_in_slices_and_each_is_noted(ward, cleo):
    references = [f"MANY-{n:04}" for n in range(exporting.AT_ONCE + 5)]
    for one in references:
        await ward.raise_concern("words", reference=one)
    page = await cleo.get("/take-out?team=willow&since=2026-11-01&until=2026-11-30")
    assert f"{len(references) + 1} concerns</strong>" in page.text
    status, body, headers = await raw(
        cleo, "/take-out", "/take-out", format="lfpse", team="willow", **ASKED
    )
    rows = list(csv.DictReader(body.decode("utf-8-sig").splitlines()))
    assert (status, len(rows)) == (200, len(references) + 1)
    assert headers["content-disposition"] == 'attachment; filename="concerns-2026-11-25.csv"'
    assert {row["ReporterType"] for row in rows} == {"1"}
    for one in (references[0], references[-1]):
        assert len(await deeds(ward, one)) == 1
    assert "0 concerns</strong>" in (await cleo.get("/take-out?until=2026-11-01")).text


async def test_a_file_needs_the_token_of_a_form(ward, cleo):
    for path in (ONE, "/take-out"):
        assert (await cleo.post(path, {"csrf": "x", "format": "csv", **ASKED})).status == 403
    assert await deeds(ward) == []


async def test_a_day_beyond_all_calendars_counts_as_not_chosen(cleo):
    assert (await cleo.get("/take-out?until=9999-12-31")).status == 200
