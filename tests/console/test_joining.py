"""Invitations: who may make one, what the link does, and what it does not."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk.inviting import LASTS, Inviting
from storage import staff
from storage.schema import audit, invites

PASSPHRASE = "velvet harbour ninety quilt"
WILLOW = {"as:willow:reader": "yes"}


async def invited(ward, name="Jo Bell", pairs=(("willow", "answerer"),)) -> str:
    """A link made on the server's command line."""
    desk = Inviting(ward.store, ward.keys)
    made = await desk.invite(name, pairs, None, ward.clock.now())
    return f"/join/{made.token}"


async def join(browser, path, passphrase=PASSPHRASE, again=None, csrf=None):
    page = None if csrf is not None else await browser.get(path)
    token = csrf if page is None else page.csrf
    fields = {"csrf": token, "passphrase": passphrase, "again": again or passphrase}
    return await browser.post(path, fields)


async def row_of(ward, name):
    async with ward.store.read() as conn:
        return await staff.by_name(conn, ward.keys, name)


@pytest.fixture
async def grace(ward):
    """A senior, through a link, as the first test of it."""
    browser = ward.browser()
    await join(browser, await invited(ward, "Grace Okoro", (("*", "senior"),)))
    await browser.sign_in("Grace Okoro", PASSPHRASE)
    return browser


async def test_a_link_says_who_is_invited_to_what_and_opens_the_door_once(ward):
    path = await invited(ward)
    browser = ward.browser()
    page = await browser.get(path)
    assert page.status == 200
    for said in ("Jo Bell", "Northmoor Mental Health", "Willow Ward"):
        assert said in page.text
    headers = {name.lower(): value for name, value in page.headers.items()}
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    done = await join(browser, path)
    assert (done.status, done.headers["Location"]) == (303, "/sign-in?signed=joined")
    assert (await browser.sign_in("Jo Bell", PASSPHRASE)).status == 303
    assert (await browser.get("/concerns")).status == 200
    again = await join(ward.browser(), path, csrf="x")
    assert again.status == 404
    assert (await row_of(ward, "Jo Bell")).public_key


async def test_looking_uses_nothing_up(ward):
    path = await invited(ward)
    for _ in range(3):
        assert (await ward.browser().get(path)).status == 200
    assert (await join(ward.browser(), path)).status == 303


async def test_every_link_that_does_not_work_gets_one_page(ward):
    used, old, replaced, ended = [await invited(ward, f"Jo {n} Bell") for n in "ABCD"]
    assert (await join(ward.browser(), used)).status == 303
    newer = await invited(ward, "Jo C Bell")
    async with ward.store.write() as conn:
        await staff.set_active(conn, (await row_of(ward, "Jo D Bell")).id, False)
    seen = {(await ward.browser().get(path)).text for path in (used, replaced, ended, "/join/x")}
    assert len(seen) == 1
    assert (await ward.browser().get(newer)).status == 200
    ward.clock.move_to(ward.clock.now() + LASTS)
    for path in (old, newer):
        answer = await ward.browser().get(path)
        assert (answer.status, {answer.text}) == (404, seen)
        assert (await join(ward.browser(), path, csrf="x")).status == 404


async def test_a_link_works_until_its_last_moment(ward):
    path = await invited(ward)
    ward.clock.move_to(ward.clock.now() + LASTS - timedelta(seconds=1))
    assert (await ward.browser().get(path)).status == 200


@pytest.mark.parametrize(
    ("passphrase", "again", "said"),
    [
        ("short", "short", "too short"),
        (PASSPHRASE, PASSPHRASE + "s", "not the same"),
        ("Password123456", "Password123456", "soon guessed"),
        ("Jo Bell Willow Ward", "Jo Bell Willow Ward", "soon guessed"),
        ("Northmoor Mental Health", "Northmoor Mental Health", "soon guessed"),
        ("a" * 5000, "a" * 5000, "too long"),
    ],
)
async def test_a_weak_passphrase_is_refused_and_the_link_still_works(ward, passphrase, again, said):
    path, browser = await invited(ward), ward.browser()
    answer = await join(browser, path, passphrase, again)
    assert answer.status == 422
    assert said in answer.text
    assert (await row_of(ward, "Jo Bell")).public_key == b""
    assert (await join(browser, path)).status == 303


async def test_a_form_without_our_token_sets_nothing(ward):
    path, other = await invited(ward), ward.browser()
    foreign = (await other.get("/sign-in")).csrf
    for csrf in ("", "forged", foreign):
        assert (await join(ward.browser(), path, csrf=csrf)).status == 403
    assert (await row_of(ward, "Jo Bell")).public_key == b""


async def test_of_two_who_post_at_once_one_sets_the_passphrase(ward):
    path = await invited(ward)
    browsers = [ward.browser() for _ in range(3)]
    answers = await asyncio.gather(
        *(join(one, path, f"{PASSPHRASE} {n}") for n, one in enumerate(browsers))
    )
    assert sorted(one.status for one in answers) == [303, 404, 404]
    winner = next(n for n, one in enumerate(answers) if one.status == 303)
    assert (await ward.browser().sign_in("Jo Bell", f"{PASSPHRASE} {winner}")).status == 303


async def test_the_token_is_neither_in_the_database_nor_in_the_log(ward, log):
    path, browser = await invited(ward), ward.browser()
    token = path.removeprefix("/join/")
    async with ward.store.read() as conn:
        tags = (await conn.execute(select(invites.c.tag))).scalars().all()
        details = (await conn.execute(select(audit.c.detail))).scalars().all()
    assert not any(token.encode() in tag for tag in tags)
    assert not any(token in detail for detail in details)
    await join(browser, path, "weak")
    await join(browser, path)
    await browser.get(path)
    assert "joined" in log.getvalue()
    assert token not in log.getvalue()
    assert PASSPHRASE not in log.getvalue()


