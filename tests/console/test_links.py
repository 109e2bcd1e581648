"""Linking concerns on their pages: what a member can see tells nothing of whose they are."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete

from bot.turns.merging import Merging
from storage import concerns
from storage.schema import concerns as stored_concerns
from tests.console.annas_desk import MOTHER

ONE, TWO = "H-0000-0001", "H-0000-0002"
SAME = "If both are from one person, they are asked. You will see it here if they agree."


async def raised(ward, *references, person=""):
    """Concerns a minute apart, each of somebody else if no person is given."""
    for reference in references:
        await ward.raise_concern(MOTHER, reference=reference, person=person)
        ward.clock.move_to(ward.clock.now() + timedelta(minutes=1))


async def address(ward, reference) -> str:
    async with ward.store.read() as conn:
        row = (await concerns.by_reference(conn, [reference]))[reference]
        return (await concerns.return_addresses(conn, ward.keys, [row.id]))[row.id]


async def linked(browser, reference, do, other):
    page = f"/concerns/{reference}"
    return await browser.act(f"{page}/link", page, do=do, other=other)


def merging(ward) -> Merging:
    desk = ward.desk
    return Merging(desk.store, desk.keys, desk.house, desk.clock, desk.wake)


async def seen(browser, one, two) -> list[tuple[int, str, str]]:
    """Everything that the pages of two concerns and the list show, without what differs by itself:
    their references, and the token of the form."""
    pages = []
    told = f"/concerns/{one}?done=asked-whether-one"
    for path in (f"/concerns/{one}", f"/concerns/{two}", told, "/concerns", "/concerns?tab=us"):
        page = await browser.get(path)
        text = re.sub(r'(name="csrf" value=")[^"]*', r"\1", page.text)
        text = text.replace(one, "H-1").replace(two, "H-2")
        pages.append((page.status, page.headers.get("Location", ""), text))
    return pages


async def walk(ward, one, two) -> list:
    """From asking to long after: every page and answer on the way."""
    anna = await ward.signed_in("Anna Osei")
    shots = [await seen(anna, one, two)]
    for pair in ((two, one), (one, two)):
        answer = await linked(anna, pair[0], "ask", pair[1])
        where = answer.headers.get("Location", "").replace(one, "H-1").replace(two, "H-2")
        shots.append((answer.status, where))
        shots.append(await seen(anna, one, two))
    await merging(ward).ask()
    shots.append(await seen(anna, one, two))
    ward.clock.move_to(ward.clock.now() + timedelta(minutes=2))
    await merging(ward).ask()
    shots.append(await seen(anna, one, two))
    return shots


@pytest.fixture
async def anna(ward):
    await raised(ward, ONE, TWO)
    browser = await ward.signed_in("Anna Osei")
    for reference in (ONE, TWO):
        await browser.get(f"/concerns/{reference}")
    return browser


async def test_staff_see_the_same_whether_or_not_both_are_one_persons(ward):
    """Two worlds that differ in this alone; the first is one person's, and they were asked."""
    shots, asked = [], []
    start = ward.clock.now()
    for same, (one, two) in ((True, ("H-0000-000A", "H-0000-000B")), (False, (ONE, TWO))):
        ward.clock._set(start)
        await raised(ward, one)
        await raised(ward, two, person=await address(ward, one) if same else "")
        shots.append(await walk(ward, one, two))
        asked.append(sum(one in text and two in text for text in await ward.queued_texts()))
        async with ward.store.write() as conn:  # as if the other world had never been
            pair = stored_concerns.c.reference.in_([one, two])
            await conn.execute(delete(stored_concerns).where(pair))
    assert asked == [1, 0]
    assert shots[0] == shots[1]
    assert SAME in shots[0][-1][1][2]


async def test_two_are_linked_and_the_link_is_taken_away(ward, anna):
    done = await linked(anna, ONE, "relate", f" {TWO.lower()} ")
    assert done.headers["Location"] == f"/concerns/{ONE}?done=linked"
    for here, there in ((ONE, TWO), (TWO, ONE)):
        page = await anna.get(f"/concerns/{here}")
        assert f'<a class="ref" href="/concerns/{there}">' in page.text
        assert "Related, as Anna Osei noted." in page.text
    assert (await linked(anna, TWO, "relate", ONE)).status == 409
    await linked(anna, TWO, "unrelate", ONE)
    page = await anna.get(f"/concerns/{ONE}")
    assert f'<a class="ref" href="/concerns/{TWO}">' not in page.text


async def test_who_cannot_read_both_never_sees_a_link(ward, anna):
    ward.clock.move_to(ward.clock.now() + timedelta(minutes=1))
    three = "H-0000-0003"
    await ward.raise_concern(MOTHER, reference=three, kept_from=("Cleo Hart",))
    await anna.get(f"/concerns/{three}")
    cleo = await ward.signed_in("Cleo Hart")
    before = await seen(cleo, ONE, TWO)
    await linked(anna, three, "relate", ONE)
    await linked(anna, ONE, "ask", three)
    assert await seen(cleo, ONE, TWO) == before
    unknown = await linked(cleo, ONE, "relate", "H-9999-9999")
    left_out = await linked(cleo, ONE, "relate", three)
    assert left_out.status == unknown.status == 409
    plain = [re.sub(r'value="[^"]*"', "", one.text) for one in (unknown, left_out)]
    assert plain[0] == plain[1]
    assert "There is no other concern with that reference that you can read." in plain[0]


async def test_both_must_have_been_read(ward):
    await raised(ward, ONE, TWO)
    browser = await ward.signed_in("Anna Osei")
    await browser.get(f"/concerns/{ONE}")
    answer = await linked(browser, ONE, "relate", TWO)
    assert answer.status == 409
    assert "Please open and read the other concern first." in answer.text


async def test_who_may_not_link_is_refused(ward, anna):
    ben, dev = await ward.signed_in("Ben Marsh"), await ward.signed_in("Dev Rao")
    assert (await linked(ben, ONE, "relate", TWO)).status == 403
    answer = await dev.act(f"/concerns/{ONE}/link", "/me", do="relate", other=TWO)
    assert answer.status == 404
    assert (await linked(anna, ONE, "steal", TWO)).status == 400


async def test_nothing_is_asked_across_teams(ward, anna):
    ines = await ward.signed_in("Ines Bell")
    await ward.raise_concern(MOTHER, reference="H-0000-0009", team="birch")
    for reference in (ONE, "H-0000-0009"):
        await ines.get(f"/concerns/{reference}")
    answer = await linked(ines, "H-0000-0009", "ask", ONE)
    assert answer.status == 409
    assert "with the same team" in answer.text
