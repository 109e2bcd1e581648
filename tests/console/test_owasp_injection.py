"""OWASP: every field of every form, filled with what could run as a page, a question to the
database, a table's formula, a header or a message's markup; and nothing of it left lying about."""

from __future__ import annotations

import csv
import io
from html import unescape

import pytest

from storage import concerns
from storage.concerns import NewPart
from tests.console.browsing import passphrase_of
from tests.console.conftest import NOW
from tests.console.forms import forms_of
from tests.console.matrix import ONE, ROWS, WILLOW, furnished
from tests.e2e.haystack import Haystack, forms_of_text

GRACE, CLEO = "Grace Okoro", "Cleo Hart"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>marzipanned</b>",
    "{{ 7 * 11939131 }} ${7*11939131} <%= 7*11939131 %> {% raise %}",
    "'); DROP TABLE concerns; -- \" OR 1=1 /*",
    "a@b.example\r\nBcc: c@d.example\r\n\r\nSet-Cookie: heard=x",
    '=HYPERLINK("http://evil.example";"x")',
    "../../../etc/passwd\u202e\u0000\ud83d",
)
RAW = ("<script>alert", "<img src=x", "<b>marz", "83573917", "onerror=alert(2)>\"'><b>")
FORMULAS = ("=1+1", "+44 20", "-2", "@sum(a1)", "\tx", "\rx")
MARKS = ("marzipanning", "Zeppelinwise", "hullabalooing")


async def pages(scene, browser):
    """Every page that Grace can open, with its address."""
    await scene.ward.mark(WILLOW, state="outcome", result="changed")
    for row in ROWS:
        if row.method == "GET" and "{part}" not in row.path:
            if not row.path.startswith(ONE) or row.path.endswith("publish"):
                state = "outcome"
            else:
                state = "sent"
            await scene.ward.mark(WILLOW, state=state)
            where = scene.address(row, WILLOW)
            yield where, await browser.get(where)


async def fill_everything(scene, browser, words: str):
    """Write into every field of every form; all that was answered."""
    answers, written = [], 0
    async for where, page in pages(scene, browser):
        for form in forms_of(page):
            if form.action == "/sign-out" or not form.written:
                continue
            fields = form.filled(words.encode("utf-8", "replace").decode())
            answers.append((form.action, await browser.post(form.action or where, fields)))
            written += len(form.written)
    assert written > 40
    return answers


@pytest.mark.parametrize(
    "words", HOSTILE, ids=["html", "template", "sql", "header", "table", "odd"]
)
async def test_whatever_is_written_into_any_field_stays_words(ward, words):
    scene = await furnished(ward, CLEO)
    grace = await ward.signed_in(GRACE)
    answers = await fill_everything(scene, grace, words)
    answers += [one async for one in pages(scene, grace)]
    for where, answer in answers:
        assert answer.status < 500, where
        assert not any(raw in answer.text for raw in RAW), where
        assert "bcc" not in {name.lower() for name in answer.headers}
        assert "heard=x" not in str(answer.cookies)
        assert answer.headers.get("Location", "/").startswith("/")
        assert not answer.headers.get("Location", "/").startswith("//")
    async with ward.store.read() as conn:
        assert WILLOW in await concerns.by_reference(conn, [WILLOW])


@pytest.mark.parametrize("words", HOSTILE[:3], ids=["html", "template", "sql"])
async def test_what_a_person_wrote_stays_words_on_every_page(ward, words):
    scene = await furnished(ward, CLEO)
    async with ward.store.write() as conn:
        concern = (await concerns.by_reference(conn, [WILLOW]))[WILLOW].id
        kinds = ("words", "place", "for-whom", "topic", "danger-details", "write-to", "kept-from")
        new = [
            NewPart(f"{n:032x}", concern, kind, None, NOW, words.encode())
            for n, kind in enumerate(kinds)
        ]
        await concerns.add_parts(conn, new)
    grace = await ward.signed_in(GRACE)
    shown = ""
    async for where, page in pages(scene, grace):
        assert page.status == 200, where
        assert not any(raw in page.text for raw in RAW), where
        shown += page.text
    assert words in unescape(shown)