async def test_a_lead_invites_into_their_own_team(ward):
    cleo = await ward.signed_in("Cleo Hart")
    page = await cleo.get("/people/invite")
    offered = set(re.findall(r'name="(as:[^"]+)"', page.text))
    assert offered == {"as:willow:reader", "as:willow:answerer"}
    made = await cleo.post("/people/invite", {"csrf": page.csrf, "name": " Jo  Bell", **WILLOW})
    link = re.search(r"<code>([^<]+)</code>", made.text)[1]
    assert link.startswith(f"{ward.url}/join/")
    assert "Do not send it by e-mail" in made.text
    path = link.removeprefix(ward.url)
    assert "Cleo Hart" in (await ward.browser().get(path)).text
    assert (await join(ward.browser(), path)).status == 303
    assert (await row_of(ward, "Jo Bell")).memberships == (("willow", "reader"),)
    async with ward.store.read() as conn:
        lines = (await conn.execute(select(audit.c.action, audit.c.staff_id))).all()
    assert ("invited", ward.ids["Cleo Hart"]) in [tuple(line) for line in lines]


async def test_the_link_is_shown_once_and_a_second_one_ends_it(ward):
    cleo = await ward.signed_in("Cleo Hart")
    page = await cleo.get("/people/invite")
    fields = {"csrf": page.csrf, "name": "Jo Bell", **WILLOW}
    pages = [await cleo.post("/people/invite", fields) for _ in range(2)]
    links = [re.search(r"<code>[^<]+(/join/[^<]+)</code>", one.text)[1] for one in pages]
    waiting = await cleo.get("/people/invite")
    assert waiting.text.count("Jo Bell") >= 1
    assert "/join/" not in waiting.text
    assert (await ward.browser().get(links[0])).status == 404
    assert (await ward.browser().get(links[1])).status == 200
    end = f"/people/invite/{(await row_of(ward, 'Jo Bell')).id}/end"
    assert (await cleo.act(end, "/people/invite")).status == 303
    assert (await ward.browser().get(links[1])).status == 404


@pytest.mark.parametrize(
    "wanted",
    [
        {"as:willow:lead": "yes"},
        {"as:birch:reader": "yes"},
        {"as:*:senior": "yes"},
        {"as:*:independent": "yes"},
    ],
)
async def test_a_lead_invites_to_nothing_else(ward, wanted):
    cleo = await ward.signed_in("Cleo Hart")
    answer = await cleo.act("/people/invite", "/people/invite", name="Jo Bell", **wanted)
    assert answer.status == 422
    await cleo.act("/people/invite", "/people/invite", name="Jo Bell", **WILLOW, **wanted)
    row = await row_of(ward, "Jo Bell")
    assert row.memberships == (("willow", "reader"),)


async def test_a_lead_cannot_take_over_an_invitation_above_them(ward):
    path = await invited(ward, "Grace Okoro", (("*", "senior"),))
    cleo = await ward.signed_in("Cleo Hart")
    assert "Grace Okoro" not in (await cleo.get("/people/invite")).text
    answer = await cleo.act("/people/invite", "/people/invite", name="Grace Okoro", **WILLOW)
    assert answer.status == 403
    end = f"/people/invite/{(await row_of(ward, 'Grace Okoro')).id}/end"
    assert (await cleo.act(end, "/people/invite")).status == 403
    assert (await ward.browser().get(path)).status == 200


async def test_a_senior_invites_anybody(ward, grace):
    page = await grace.get("/people/invite")
    offered = re.findall(r'name="(as:[^"]+)"', page.text)
    assert len(offered) == 9
    wide = next(one for one in offered if one.startswith("as:*:on"))
    wanted = {"as:birch:lead": "yes", wide: "yes"}
    await grace.post("/people/invite", {"csrf": page.csrf, "name": "Jo Bell", **wanted})
    held = (await row_of(ward, "Jo Bell")).memberships
    assert {team for team, _ in held} == {"birch", "*"}


@pytest.mark.parametrize("who", ["Anna Osei", "Ben Marsh", "Ines Bell"])
async def test_nobody_else_invites(ward, log, who):
    browser = await ward.signed_in(who)
    csrf = (await browser.get("/me")).csrf
    assert (await browser.get("/people/invite")).status == 403
    fields = {"csrf": csrf, "name": "Jo Bell", **WILLOW}
    assert (await browser.post("/people/invite", fields)).status == 403
    assert await row_of(ward, "Jo Bell") is None
    assert "not-allowed" in log.getvalue()


@pytest.mark.parametrize(
    ("name", "said"), [("anna OSEI", "somebody with this name"), ("  ", "Write the name")]
)
async def test_a_name_that_is_taken_or_empty_is_refused(ward, name, said):
    cleo = await ward.signed_in("Cleo Hart")
    answer = await cleo.act("/people/invite", "/people/invite", name=name, **WILLOW)
    assert answer.status == 422
    assert said in answer.text


async def test_markup_in_a_name_stays_text(ward):
    cleo = await ward.signed_in("Cleo Hart")
    name = "<b>Jo</b> {{ 7*7 }}"
    made = await cleo.act("/people/invite", "/people/invite", name=name, **WILLOW)
    assert "&lt;b&gt;Jo&lt;/b&gt; {{ 7*7 }}" in made.text
    path = re.search(r"(/join/[^<]+)</code>", made.text)[1]
    assert "<b>Jo" not in (await ward.browser().get(path)).text
