"""Colleagues: who is here, whose access is ended by whom, and older concerns for new colleagues."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from storage import staff
from storage.schema import audit as audit_rows
from storage.schema import wraps
from tests.console.annas_desk import MOTHER, PAGE
from tests.console.test_handing import ANNA, BEN, CLEO, DEV, INES, NIA, hire

GRACE = "Grace Okoro"


async def leave(browser, staff_id: str, **fields: str):
    csrf = (await browser.get("/me")).csrf
    return await browser.post(f"/people/{staff_id}/leave", {"csrf": csrf, "sure": "yes"} | fields)


async def active(ward) -> set[str]:
    async with ward.store.read() as conn:
        return {one.name for one in await staff.everyone(conn, ward.keys) if one.active}


async def test_everybody_sees_who_works_here_and_what_they_do(ward):
    page = await (await ward.signed_in(BEN)).get("/people")
    for name in (ANNA, BEN, CLEO, DEV, INES):
        assert name in page.text
    assert "Willow Ward: leads the team." in page.text
    assert "Independent, in no team." in page.text
    assert 'href="/people"' in page.text
    for hidden in ("/leave", "/people/invite", "/people/access"):
        assert hidden not in page.text


async def test_a_lead_is_offered_their_own_team_alone(ward):
    page = await (await ward.signed_in(CLEO)).get("/people")
    assert "/people/invite" in page.text
    assert "/people/access" in page.text
    for name, offered in ((ANNA, True), (BEN, True), (CLEO, False), (DEV, False), (INES, False)):
        assert (f"/people/{ward.ids[name]}/leave" in page.text) == offered


async def test_whoever_leaves_is_out_with_the_very_next_click(ward):
    await ward.raise_concern(MOTHER)
    anna, cleo = await ward.signed_in(ANNA), await ward.signed_in(CLEO)
    assert MOTHER in (await anna.get(PAGE)).text
    asked = await cleo.get(f"/people/{ward.ids[ANNA]}/leave")
    assert "They are signed out everywhere" in asked.text
    done = await leave(cleo, ward.ids[ANNA])
    assert done.headers["Location"] == "/people?done=left"
    assert ANNA not in (await cleo.get("/people?done=left")).text
    gone = await anna.get(PAGE)
    assert gone.status == 303
    assert gone.headers["Location"].startswith("/sign-in")
    again = await ward.browser().sign_in(ANNA)
    assert again.status == 401
    async with ward.store.read() as conn:
        held = select(wraps).where(wraps.c.reader_id == ward.ids[ANNA])
        assert (await conn.execute(held)).all() == []


async def test_somebody_ended_elsewhere_is_refused_by_the_gate_itself(ward):
    """As by the command line, which knows no sessions."""
    await ward.raise_concern(MOTHER)
    anna = await ward.signed_in(ANNA)
    async with ward.store.write() as conn:
        await staff.set_active(conn, ward.ids[ANNA], False)
    assert (await anna.get(PAGE)).headers["Location"].startswith("/sign-in")
    async with ward.store.write() as conn:
        await staff.set_active(conn, ward.ids[ANNA], True)
    # The session itself is over; coming back takes signing in.
    assert (await anna.get(PAGE)).headers["Location"].startswith("/sign-in")


async def test_what_they_had_is_nobodys_and_the_person_is_told(ward):
    await ward.raise_concern(MOTHER)
    anna, cleo = await ward.signed_in(ANNA), await ward.signed_in(CLEO)
    for act in ("acknowledge", "look-into"):
        await anna.act(f"{PAGE}/{act}", PAGE)
    assert ANNA in (await cleo.get(PAGE)).text
    await leave(cleo, ward.ids[ANNA])
    page = await cleo.get(PAGE)
    assert "Who looks into it" not in page.text
    told = [one for one in await ward.queued_texts() if "does not have it any more" in one]
    assert len(told) == 1
    assert "Anna" not in json.dumps(told)


async def test_without_saying_that_one_is_sure_nothing_happens(ward):
    cleo = await ward.signed_in(CLEO)
    answer = await leave(cleo, ward.ids[ANNA], sure="")
    assert answer.status == 422
    assert "Tick the box below" in answer.text
    assert ANNA in await active(ward)


async def test_a_role_that_nobody_else_holds_is_not_left_with_nobody(ward):
    await hire(ward, GRACE, ("*", "senior"))
    grace = await ward.signed_in(GRACE)
    answer = await leave(grace, ward.ids[CLEO])
    assert answer.status == 409
    assert "Something would be left with nobody" in answer.text
    assert CLEO in await active(ward)


@pytest.mark.parametrize(
    ("by", "whom", "status"),
    [
        (ANNA, BEN, 403),
        (BEN, ANNA, 403),
        (INES, ANNA, 403),
        (CLEO, CLEO, 403),
        (CLEO, DEV, 403),
        (CLEO, INES, 403),
        (CLEO, "nobody", 404),
        (CLEO, BEN, 303),
    ],
)
async def test_who_may_end_whose_access(ward, log, by, whom, status):
    browser = await ward.signed_in(by)
    before = await active(ward)
    answer = await leave(browser, ward.ids.get(whom, "f" * 32))
    assert answer.status == status
    page = await browser.get(f"/people/{ward.ids.get(whom, 'f' * 32)}/leave")
    assert page.status == (404 if status == 303 else status)
    assert (await active(ward) == before) == (status != 303)
    assert ("not-allowed" in log.getvalue()) == (status == 403)


async def test_a_new_colleague_gets_all_that_the_lead_can_read_and_nothing_else(ward):
    await ward.raise_concern(MOTHER)
    await ward.raise_concern("Cold.", reference="7RPD-W2HC")
    await ward.raise_concern("Dark.", reference="KEPT-FR0M", kept_from=[CLEO])
    await ward.raise_concern("Far.", reference="AWAY-B1RC", team="birch")
    await hire(ward, NIA, ("willow", "answerer"))
    cleo, nia = await ward.signed_in(CLEO), await ward.signed_in(NIA)
    page = await cleo.get("/people/access")
    assert f"{NIA} (reads and answers)" in page.text
    given = await cleo.post(
        "/people/access", {"csrf": page.csrf, "team": "willow", "to": ward.ids[NIA]}
    )
    assert f"<bdi>{NIA}</bdi> can now read 2 concerns more." in given.text
    for reference, status in (
        ("QK7M-4TXA", 200),
        ("7RPD-W2HC", 200),
        ("KEPT-FR0M", 404),
        ("AWAY-B1RC", 404),
    ):
        assert (await nia.get(f"/concerns/{reference}")).status == status
    again = await cleo.post(
        "/people/access", {"csrf": page.csrf, "team": "willow", "to": ward.ids[NIA]}
    )
    assert "There was nothing to give" in again.text
    async with ward.store.read() as conn:
        lines = (
            await conn.execute(select(audit_rows).where(audit_rows.c.action == "access-given"))
        ).all()
    assert {(one.staff_id, one.detail) for one in lines} == {
        (ward.ids[CLEO], f"to:{ward.ids[NIA]}")
    }
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("name", "team", "status"),
    [
        (ANNA, "willow", 403),
        (BEN, "willow", 403),
        (CLEO, "birch", 403),
        (CLEO, "independent", 403),
        (CLEO, "willow", 409),
        (INES, "willow", 409),
        (DEV, "willow", 403),
    ],
)
async def test_who_may_give_access_to_which_team(ward, name, team, status):
    browser = await ward.signed_in(name)
    csrf = (await browser.get("/me")).csrf
    answer = await browser.post("/people/access", {"csrf": csrf, "team": team, "to": "f" * 32})
    assert answer.status == status
    page = await browser.get(f"/people/access?team={team}")
    assert page.status == (403 if status == 403 else 200)


async def test_those_above_teams_choose_the_team_first(ward):
    ines = await ward.signed_in(INES)
    page = await ines.get("/people/access")
    for team in ("willow", "birch", "independent"):
        assert f"/people/access?team={team}" in page.text
    assert "Give them access" not in page.text