@pytest.mark.parametrize("name", ["tab", "list", "team", "state", "before", "page", "days", "done"])
async def test_what_stands_in_an_address_is_no_code_and_no_fault(ward, name):
    await furnished(ward, CLEO)
    grace = await ward.signed_in(GRACE)
    for path in ("/concerns", "/concerns/search", "/audit", "/measures", "/take-out", "/people"):
        for value in ("%3Cscript%3Ealert(1)", "'%20OR%201=1--", "-1", "9" * 40, "%00", "%ff"):
            page = await grace.get(f"{path}?{name}={value}")
            assert page.status < 500, (path, value)
            assert "<script>alert" not in page.text
    for reference in ("'%20OR%20'1'='1", "%2e%2e%2f", "%00", "%ff", "x" * 3000):
        assert (await grace.get(f"/concerns/{reference}")).status == 404


@pytest.mark.parametrize("shape", ["csv", "lfpse"])
async def test_no_cell_of_a_table_begins_a_formula(ward, shape):
    scene = await furnished(ward, CLEO)
    async with ward.store.write() as conn:
        concern = (await concerns.by_reference(conn, [WILLOW]))[WILLOW].id
        new = [
            NewPart(f"{n:032x}", concern, "words", None, NOW, one.encode())
            for n, one in enumerate(FORMULAS)
        ]
        await concerns.add_parts(conn, new)
    grace = await ward.signed_in(GRACE)
    form = {"format": shape, "reason": "inspection", "notes": "yes"}
    for path in ("/take-out", f"/concerns/{WILLOW}/take-out"):
        await grace.get(f"/concerns/{WILLOW}")
        file = await grace.act(path, path, **form)
        assert file.status == 200
        assert file.headers["Content-Disposition"].startswith("attachment; filename=")
        cells = [cell for row in csv.reader(io.StringIO(file.text)) for cell in row]
        assert len(cells) > 20
        assert not any(one.startswith(("=", "+", "-", "@", "\t", "\r")) for one in cells)
    measures = await grace.get("/measures.csv")
    cells = [cell for row in csv.reader(io.StringIO(measures.text)) for cell in row]
    assert not any(one.startswith(("=", "+", "-", "@", "\t", "\r")) for one in cells)
    assert scene.line


async def test_a_message_to_a_phone_has_no_markup_of_anybodys(ward):
    """What staff write goes out as it is, and nothing that is sent says how it should be read."""
    await furnished(ward, CLEO)
    grace, words = await ward.signed_in(GRACE), "<b>We</b> [met](http://evil.example) *you* `now`."
    page = f"/concerns/{WILLOW}"
    await grace.get(page)
    asked = await grace.get(f"{page}/question")
    [form] = [one for one in forms_of(asked) if one.action.endswith("question") or not one.action]
    given = form.filled("Ward manager") | {"ask": words, "do": "preview"}
    preview = await grace.post(f"{page}/question", given)
    assert "<b>We" not in preview.text
    [form] = [one for one in forms_of(preview) if "seen" in one.fields]
    sent = await grace.post(f"{page}/question", form.fields | {"do": "send"})
    assert sent.status == 303
    assert any(words in one for one in await ward.queued_texts())


async def test_no_word_that_was_written_anywhere_is_in_the_log_or_the_database(ward, log, tmp_path):
    scene = await furnished(ward, CLEO)
    grace = await ward.signed_in(GRACE)
    for mark in MARKS:
        await fill_everything(scene, grace, f"{mark} here")
        for path in (f"/concerns/{mark}", f"/{mark}", f"/concerns?{mark}={mark}", f"/join/{mark}"):
            page = await grace.get(path)
            assert page.status in (200, 404)
    await ward.browser().sign_in(MARKS[0], MARKS[1])
    stolen = Haystack.of_folder(tmp_path, tmp_path / "ward" / "secrets")
    written = Haystack([log.getvalue().encode()])
    assert len(stolen) > 100_000
    assert len(written) > 1_000
    hidden = (*MARKS, *(passphrase_of(name) for name in (GRACE, CLEO)), grace.token)
    for word in hidden:
        forms = forms_of_text(word)
        assert stolen.finds(forms) == [], word
        assert written.finds(forms) == [], word
    for name in ("Okoro", "Newcombe"):
        assert written.finds(forms_of_text(name)) == []
        assert stolen.finds(forms_of_text(name)) == []
    assert Haystack([f"x {MARKS[0]} y".encode()]).finds(forms_of_text(MARKS[0]))
