"""What staff note for colleagues: kept sealed, shown on the page, and never to the person."""

from __future__ import annotations

import json
from html import unescape

import pytest

from bot.casework import marks
from bot.turns.copy_text import copy_text
from bot.turns.own_copy import Paper
from storage import audit, concerns, staff
from tests.console.annas_desk import PAGE, REFERENCE, state
from tests.console.browsing import passphrase_of

SAFEGUARDING = {"with_whom": "The council", "why": "A child is at risk", "consent": "agreed"}
ROUTE = {"to": "complaint", "reference": "C-17", "agreed": "asked", "note": "By phone"}
ON = {"on_day": "24", "on_month": "11", "on_year": "2026"}
FORMS = {
    "note": ("note", {"note": "Ring the night manager first."}),
    "safeguarding": ("mark/safeguarding", SAFEGUARDING),
    "candour": ("mark/candour", {"applies": "yes", "done": "Told face to face"}),
    "harm": ("mark/harm", {"physical": "low", "psychological": "moderate"}),
    "route": ("mark/route", {**ROUTE, **ON}),
}


async def opened(ward, name="Anna Osei"):
    async with ward.store.read() as conn:
        row = (await concerns.by_reference(conn, [REFERENCE]))[REFERENCE]
        member = await staff.by_name(conn, ward.keys, name)
        private = staff.unlock(member, passphrase_of(name))
        found = await concerns.open_parts(conn, row.id, member.id, private)
        return row, found, await audit.of_concern(conn, row.id)


@pytest.mark.parametrize("which", FORMS)
async def test_it_is_kept_sealed_and_noted_and_tells_nobody(ward, anna, which):
    path, fields = FORMS[which]
    before, queued = await opened(ward), await ward.queued_texts()
    done = await anna.act(f"{PAGE}/{path}", PAGE, **fields)
    assert done.headers["Location"] == f"{PAGE}?done=noted"
    row, found, deeds = await opened(ward)
    kind = "staff-note" if which == "note" else which
    assert (found.parts[-1].kind, found.parts[-1].author_id) == (kind, ward.ids["Anna Osei"])
    assert deeds[-2].action == "opened"
    assert deeds[-1].action == kind
    assert (row.due_at, row.state) == (before[0].due_at, before[0].state)
    assert await ward.queued_texts() == queued
    page = unescape((await (await ward.signed_in("Cleo Hart")).get(PAGE)).text)
    assert "by Anna Osei: the person never sees this" in page
    for value in fields.values():
        words = {**marks.PHYSICAL, **marks.ROUTES}.get(value, value)
        assert words in page or value.isdigit() or len(value) < 9


@pytest.mark.parametrize("which", FORMS)
async def test_the_persons_copy_has_nothing_of_it(ward, anna, which):
    path, fields = FORMS[which]
    await anna.act(f"{PAGE}/{path}", PAGE, **fields)
    row, found, deeds = await opened(ward)
    paper = Paper(ward.desk.house.wording, ward.console().zone("willow"))
    copy = copy_text(row, found, deeds, paper, ward.clock.now())
    assert "shouted at my mother" in copy
    for value in fields.values():
        assert len(value) < 9 or value not in copy


async def test_marks_stand_at_the_top_and_the_newest_counts(ward, anna):
    await anna.act(f"{PAGE}/mark/harm", PAGE, physical="low", psychological="none")
    await anna.act(f"{PAGE}/mark/harm", PAGE, physical="severe", psychological="none")
    top = (await anna.get(PAGE)).text.partition("What was said")[0]
    assert "Severe physical harm" in top
    assert "Low physical harm" not in top
    _, found, _ = await opened(ward)
    assert json.loads(found.parts[-1].words) == {"physical": "severe", "psychological": "none"}


@pytest.mark.parametrize(
    ("kind", "fields", "problem"),
    [
        ("safeguarding", {**SAFEGUARDING, "with_whom": ""}, "Write who it was shared with."),
        ("safeguarding", {**SAFEGUARDING, "consent": "x"}, "Choose whether the person was asked."),
        ("safeguarding", {**SAFEGUARDING, "consent": "no"}, "Write why it was shared all the same"),
        ("candour", {"applies": "yes"}, "Write what was done."),
        ("harm", {"physical": "low"}, "Choose the grade of psychological harm."),
        ("harm", {"physical": "low", "psychological": "fatal"}, "grade of psychological harm."),
        ("route", {**ROUTE, **ON, "agreed": "no"}, "only if the person asked for it or agreed"),
        ("route", {**ROUTE, **ON, "to": "pals", "agreed": "no"}, "only if the person asked"),
        ("route", {**ROUTE, **ON, "on_day": "26"}, "Enter a real date that is not ahead."),
        ("route", {**ROUTE, **ON, "on_day": "31"}, "Enter a real date"),
    ],
)
async def test_what_is_missing_is_said_beside_what_was_written(ward, anna, kind, fields, problem):
    page = await anna.act(f"{PAGE}/mark/{kind}", PAGE, **fields)
    assert page.status == 422
    assert problem in unescape(page.text)
    written = max(fields.values(), key=len)
    assert written in unescape(page.text).rpartition("<details open>")[2]
    _, found, _ = await opened(ward)
    assert kind not in {one.kind for one in found.parts}


@pytest.mark.parametrize("to", ["incident", "safeguarding"])
async def test_our_own_steps_need_no_yes(anna, to):
    fields = {**ROUTE, **ON, "to": to, "agreed": "no"}
    assert (await anna.act(f"{PAGE}/mark/route", PAGE, **fields)).status == 303


async def test_an_empty_note_or_an_unknown_mark_keeps_nothing(ward, anna):
    assert (await anna.act(f"{PAGE}/note", PAGE, note=" \n")).status == 422
    assert (await anna.act(f"{PAGE}/mark/kindness", PAGE, note="x")).status == 404
    assert await state(ward) == "sent"


async def test_who_may_not_is_refused(ward, anna):
    ben, dev = await ward.signed_in("Ben Marsh"), await ward.signed_in("Dev Rao")
    page = await ben.get(PAGE)
    assert "For colleagues" not in page.text
    for path, fields in FORMS.values():
        token = {"csrf": page.csrf}
        assert (await ben.post(f"{PAGE}/{path}", token | fields)).status == 403
        assert (await dev.act(f"{PAGE}/{path}", "/me", **fields)).status == 404
        assert (await anna.post(f"{PAGE}/{path}", {"csrf": "x"} | fields)).status == 403


async def test_a_note_shows_as_words_alone(anna):
    await anna.act(f"{PAGE}/note", PAGE, note="<script>alert(1)</script>{{ 7*7 }}")
    page = await anna.get(PAGE)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page.text
