"""OWASP: requests that a stranger's page makes, and sessions that a stranger made, saw or copied.

Over every route of the console, from its table in matrix.py.
"""

from __future__ import annotations

import re

import pytest
from yarl import URL

from bot.console.protection import HEADERS
from storage import staff
from tests.console.browsing import passphrase_of
from tests.console.matrix import ANYBODY, ROWS, WILLOW, furnished
from tests.console.phone import App
from tests.console.test_matrix import ask, stored

CLEO, GRACE = "Cleo Hart", "Grace Okoro"
NEW = "velvet harbour ninety quilt"


async def copied(ward, browser):
    """A thief's browser with the same cookie."""
    thief = ward.browser()
    thief.http.cookie_jar.update_cookies({"heard": browser.token})
    assert (await thief.get("/me")).status == 200
    return thief


async def test_no_form_of_the_console_is_taken_without_its_own_sessions_token(ward):
    """Grace may post every one of them; here none brings the token of her session."""
    scene = await furnished(ward, CLEO)
    grace, cleo = await ward.signed_in(GRACE), await ward.signed_in(CLEO)
    foreign = (await cleo.get("/me")).csrf
    before = await stored(ward)
    posts = [row for row in ROWS if row.method == "POST"]
    for row in posts:
        for wrong in ("", "made-up", foreign):
            answer = await ask(scene, grace, row, WILLOW, wrong)
            assert (row.name, answer.status) == (row.name, 403)
    assert await stored(ward) == before
    assert (await grace.get("/me")).status == 200
    assert len(posts) > 25


async def test_no_form_is_taken_from_another_sites_page_even_with_the_token(ward, log):
    scene = await furnished(ward, CLEO)
    grace = await ward.signed_in(GRACE)
    csrf, before = (await grace.get("/me")).csrf, await stored(ward)
    for row in ROWS:
        for site in ("cross-site", "same-site"):
            if row.method == "POST":
                where, form = scene.address(row, WILLOW), {"csrf": csrf, **row.form}
                answer = await grace.post(where, form, **{"Sec-Fetch-Site": site})
                assert (row.name, answer.status) == (row.name, 403)
    assert await stored(ward) == before
    assert "foreign-form-refused" in log.getvalue()


async def test_nothing_is_changed_by_an_address_alone(ward):
    """What a picture or a link on another page could ask for: every form's address, by GET."""
    scene = await furnished(ward, CLEO)
    grace = await ward.signed_in(GRACE)
    gets = {row.path for row in ROWS if row.method == "GET"}
    before = await stored(ward)
    for row in ROWS:
        if row.path not in gets:
            answer = await grace.get(scene.address(row, WILLOW))
            assert (row.name, answer.status) == (row.name, 405)
    assert await stored(ward) == before


async def test_every_answer_of_every_route_forbids_frames_guesses_and_copies(ward):
    scene = await furnished(ward, CLEO)
    grace, stranger = await ward.signed_in(GRACE), ward.browser()
    csrf = (await grace.get("/me")).csrf
    answers = [
        await ask(scene, one, row, WILLOW, "no") for row in ROWS for one in (grace, stranger)
    ]
    answers += [await ask(scene, grace, row, WILLOW, csrf) for row in ROWS if row.method == "GET"]
    answers += [await stranger.get(path) for method, path in ANYBODY if method == "GET"]
    answers += [await stranger.get(path) for path in ("/nowhere", "/concerns/x/y/z")]
    for answer in answers:
        given = {name.lower(): value for name, value in answer.headers.items()}
        for name, value in HEADERS.items():
            assert given[name] == value
        assert "frame-ancestors 'none'" in given["content-security-policy"]
        assert "unsafe" not in given["content-security-policy"]
        kept = given["cache-control"]
        assert kept == "no-store" or (kept == "max-age=3600" and "set-cookie" not in given)
        assert "server" not in given
    assert len(answers) > 100


