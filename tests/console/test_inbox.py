"""The lists over HTTP: tabs, counts, filters, pages, and who sees nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import insert

from bot.casework.model import DueKind, State
from storage.schema import exclusions
from tests.console.conftest import NOW

TABS = ("now", "urgent", "mine", "new", "overdue", "us", "them", "closed")


def counts(page) -> dict[str, int]:
    found = re.findall(r'<span class="count">([\d,]+)</span>', page.text)
    return dict(zip(TABS, (int(one.replace(",", "")) for one in found), strict=True))


def listed(page) -> list[str]:
    return re.findall(r'<a class="row" href="/concerns/([^"]+)"', page.text)


def links(page) -> list[str]:
    return [unescape(one) for one in re.findall(r'href="(/concerns\?[^"]*)"', page.text)]


@pytest.fixture
async def busy(ward):
    """Six concerns of Willow, each for another list, and one of Birch."""
    await ward.raise_concern("New.", reference="NEWW-0001")
    for reference in ("RISK-0001", "LATE-0001", "MINE-0001", "THEM-0001", "DONE-0001"):
        await ward.raise_concern("Words.", reference=reference)
    await ward.raise_concern("Birch.", reference="BRCH-0001", team="birch")
    ahead = {"due_at": NOW + timedelta(days=5), "due_kind": DueKind.ANSWER}
    told = {"acknowledged_at": NOW}
    await ward.mark("RISK-0001", in_danger=True, **ahead)
    await ward.mark("LATE-0001", state=State.LOOKING, due_at=NOW - timedelta(1), **told)
    mine = {"owner_id": ward.ids["Anna Osei"], "state": State.LOOKING}
    await ward.mark("MINE-0001", **mine, **ahead, **told)
    await ward.mark("THEM-0001", state=State.LOOKING, asked_at=NOW, **ahead, **told)
    await ward.mark("DONE-0001", state=State.CLOSED, due_at=None, due_kind=None, **told)
    return ward


async def test_each_list_holds_what_its_name_says(busy) -> None:
    anna = await busy.signed_in("Anna Osei")
    seen = {tab: listed(await anna.get(f"/concerns?show={tab}")) for tab in TABS}
    assert seen == {
        "now": ["RISK-0001", "LATE-0001", "NEWW-0001"],
        "urgent": ["RISK-0001"],
        "mine": ["MINE-0001"],
        "new": ["RISK-0001", "NEWW-0001"],
        "overdue": ["LATE-0001"],
        "us": ["RISK-0001", "LATE-0001", "NEWW-0001", "MINE-0001"],
        "them": ["THEM-0001"],
        "closed": ["DONE-0001"],
    }
    assert counts(await anna.get("/concerns")) == {tab: len(some) for tab, some in seen.items()}


async def test_the_first_page_shows_what_needs_someone_now(busy) -> None:
    page = await (await busy.signed_in("Anna Osei")).get("/concerns")
    assert "<h2>Needs someone now</h2>" in page.text
    assert listed(page)[0] == "RISK-0001"
    assert 'class="tag urgent">Urgent<' in page.text


async def test_whoever_is_left_out_sees_neither_a_line_nor_a_count(busy) -> None:
    for reference in ("RISK-0001", "DONE-0001", "MINE-0001"):
        concern = await busy.mark(reference, level=0)
        async with busy.store.write() as conn:
            await conn.execute(
                insert(exclusions).values(concern_id=concern, staff_id=busy.ids["Anna Osei"])
            )
    anna = await busy.signed_in("Anna Osei")
    for tab in TABS:
        page = await anna.get(f"/concerns?show={tab}")
        assert not {"RISK-0001", "DONE-0001", "MINE-0001"} & set(listed(page))
    shown = counts(page)
    assert (shown["urgent"], shown["mine"], shown["closed"], shown["now"]) == (0, 0, 0, 2)
    filtered = counts(await anna.get("/concerns?team=willow"))
    assert filtered == shown


async def test_nobody_sees_another_teams_concerns(busy) -> None:
    dev = await busy.signed_in("Dev Rao")
    page = await dev.get("/concerns?show=us")
    assert listed(page) == ["BRCH-0001"]
    assert counts(page)["closed"] == 0
    ines = await busy.signed_in("Ines Bell")
    assert len(listed(await ines.get("/concerns?show=new"))) == 3


async def test_filters_cut_lists_and_counts(busy) -> None:
    ines = await busy.signed_in("Ines Bell")
    page = await ines.get("/concerns?show=us&team=birch")
    assert listed(page) == ["BRCH-0001"] and counts(page)["us"] == 1
    page = await ines.get("/concerns?show=us&state=looking")
    assert listed(page) == ["LATE-0001", "MINE-0001"]
    page = await ines.get("/concerns?show=us&since=2026-11-26")
    assert listed(page) == [] and "Nothing here fits what you chose." in page.text
    assert counts(await ines.get("/concerns?until=2026-11-25"))["closed"] == 1
    assert counts(await ines.get("/concerns?until=2026-11-24"))["closed"] == 0


async def test_filters_stay_across_lists_and_pages(busy) -> None:
    for number in range(30):
        await busy.raise_concern("Words.", reference=f"PAGE-{number:04}")
    ines = await busy.signed_in("Ines Bell")
    page = await ines.get("/concerns?show=new&team=willow&since=2026-11-01")
    tabs, later = links(page)[:8], links(page)[8]
    assert all("team=willow" in one and "since=2026-11-01" in one for one in tabs)
    assert "Page 1 of 2" in page.text and "page=2" in later
    second = await ines.get(later)
    assert len(listed(second)) == 7
    assert not set(listed(second)) & set(listed(page))
    assert '<option value="willow" selected>' in second.text


@pytest.mark.parametrize(
    "query",
    [
        "team=nowhere",
        "team=willow'--",
        "state=<script>",
        "kind=other",
        "since=yesterday",
        "since=0001-01-01",
        "until=9999-12-31",
        "until=2026-13-45",
        "page=-1&show=%00",
        "page=999999999999",
        "page=٣",
    ],
)
async def test_what_no_form_of_ours_sends_is_as_if_it_was_not_there(busy, query) -> None:
    anna = await busy.signed_in("Anna Osei")
    page = await anna.get(f"/concerns?{query}")
    assert page.status == 200
    assert listed(page) == ["RISK-0001", "LATE-0001", "NEWW-0001"]
    assert not any("nowhere" in one or "script" in one for one in links(page))


async def test_a_member_is_offered_only_their_own_teams(busy) -> None:
    anna, ines = await busy.signed_in("Anna Osei"), await busy.signed_in("Ines Bell")
    assert 'value="birch"' not in (await anna.get("/concerns")).text
    assert 'value="birch"' in (await ines.get("/concerns")).text
    assert listed(await anna.get("/concerns?team=birch")) == listed(await anna.get("/concerns"))


async def test_an_empty_list_says_so_in_words(ward) -> None:
    anna = await ward.signed_in("Anna Osei")
    for tab in TABS:
        assert 'class="empty"' in (await anna.get(f"/concerns?show={tab}")).text


async def test_whoever_leaves_is_signed_out_at_the_next_page(busy) -> None:
    anna = await busy.signed_in("Anna Osei")
    await busy.give_new_keys("Anna Osei", "NEWW-0001")
    assert (await anna.get("/concerns")).status == 303