async def test_no_address_page_or_redirect_carries_the_token_of_a_session(ward):
    scene = await furnished(ward, CLEO)
    grace = await ward.signed_in(GRACE)
    csrf, token = (await grace.get("/me")).csrf, grace.token
    for row in [*ROWS]:
        if row.path == "/sign-out":
            continue
        answer = await ask(scene, grace, row, WILLOW, csrf)
        where = answer.headers.get("Location", "")
        assert token not in answer.text + where
        assert csrf not in where
        addresses = " ".join(re.findall(r'(?:href|src|action)="([^"]*)"', answer.text))
        assert csrf not in addresses


async def test_after_a_new_passphrase_a_copied_session_is_worth_nothing(ward):
    anna = await ward.signed_in("Anna Osei")
    elsewhere, thief = await ward.signed_in("Anna Osei"), await copied(ward, anna)
    form = {"old": passphrase_of("Anna Osei"), "passphrase": NEW, "again": NEW}
    assert (await anna.act("/me/passphrase", "/me/passphrase", **form)).status == 303
    assert (await anna.get("/me")).status == 200
    assert (await thief.get("/me")).status == 303
    assert (await elsewhere.get("/me")).status == 303


async def test_after_setting_up_a_phone_a_copied_session_is_worth_nothing(ward):
    anna = await ward.signed_in("Anna Osei")
    thief = await copied(ward, anna)
    page = await anna.get("/me/second-factor")
    app = App.from_page(page.text, ward.seconds)
    done = await anna.post("/me/second-factor", {"csrf": page.csrf, "code": app.code()})
    assert done.status == 200
    assert (await anna.get("/me")).status == 200
    assert (await thief.get("/me")).status == 303


async def test_after_new_keys_a_copied_session_is_worth_nothing(ward):
    anna = await ward.signed_in("Anna Osei")
    thief = await copied(ward, anna)
    form = {"passphrase": passphrase_of("Anna Osei")}
    assert (await anna.act("/me/new-keys", "/me/new-keys", **form)).status == 303
    assert (await anna.get("/me")).status == 200
    assert (await thief.get("/me")).status == 303


async def test_after_leaving_and_after_a_lost_phone_a_copied_session_is_worth_nothing(ward):
    scene = await furnished(ward, CLEO)
    grace = await ward.signed_in(GRACE)
    for path, form in (
        (f"/people/second-factor/{scene.leaver}", {}),
        (f"/people/{scene.leaver}/leave", {"sure": "yes"}),
    ):
        lee = await ward.signed_in("Lee Voss")
        thief = await copied(ward, lee)
        assert (await grace.act(path, path, **form)).status == 303
        assert (await thief.get("/me")).status == 303
        assert (await lee.get("/me")).status == 303


@pytest.mark.parametrize("cookie", ["heard", "heard-door", "heard-code"])
async def test_a_cookie_that_a_stranger_chose_opens_nothing_and_is_replaced(ward, cookie):
    chosen = "chosen-by-a-stranger"
    anna, stranger = ward.browser(), ward.browser()
    for one in (anna, stranger):
        one.http.cookie_jar.update_cookies({cookie: chosen}, URL(ward.url))
    await anna.sign_in("Anna Osei")
    assert anna.token not in (None, chosen)
    assert (await stranger.get("/me")).status == 303
    assert (await stranger.get("/sign-in/code")).status == 303


async def test_every_cookie_is_closed_to_scripts_and_to_other_sites(ward):
    browser = ward.browser()
    given = [await browser.get("/sign-in"), await browser.sign_in("Anna Osei")]
    given.append(await browser.act("/sign-out", "/me"))
    cookies = [one for answer in given for one in answer.cookies.values()]
    assert {one.key for one in cookies} >= {"heard", "heard-door"}
    for one in cookies:
        assert one["httponly"]
        assert one["samesite"] == "lax"
        assert one["path"] == "/"
        assert not one["domain"]
    async with ward.store.read() as conn:
        assert await staff.by_name(conn, ward.keys, "Anna Osei") is not None
